package io.plm4j.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.LoadOptions;
import io.plm4j.ModelSize;
import io.plm4j.Plm;
import io.plm4j.Request;
import io.plm4j.error.InputException;
import io.plm4j.generate.GenerationOptions;
import io.plm4j.media.Image;
import io.plm4j.media.MediaSettings;
import io.plm4j.tensor.DType;
import io.plm4j.testkit.TinyCheckpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The plan of an answer's memory, on the tiny model: 2 layers, 2 key heads of 16, 4 tokens a tile
/// of 56 pixels, width 64.
class MemoryPlanTest {
  @TempDir static Path samples;
  private static Path model;

  @BeforeAll
  static void write() {
    model = samples.resolve("model");
    TinyCheckpoint.write(model);
  }

  private static MemoryDemand demand(LoadOptions options, int text, int tiles, int newTokens) {
    var size = ModelSize.read(model, options);
    return MemoryDemand.of(
        size.config(), size.weights(), size.type(), new AnswerSize(text, tiles, newTokens));
  }

  @Test
  void weightsInTheirOwnTypeAreMappedAndOthersConverted() throws Exception {
    long parameters = ModelSize.read(model, LoadOptions.DEFAULT).config().parameters();
    var stored = ModelSize.read(model, LoadOptions.DEFAULT).weights();
    assertThat(stored).isEqualTo(new WeightBytes(4 * parameters, 0));
    long file = Files.size(model.resolve("model.safetensors"));
    assertThat(stored.mapped()).isLessThan(file).isGreaterThan(file - 20_000);
    var converted = ModelSize.read(model, LoadOptions.DEFAULT.withType(DType.BF16)).weights();
    assertThat(converted).isEqualTo(new WeightBytes(0, 2 * parameters));
  }

  @Test
  void keysAndValuesAreThoseOfAllPositions() {
    var plan = MemoryPlan.of(demand(LoadOptions.DEFAULT, 100, 3, 50));
    // 2 for keys and values, 2 layers, 2 heads of 16, 4 bytes.
    assertThat(plan.cache()).isEqualTo((100 + 3 * 4 + 50) * 2 * 2 * 2 * 16 * 4L);
    assertThat(plan.needed())
        .isEqualTo(
            plan.cache() + plan.media() + Math.max(plan.vision(), plan.prefill()) + plan.runtime());
    assertThat(plan.total()).isEqualTo(plan.needed() + plan.mapped());
    assertThat(plan.parts()).doesNotContainKey("weights, converted");
  }

  @Test
  void moreOfAnythingTakesMore() {
    long plain = MemoryPlan.of(demand(LoadOptions.DEFAULT, 100, 3, 50)).needed();
    assertThat(MemoryPlan.of(demand(LoadOptions.DEFAULT, 200, 3, 50)).needed())
        .isGreaterThan(plain);
    assertThat(MemoryPlan.of(demand(LoadOptions.DEFAULT, 100, 4, 50)).needed())
        .isGreaterThan(plain);
    assertThat(MemoryPlan.of(demand(LoadOptions.DEFAULT, 100, 3, 51)).needed())
        .isGreaterThan(plain);
    var demand = demand(LoadOptions.DEFAULT, 100, 3, 50);
    var smaller = demand.withCacheBytesPerToken(demand.cacheBytesPerToken() / 2);
    assertThat(MemoryPlan.of(smaller).needed()).isLessThan(plain);
  }

  @Test
  void aRequestIsCountedAsItIsAsked() {
    var picture = Image.ofRgb(24, 16, new byte[24 * 16 * 3]);
    var request =
        Request.of("Was ist das für ein Haus?", picture)
            .withOptions(GenerationOptions.DEFAULT.withMaxNewTokens(33));
    var outline = request.outline(MediaSettings.read(model).image());
    var size = ModelSize.read(model, LoadOptions.DEFAULT);
    var counted = size.demand(outline).size();
    try (var plm = Plm.load(model)) {
      assertThat(counted.positions(4)).isEqualTo(plm.prompt(request).length() + 33L);
    }
    assertThat(size.demandAtMost(outline).size().textTokens())
        .isGreaterThanOrEqualTo(counted.textTokens());
    assertThat(counted.tiles()).isEqualTo(size.demandAtMost(outline).size().tiles());
  }

  @Test
  void whatFitsIsLetThrough() {
    var demand = demand(LoadOptions.DEFAULT, 100, 3, 50);
    MemoryAdvice.requireFits(demand, MemoryPlan.of(demand).needed(), List.of());
  }

  @Test
  void whatDoesNotFitIsRefusedWithTheLeastChangeThatHelps() {
    var demand = demand(LoadOptions.DEFAULT, 100, 3, 4_000_000);
    var fewer =
        MemoryAdvice.fewer(
            "--max-new-tokens",
            4_000_000,
            16,
            (given, n) -> given.with(given.size().withNewTokens(n)));
    var half = demand.with(demand.size().withNewTokens(2_000_000));
    long available = MemoryPlan.of(half).needed();
    assertThatThrownBy(() -> MemoryAdvice.requireFits(demand, available, List.of(fewer)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("1.02 GB more than the")
        .hasMessageContaining("It would fit with --max-new-tokens 2000000 (");
    assertThatThrownBy(() -> MemoryAdvice.requireFits(demand, 1000, List.of(fewer)))
        .hasMessageContaining("Even with all of --max-new-tokens 16 it would need")
        .hasMessageEndingWith("take a smaller model.");
    assertThatThrownBy(() -> MemoryAdvice.requireFits(demand, 1000, List.of()))
        .hasMessageContaining("Nothing in its settings");
  }

  @Test
  void changesThatHelpOnlyTogetherAreNamedTogether() {
    var demand = demand(LoadOptions.DEFAULT, 100, 100_000, 1_000_000);
    var words =
        MemoryAdvice.fewer(
            "--max-new-tokens",
            1_000_000,
            16,
            (given, n) -> given.with(given.size().withNewTokens(n)));
    var tiles =
        MemoryAdvice.fewer(
            "--max-num-tiles", 100_000, 1, (given, n) -> given.with(given.size().withTiles(n)));
    long available = MemoryPlan.of(demand(LoadOptions.DEFAULT, 100, 2, 1000)).needed();
    assertThatThrownBy(() -> MemoryAdvice.requireFits(demand, available, List.of(tiles, words)))
        .hasMessageContaining("It would fit with all of --max-num-tiles 1, --max-new-tokens 10");
  }
}
