package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What only a process of its own can show.
class ProcessTest {
  private static ProcessBuilder plm(String... args) {
    var line = new ArrayList<String>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> !flag.startsWith("-javaagent") && !flag.startsWith("-agentlib"))
        .forEach(line::add);
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.plm4j.cli.Main"));
    line.addAll(List.of(args));
    return new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD);
  }

  @Test
  void anInterruptSignalEndsTheAnswerWithCode130AndKeepsItsText() throws Exception {
    var process =
        plm("generate", "--model", Samples.MODEL, "--prompt", "Hi", "--max-new-tokens", "1800")
            .start();
    var out = process.getInputStream();
    byte[] first = out.readNBytes(1);
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    byte[] rest = out.readAllBytes();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(first).hasSize(1);
    assertThat(new String(rest, StandardCharsets.UTF_8)).endsWith("\n");
  }

  @Test
  void theRealStandardErrorTakesThePlaceOfTheFilter() throws IOException, InterruptedException {
    var process = new ProcessBuilder(plm("inspect", "/no/such/folder").command());
    process.command().add(1, "-Dplm.stderr=1"); // standard output stands for the real one
    var started = process.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    var out = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(started.waitFor()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(out).startsWith("plm: The model folder /no/such/folder does not exist");
  }
}
