package io.plm4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A run that stopped, however it did, and went on is to the bit one that did not stop.
class ResumeLawsTest {
  @TempDir private static Path shared;
  @TempDir private Path temp;
  private static TinyRun tiny;

  @BeforeAll
  static void write() {
    tiny = TinyRun.write(shared);
  }

  private static String[] words(String words, String... more) {
    var all = new ArrayList<>(List.of(words.split(" ")));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "freeze=[] drop_path=0.4 threads=2 gradient_accumulation_steps=2",
        "bf16=true data.packing=true data.max_length=150",
        "adapter=lora adapter.lora_dropout=0.3 optim=adamw_8bit",
        "adapter=dora adapter.lora_dropout=0.3 adapter.target_modules=all-linear drop_path=0.4 gradient_checkpointing=true",
        "adapter=qlora adapter.lora_dropout=0.3",
      })
  void aRunThatStoppedGoesOnAsIfItHadNot(String words) {
    var whole = tiny.run(temp.resolve("whole").toString(), words(words, "max_steps=4"));
    var first =
        tiny.run(temp.resolve("parts").toString(), s -> s == 2, words(words, "max_steps=4"));
    assertThat(first.outcome().stopped()).isTrue();
    var rest =
        tiny.run(
            temp.resolve("parts").toString(),
            words(words, "max_steps=4", "resume_from_checkpoint=true"));

    var losses = new ArrayList<>(first.losses());
    losses.addAll(rest.losses());
    var norms = new ArrayList<>(first.norms());
    norms.addAll(rest.norms());
    assertThat(losses).isEqualTo(whole.losses());
    assertThat(norms).isEqualTo(whole.norms());
    requireSame("checkpoint-4", whole.outcome().result().getFileName().toString());
    assertThat(metrics("parts")).isEqualTo(metrics("whole"));
  }

  /// That both runs wrote the same files: weights, moments, and the position in the data.
  private void requireSame(String... folders) {
    for (var folder : folders) {
      var whole = TinyRun.files(temp.resolve("whole").resolve(folder));
      var parts = TinyRun.files(temp.resolve("parts").resolve(folder));
      assertThat(parts.keySet()).isNotEmpty().isEqualTo(whole.keySet());
      whole.forEach((file, bytes) ->
          assertThat(Arrays.equals(parts.get(file), bytes)).as(folder + "/" + file).isTrue());
    }
  }

  /// The lines but for what they say of time.
  private List<ObjectNode> metrics(String run) {
    var text =
        new String(TinyRun.files(temp.resolve(run)).get("metrics.jsonl"), StandardCharsets.UTF_8);
    return text.lines()
        .map(line -> (ObjectNode) JsonMapper.shared().readTree(line))
        .filter(line -> !line.has("train_runtime"))
        .map(line ->
            line.without(List.of("seconds", "data_seconds", "tokens_per_second", "created_at")))
        .toList();
  }

  @Test
  void aRunThatWasKilledGoesOnAsIfItHadNotBeen() throws Exception {
    var words =
        words("freeze=[] drop_path=0.4 save_steps=3 save_strategy=steps save_total_limit=1");
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), TinyRun.class.getName()));
    command.addAll(List.of(shared.toString(), temp.resolve("parts").toString()));
    command.addAll(List.of(words));
    command.add("max_steps=12");
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    assertThat(process.inputReader().readLine()).isEqualTo("saved 3");
    Thread.sleep(30);
    process.destroyForcibly().waitFor();
    assertThat(temp.resolve("parts/model")).doesNotExist();

    tiny.run(
        temp.resolve("parts").toString(), words("max_steps=12 resume_from_checkpoint=true", words));
    tiny.run(temp.resolve("whole").toString(), words("max_steps=12", words));

    requireSame("checkpoint-12", "model");
    assertThat(metrics("parts")).isEqualTo(metrics("whole"));
  }

  @Test
  void aRunThatHadEndedGoesOnAndLeavesItsEarlierResultBeside() throws IOException {
    var run = temp.resolve("run");
    tiny.run(run.toString(), "max_steps=2");
    var earlier = TinyRun.files(run.resolve("model"));

    tiny.run(run.toString(), "max_steps=2", "resume_from_checkpoint=true");

    assertThat(run.toFile().list()).contains("model").doesNotContain("model.earlier-1");
    Files.writeString(run.resolve("model/notes.txt"), "the good one");
    var after = tiny.run(run.toString(), "max_steps=3", "resume_from_checkpoint=true");
    assertThat(after.outcome().result()).isEqualTo(run.resolve("model"));
    assertThat(run.resolve("model.earlier-1/notes.txt")).hasContent("the good one");
    assertThat(Files.readAllBytes(run.resolve("model.earlier-1/model.safetensors")))
        .isEqualTo(earlier.get("model.safetensors"));
    assertThat(Files.readAllBytes(run.resolve("model/model.safetensors")))
        .isNotEqualTo(earlier.get("model.safetensors"));
    assertThat(run.resolve("model/notes.txt")).doesNotExist();
    assertThat(run.resolve("model.partial")).doesNotExist();
  }

  /// A rate that is far too high makes the first evaluation the best.
  private static final String BEST =
      "learning_rate=3 save_strategy=steps save_steps=4 load_best_model_at_end=true eval_strategy=steps eval_steps=1 save_total_limit=1";

  @Test
  void theBestWeightsAreSavedWhenTheyAreFoundAndAreTheResult() throws IOException {
    var run = temp.resolve("run");
    var words =
        words(BEST, "data.validation.sources=[{path: " + shared.resolve("rows.jsonl") + "}]");
    var ran = tiny.run(run.toString(), words("max_steps=4", words));

    int best = ran.validation().indexOf(ran.outcome().bestLoss().orElseThrow()) + 1;
    assertThat(best).isLessThan(4);
    assertThat(run.resolve("checkpoint-" + best)).isDirectory();
    assertThat(Files.readAllBytes(run.resolve("model/model.safetensors")))
        .isEqualTo(
            Files.readAllBytes(run.resolve("checkpoint-" + best).resolve("model.safetensors")));

    Files.move(run.resolve("checkpoint-" + best), temp.resolve("away"));
    assertThatThrownBy(
            () -> tiny.run(run.toString(), words("max_steps=5 resume_from_checkpoint=true", words)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("checkpoint-%d, which is not there. Put it back", best);
    var elsewhere =
        tiny.run(
            temp.resolve("other").toString(),
            words("max_steps=5 resume_from_checkpoint=" + run.resolve("checkpoint-4"), words));
    assertThat(elsewhere.outcome().steps()).isEqualTo(5);
  }
}
