package io.plm4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.convert.Merge;
import io.plm4j.model.PlmCheckpoint;
import io.plm4j.model.PlmConfig;
import io.plm4j.train.learn.Part;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What must be equal, whatever is learnt: to the bit where the same is computed, else but for
/// rounding.
class RunLawsTest {
  @TempDir private static Path shared;
  @TempDir private Path temp;
  private static TinyRun tiny;

  @BeforeAll
  static void write() {
    tiny = TinyRun.write(shared);
  }

  private TinyRun.Ran run(String name, String words) {
    return tiny.run(temp.resolve(name).toString(), ("max_steps=3 " + words).split(" "));
  }

  private static void requireEqual(TinyRun.Ran one, TinyRun.Ran other) {
    assertThat(other.losses()).isEqualTo(one.losses());
    assertThat(other.norms()).isEqualTo(one.norms());
    TinyRun.files(one.outcome().result())
        .forEach((name, bytes) ->
            assertThat(other.outcome().result().resolve(name)).hasBinaryContent(bytes));
  }

  private static void requireClose(TinyRun.Ran one, TinyRun.Ran other, double percent) {
    requireClose(one.losses(), other.losses(), percent);
    requireClose(one.norms(), other.norms(), percent);
  }

  private static void requireClose(List<Double> one, List<Double> other, double percent) {
    assertThat(other).hasSameSizeAs(one);
    for (int i = 0; i < one.size(); i++) {
      assertThat(other.get(i))
          .as("step %d", i + 1)
          .isCloseTo(one.get(i), Percentage.withPercentage(percent));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "freeze=[] drop_path=0.5",
        "adapter=lora adapter.lora_dropout=0.5",
        "adapter=dora adapter.lora_dropout=0.5 adapter.target_modules=all-linear drop_path=0.5",
      })
  void whatIsComputedOnceMoreIsWhatWasRemembered(String words) {
    requireEqual(
        run("remembered", words), run("recomputed", words + " gradient_checkpointing=true"));
  }

  @ParameterizedTest
  @CsvSource({"freeze=[], 1e-3", "adapter=lora adapter.lora_dropout=0, 1e-3", "bf16=true, 5"})
  void severalMicroBatchesAreOneThatHoldsAll(String words, double percent) {
    var small = "per_device_train_batch_size=%d gradient_accumulation_steps=%d data.order=file ";
    var large = run("large", small.formatted(4, 1) + words);
    requireClose(large, run("two", small.formatted(2, 2) + words), percent);
  }

  @Test
  void rowsThatAreFilledUpAreRowsOfSoManyExamples() {
    var filled = run("filled", "freeze=[] data.order=file data.packing=true data.max_length=300");
    requireClose(
        run("counted", "freeze=[] data.order=file per_device_train_batch_size=4"), filled, 1e-3);
  }

  @Test
  void aTeamLearnsWhatOneLearnsAndTheSameEachTime() {
    var words = "freeze=[] per_device_train_batch_size=4 ";
    requireClose(run("alone", words + "threads=1"), run("team", words + "threads=2"), 1e-3);
    var dropping = words + "threads=2 drop_path=0.5";
    requireEqual(run("first", dropping), run("again", dropping));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bf16=false", "bf16=true"})
  void anAdapterThatIsNewChangesNothing(String type) {
    var base = run("base", "learning_rate=0 freeze=[vision,projector] " + type).losses();
    for (var kind : List.of("lora", "dora")) {
      var adapted =
          run(kind, "learning_rate=0 adapter.lora_dropout=0 adapter=%s %s".formatted(kind, type));
      assertThat(adapted.losses()).as(kind).isEqualTo(base);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lora", "dora"})
  void anAdapterThatIsMergedAnswersAsItDidBeside(String kind) {
    var words =
        "adapter=%s adapter.target_modules=all-linear adapter.lora_dropout=0".formatted(kind);
    var learnt = run("learnt", words + " learning_rate=2e-2");
    var merged = temp.resolve("merged");
    try (var merge =
        Merge.prepare(tiny.model(), Map.of("it", learnt.outcome().result()), Optional.empty(), 1)) {
      merge.write(merged, 1 << 30, _ -> {});
    }

    var beside =
        run("beside", words + " learning_rate=0 adapter.from=" + learnt.outcome().result());
    var baked = run("baked", "learning_rate=0 model=" + merged);

    requireClose(beside.losses(), baked.losses(), 1e-3);
    var before = run("before", "learning_rate=0").losses();
    assertThat(baked.losses().getFirst()).isLessThan(before.getFirst() - 0.1);
  }

  @Test
  void anAdapterBesideFourBitsLearnsAndItsModelStays() {
    var before = TinyRun.files(tiny.model());
    var words = "adapter=qlora adapter.lora_dropout=0 learning_rate=2e-2 bf16=true ";
    var ran = run("four-bits", words + "max_steps=8 per_device_train_batch_size=4 data.order=file");

    assertThat(ran.losses().getLast()).isLessThan(ran.losses().get(1) - 1);
    assertThat(ran.outcome().result().resolve("adapter_config.json")).exists();
    before.forEach((name, bytes) -> assertThat(tiny.model().resolve(name)).hasBinaryContent(bytes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"vision", "language", "vision,projector"})
  void aPartThatIsFrozenStaysToTheBit(String frozen) {
    var ran = run("frozen", "drop_path=0.2 weight_decay_on=all freeze=[%s]".formatted(frozen));

    var learning = EnumSet.allOf(Part.class);
    for (var name : frozen.split(",")) {
      learning.remove(Part.valueOf(name.toUpperCase(Locale.ROOT)));
    }
    assertThat(changed(tiny.model(), ran.outcome().result())).isEqualTo(learning);
  }

  private static Set<Part> changed(Path before, Path after) {
    var config = PlmConfig.read(before);
    try (var one = PlmCheckpoint.open(before, config);
        var other = PlmCheckpoint.open(after, config)) {
      return config.expectedTensors().keySet().stream()
          .filter(name -> one.data(name).mismatch(other.data(name)) >= 0)
          .map(Part::of)
          .collect(Collectors.toSet());
    }
  }
}
