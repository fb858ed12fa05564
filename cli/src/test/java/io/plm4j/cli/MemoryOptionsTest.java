package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.LoadOptions;
import io.plm4j.ModelSize;
import io.plm4j.RequestOutline;
import io.plm4j.language.KvFormat;
import io.plm4j.memory.MemoryPlan;
import io.plm4j.model.QuantizationRecipe;
import io.plm4j.tensor.DType;
import io.plm4j.text.Content;
import io.plm4j.text.Message;
import io.plm4j.text.SpecialTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryOptionsTest {
  @TempDir private Path root;

  private Run run(long availableKilobytes, String... args) throws IOException {
    Files.createDirectories(root.resolve("proc"));
    Files.writeString(
        root.resolve("proc/meminfo"), "MemAvailable: %d kB\n".formatted(availableKilobytes));
    return Run.with(Map.of("TEST_ROOT", root.toString()), 0, "", args);
  }

  private Run generate(long availableKilobytes, String... more) throws IOException {
    var args = new String[more.length + 9];
    System.arraycopy(
        new String[] {
          "generate",
          "--model",
          Samples.MODEL,
          "--image",
          Samples.CAT,
          "--prompt",
          "What is this?",
          "--max-new-tokens",
          "200"
        },
        0,
        args,
        0,
        9);
    System.arraycopy(more, 0, args, 9, more.length);
    return run(availableKilobytes, args);
  }

  @Test
  void thePlanIsATableAndNothingElseHappens() throws IOException {
    var run = generate(8_000_000, "--plan");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains(
            "at most 200 of answer",
            "weights, mapped",
            "keys and values",
            "pictures and frames",
            "needed",
            "available",
            "8.19 GB",
            "It fits.");
  }

  @Test
  void thePlanOfWhatDoesNotFitSaysSoAndIsNoError() throws IOException {
    var run = generate(100_000, "--plan");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("more than the 0.10 GB that there are");
  }

  @Test
  void whatDoesNotFitIsRefusedUnlessTheUserInsists() throws IOException {
    var run = generate(100_000);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("beside the mapped weights", "more than the 0.10 GB")
        .contains("--no-memory-check");
    assertThat(generate(100_000, "--no-memory-check").exitCode()).isZero();
  }

  @Test
  void smallerFormatsOfWeightsAndCacheTakeLess() throws IOException {
    var dense = LoadOptions.DEFAULT.withType(DType.BF16);
    long whole = needed(dense);
    assertThat(needed(dense.withQuantization(QuantizationRecipe.of("int8")))).isLessThan(whole);
    assertThat(needed(dense.withKvCache(KvFormat.INT8))).isLessThan(whole);
  }

  private static long needed(LoadOptions options) {
    var outline =
        new RequestOutline(
            List.of(Message.user(Content.text("Hi"))),
            List.of(),
            List.of(),
            SpecialTokens.AS_TEXT,
            3);
    return MemoryPlan.of(ModelSize.read(Path.of(Samples.MODEL), options).demand(outline)).needed();
  }

  @Test
  void aControlGroupCountsToo() throws IOException {
    Files.createDirectories(root.resolve("proc/self"));
    Files.createDirectories(root.resolve("sys/fs/cgroup/job"));
    Files.writeString(root.resolve("proc/self/cgroup"), "0::/job\n");
    Files.writeString(root.resolve("sys/fs/cgroup/job/memory.max"), "100000000\n");
    assertThat(generate(8_000_000).err()).contains("more than the 0.10 GB");
  }

  @Test
  void weightsThatDoNotFitBesideTheRestAreWarnedOf() throws IOException {
    long needed = needed(LoadOptions.DEFAULT) / 1024 + 1;
    var run =
        run(
            needed,
            "generate",
            "--model",
            Samples.MODEL,
            "--prompt",
            "Hi",
            "--max-new-tokens",
            "3");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).contains("warning: the weights do not fit into memory beside the rest");
  }

  @Test
  void aChatIsPlannedToo() throws IOException {
    var run = run(8_000_000, "chat", "--model", Samples.MODEL, "--image", Samples.CAT, "--plan");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("keys and values", "It fits.");
    assertThat(run(100_000, "chat", "--model", Samples.MODEL).exitCode()).isEqualTo(2);
  }

  @Test
  void aBatchHasNoPlan() throws IOException {
    var run =
        run(
            8_000_000,
            "generate",
            "--model",
            Samples.MODEL,
            "--batch",
            "x.jsonl",
            "--out",
            "y",
            "--plan");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--plan and --no-memory-check have no effect with --batch");
  }
}
