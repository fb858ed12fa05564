package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.testkit.LocalHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PushCommandTest {
  private final LocalHub hub = new LocalHub();

  @TempDir private Path folder;

  @AfterEach
  void close() {
    hub.close();
  }

  private Run push(String... more) {
    var args = new ArrayList<>(List.of("push", folder.toString()));
    args.addAll(List.of(more));
    var environment =
        Map.of(
            "HF_ENDPOINT",
            hub.address().toString(),
            "HF_TOKEN",
            "hf_secret",
            "HF_HOME",
            folder.resolve(".cache").toString());
    return Run.with(environment, 80, "", args.toArray(String[]::new));
  }

  @Test
  void aFolderGoesUpOnceAndComesBack() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{}");
    Files.writeString(folder.resolve("model.safetensors"), "weights");
    var first = push("me/new", "--private", "--message", "It counts now");
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.out()).contains("/me/new/commit/", ": 2 files, 7 bytes sent; 0 were there");
    assertThat(first.err()).contains("asking what me/new has").endsWith("\r\u001b[K");
    assertThat(hub.uploads().isPrivate("me/new")).isTrue();
    assertThat(hub.files("me/new", "main")).containsOnlyKeys("config.json", "model.safetensors");
    assertThat(push("me/new").out()).endsWith("nothing to do, all 2 files are there\n");
  }

  @Test
  void mistakesAreExplained() throws IOException {
    assertThat(push("me/new").err()).contains("has no files");
    Files.writeString(folder.resolve("config.json"), "{}");
    assertThat(push("new").err()).contains("wanted owner/name");
    assertThat(push("me/new", "--message", " ").err()).contains("--message is empty");
    assertThat(push("me/new", "--revision", "../x").err()).contains("is no revision of");
    hub.fail((_, exchange, _) -> {
      LocalHub.refuse(exchange, 401, "");
      return true;
    });
    var refused = push("me/new");
    assertThat(refused.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refused.err())
        .contains("does not accept the token from HF_TOKEN")
        .doesNotContain("hf_secret");
  }
}
