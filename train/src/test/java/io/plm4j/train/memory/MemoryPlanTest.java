package io.plm4j.train.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import io.plm4j.model.PlmConfig;
import io.plm4j.train.config.FineTuneSettings;
import io.plm4j.train.config.SettingsReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryPlanTest {
  private static final long GIGA = 1_000_000_000;

  /// The published configurations, as transformers 4.57 and 5.18 write them.
  private static PlmConfig config(String name) {
    try (var in = MemoryPlanTest.class.getResourceAsStream("config-" + name + ".json")) {
      return PlmConfig.read(JsonObject.parse(name, Objects.requireNonNull(in).readAllBytes()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static FineTuneSettings settings(String... more) {
    var words = new ArrayList<>(List.of("model=m", "data=t.jsonl"));
    words.addAll(List.of(more));
    return SettingsReader.read(words).settings();
  }

  private static MemoryDemand demand(String model, String... more) {
    var config = config(model);
    var settings = settings(more);
    return MemoryDemand.of(
        config, settings, Workload.estimate(config, settings.data(), settings.batches()));
  }

  /// PEFT's own numbers, from `get_nb_trainable_parameters`.
  @ParameterizedTest
  @CsvSource({
    "1b, lora, 5636096",
    "3b, lora, 12156928",
    "8b, lora, 20971520",
    "1b, dora, 6012928",
    "3b, dora, 12931072",
    "8b, dora, 22347776",
    "1b, qlora, 5636096",
  })
  void anAdapterHasAsManyNumbersAsInPeft(String model, String mode, long count) {
    var learning = MemoryPlan.Learning.of(demand(model, "adapter=" + mode));
    assertThat(learning.learnt()).isEqualTo(count);
    assertThat(learning.all()).isEqualTo(count + config(model).parameters());
  }

  @Test
  void theWholeModelLearnsButForWhatIsFrozen() {
    var all = MemoryPlan.Learning.of(demand("1b", "freeze=[]"));
    assertThat(all.learnt()).isEqualTo(all.all()).isEqualTo(config("1b").parameters());
    var card = MemoryPlan.of(demand("1b"));
    long learnt = MemoryPlan.Learning.of(demand("1b")).learnt();
    assertThat(card.masters()).isEqualTo(4 * learnt);
    assertThat(card.moments()).isEqualTo(8 * learnt);
    assertThat(card.gradients()).isEqualTo(2 * learnt);
    assertThat(MemoryPlan.of(demand("1b", "bf16=false")).masters()).isZero();
  }

  @Test
  void eachRemedySaves() {
    long plain = MemoryPlan.of(demand("1b")).total();
    for (var remedy :
        List.of(
            "gradient_checkpointing=true",
            "optim=adamw_8bit",
            "adapter={mode: lora, lora_dropout: 0}",
            "per_device_train_batch_size=1",
            "data.max_length=256")) {
      assertThat(MemoryPlan.of(demand("1b", remedy)).total()).isLessThan(plain);
    }
    assertThat(
            MemoryPlan.of(
                    demand(
                        "3b",
                        "adapter=qlora",
                        "per_device_train_batch_size=1",
                        "gradient_checkpointing=true"))
                .total())
        .isLessThan(8 * GIGA);
  }

  @Test
  void whatFitsIsLetThrough() {
    var demand = demand("1b");
    MemoryAdvice.requireFits(demand, MemoryPlan.of(demand).total());
  }

  @Test
  void whatDoesNotFitIsRefusedWithWhatIsMissingAndWhatWouldHelp() {
    var demand = demand("1b");
    long needed = MemoryPlan.of(demand).total();
    assertThatThrownBy(() -> MemoryAdvice.requireFits(demand, needed - 2 * GIGA))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("2.0 GB more than the")
        .hasMessageContaining("It would fit with gradient_checkpointing: true (")
        .hasMessageContaining("or with optim: adamw_8bit (");
    assertThatThrownBy(() -> MemoryAdvice.requireFits(demand, 6 * GIGA))
        .hasMessageContaining("with all of gradient_checkpointing: true, optim: adamw_8bit");
    assertThatThrownBy(() -> MemoryAdvice.requireFits(demand, GIGA))
        .hasMessageContaining("it would need")
        .hasMessageEndingWith("take a smaller model.");
  }

  @Test
  void whatIsComputedAtATimeIsGuessedFromTheSettings() {
    var config = config("1b");
    var card = settings();
    assertThat(Workload.estimate(config, card.data(), card.batches()))
        .isEqualTo(new Workload(8, 8 * (256 + 512), 8));
    var packed = settings("data.packing=true", "data.max_length=2048");
    assertThat(Workload.estimate(config, packed.data(), packed.batches()).positions())
        .isEqualTo(8 * 2048);
    var tiles = settings("data.vision_input_type=thumb+tile", "data.max_num_tiles=4");
    assertThat(Workload.estimate(config, tiles.data(), tiles.batches()).tiles()).isEqualTo(40);
  }
}
