package io.plm4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.checkpoint.CheckpointWriter;
import io.plm4j.checkpoint.Shape;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import io.plm4j.nn.Weights;
import io.plm4j.quant.Kernels;
import io.plm4j.quant.Nf4Matrix;
import io.plm4j.quant.Nf4Scales;
import io.plm4j.quant.QuantFormat;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.testkit.Mutant;
import io.plm4j.testkit.TinyCheckpoint;
import io.plm4j.testkit.TinyNf4;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Weights in NF4: quantised while loading, and as bitsandbytes stores them.
class Nf4CheckpointTest {
  private static final String WEIGHT = "model.language_model.layers.0.mlp.up_proj.weight";

  @TempDir private static Path model;
  private static PlmConfig config;

  @TempDir private Path folder;

  @BeforeAll
  static void write() {
    TinyCheckpoint.write(model);
    config = PlmConfig.read(model);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsStoredInNf4IsWhatLoadingQuantises(Nf4Scales scales) {
    TinyNf4.write(folder, model, scales);
    try (var dense = PlmCheckpoint.open(model, config);
        var stored = PlmCheckpoint.open(folder, config)) {
      CheckpointReport.of(config, stored).requireComplete();
      var kernels = Kernels.create(2);
      float[] quantizing =
          logits(owner ->
              new QuantizedWeights(
                  new StoredWeights(dense, DType.F32, owner), recipe(scales), kernels));
      float[] reading = logits(owner -> new StoredWeights(stored, DType.F32, owner));
      kernels.close();

      assertThat(reading).containsExactly(quantizing);
      assertThat(reading).isNotEqualTo(logits(owner -> new StoredWeights(dense, DType.F32, owner)));
    }
  }

  private static QuantizationRecipe recipe(Nf4Scales scales) {
    return QuantizationRecipe.everyLayerButTheHead(new QuantFormat.Nf4(scales));
  }

  private static float[] logits(Function<Owner, Weights.Source> source) {
    var owner = new Owner();
    try (var lm =
            new PerceptionLm(config, DType.F32, source.apply(owner), Kernels.create(1), owner);
        var _ = Scope.open();
        var cache = lm.newCache(8)) {
      return lm.forward(lm.embed(new int[] {1, 2, 3}, List.of()), cache, _ -> {}, () -> false);
    }
  }

  @Test
  void everyLinearLayerButTheHeadIsQuantised() {
    try (var dense = PlmCheckpoint.open(model, config);
        var kernels = Kernels.create(1);
        var owner = new Owner()) {
      var weights =
          new QuantizedWeights(
              new StoredWeights(dense, DType.BF16, owner), recipe(Nf4Scales.QUANTIZED), kernels);
      assertThat(weights.quantized(HfNames.HEAD)).isEmpty();
      var matrix = (Nf4Matrix) weights.quantized(WEIGHT).orElseThrow();
      assertThat(matrix.weights()).isEqualTo(matrix.rows() * matrix.columns());
      // 4 bits a weight, 8 bits a block of 64, and the map of 256 numbers
      assertThat(matrix.bytes() - 1024).isLessThan((long) (matrix.weights() * 4.2 / 8));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ".nested_absmax | missing | 1 missing (" + WEIGHT + ".nested_absmax)",
        ".absmax | short | .absmax is U8 [1]",
        ".quant_map | other | quant_map has other values than NF4",
        ".quant_state.bitsandbytes__nf4 | other | is not valid JSON"
      })
  void damageIsNamed(String part, String damage, String message) {
    TinyNf4.write(folder, model, Nf4Scales.QUANTIZED);
    var damaged = folder.resolve("damaged");
    rewrite(damaged, part, damage);
    assertThatThrownBy(
            () -> {
              try (var checkpoint = Checkpoint.open(damaged);
                  var owner = new Owner()) {
                CheckpointReport.of(config, checkpoint).requireComplete();
                new StoredWeights(checkpoint, DType.F32, owner).quantized(WEIGHT);
              }
            })
        .isInstanceOf(InputException.class)
        .hasMessageContaining(damaged.toString())
        .hasMessageContaining(message);
  }

  private void rewrite(Path target, String part, String damage) {
    try (var checkpoint = Checkpoint.open(folder)) {
      Files.createDirectory(target);
      Files.copy(folder.resolve("config.json"), target.resolve("config.json"));
      var tensors = new ArrayList<TensorSource>();
      for (var info : checkpoint.tensors().values()) {
        var source =
            new TensorSource(
                info.name(), info.dtype(), info.shape(), () -> checkpoint.data(info.name()));
        if (!info.name().equals(WEIGHT + part)) {
          tensors.add(source);
        } else if (!damage.equals("missing")) {
          var shape = damage.equals("short") ? Shape.of(1) : info.shape();
          tensors.add(
              new TensorSource(
                  info.name(),
                  info.dtype(),
                  shape,
                  () ->
                      MemorySegment.ofArray(
                          new byte[(int) shape.elements() * info.dtype().bytes()])));
        }
      }
      CheckpointWriter.write(target, tensors, 1 << 30);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void otherFormatsOfBitsandbytesAreRefused() throws IOException {
    TinyNf4.write(folder, model, Nf4Scales.EXACT);
    var file = folder.resolve("config.json");
    var good = Files.readString(file);
    Files.writeString(file, good.replace("\"nf4\"", "\"fp4\""));
    assertThatThrownBy(() -> PlmConfig.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("bnb_4bit_quant_type is \"fp4\"; wanted \"nf4\"");
    Files.writeString(file, good.replace("\"bitsandbytes\"", "\"gptq\""));
    assertThatThrownBy(() -> PlmConfig.read(folder)).hasMessageContaining("\"gptq\"");
  }

  /// Whatever happens to the state, it is read to sizes that make sense, or refused.
  @Test
  void aDamagedStateIsReadOrRefused() {
    var nested = Optional.of(new Nf4State.Nested(256, 0.02f));
    var good =
        new String(
            new Nf4State(Shape.of(64, 96), DType.BF16, 64, nested).toJson(),
            StandardCharsets.UTF_8);
    var random = new Random(3);
    int cases = Mutant.cases(3_000);
    int read = 0;
    for (int i = 0; i < cases; i++) {
      var json = Mutant.ofJson(good, random).getBytes(StandardCharsets.UTF_8);
      try {
        var state = Nf4State.parse(JsonObject.parse("state", json));
        assertThat(state.parts().values()).allMatch(part -> part.elements() > 0);
        read++;
      } catch (InputException e) {
        assertThat(e).hasMessageContaining("state");
      }
    }
    assertThat(read).isBetween(1, cases - 1);
  }
}
