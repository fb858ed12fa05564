package io.plm4j.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.quant.Kernels;
import io.plm4j.quant.Nf4Scales;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// LoRA and DoRA against PEFT's numbers (see golden/README.md), and their laws.
class LowRankGoldenTest {
  private static final JsonNode GOLDEN = golden();

  @Test
  void loraIsThatOfTheReference() {
    try (var kernels = Kernels.create(1);
        var _ = Scope.open()) {
      requireEqual(new Linear.Adapted(base(kernels), List.of(lora(LowRank.Dropout.NONE))), "lora");
    }
  }

  @Test
  void doraIsThatOfTheReference() {
    try (var kernels = Kernels.create(1);
        var owner = new Owner();
        var _ = Scope.open()) {
      var base = base(kernels);
      var magnitude = base.weight(DType.F32).norm();
      assertThat(magnitude.toFloats())
          .containsExactly(floats(GOLDEN.get("dora").get("init_magnitude")), within(1e-6f));

      var dora = LowRank.Dora.of(lora(LowRank.Dropout.NONE), magnitude, base, owner);

      requireEqual(new Linear.Adapted(base, List.of(dora)), "dora");
    }
  }

  @Test
  void gradientsAreThoseOfTheReference() {
    try (var kernels = Kernels.differentiable(1);
        var owner = new Owner();
        var _ = Scope.open()) {
      var base = base(kernels);
      var lora = lora(LowRank.Dropout.NONE);
      requireGradients(lora, base, GOLDEN.get("lora"));

      var magnitude = base.weight(DType.F32).norm();
      var dora = LowRank.Dora.of(lora(LowRank.Dropout.NONE), magnitude, base, owner);
      magnitude.track();
      requireGradients(dora, base, GOLDEN.get("dora"));
      assertThat(magnitude.gradient().orElseThrow().toFloats())
          .containsExactly(floats(GOLDEN.get("dora").get("gM")), within(2e-5f));
    }
  }

  /// Of the sum of the squares of all outputs.
  private static void requireGradients(LowRank change, Linear base, JsonNode golden) {
    change.a().track();
    change.b().track();
    var y = new Linear.Adapted(base, List.of(change)).apply(sines(1, 0.2, 2, 6));
    var loss = y.times(y).sum();

    loss.backward();

    assertThat(loss.detach().toFloats()[0])
        .isCloseTo((float) golden.get("loss").asDouble(), within(5e-5f));
    assertThat(change.a().gradient().orElseThrow().toFloats())
        .containsExactly(floats(golden.get("gA")), within(2e-5f));
    assertThat(change.b().gradient().orElseThrow().toFloats())
        .containsExactly(floats(golden.get("gB")), within(2e-5f));
  }

  @Test
  void anAdapterWhoseBIsZeroChangesNothing() {
    try (var kernels = Kernels.create(1);
        var owner = new Owner();
        var _ = Scope.open()) {
      for (var type : new DType[] {DType.F32, DType.BF16}) {
        var base =
            new Linear.Dense(sines(0.8, 0.1, 4, 6).to(type), sines(1, 0.3, 4).to(type), kernels);
        var x = sines(1, 0.2, 2, 6).to(type);
        var none =
            new LowRank.Lora(
                sines(0.3, 0.5, 2, 6), Tensor.zeros(DType.F32, 4, 2), 2, LowRank.Dropout.NONE);
        var dora = LowRank.Dora.of(none, base.weight(DType.F32).norm(), base, owner);

        assertThat(new Linear.Adapted(base, List.of(none, dora)).apply(x).toFloats())
            .containsExactly(base.apply(x).toFloats());
      }
    }
  }

  @Test
  void severalAdaptersMergedAreTheSameUnmerged() {
    try (var kernels = Kernels.create(1);
        var owner = new Owner();
        var _ = Scope.open()) {
      var bias = sines(1, 0.3, 4);
      var dense = new Linear.Dense(sines(0.8, 0.1, 4, 6), bias, kernels);
      var quantized =
          new Linear.Quantized(
              kernels.quantize(dense.weight(), Nf4Scales.QUANTIZED), bias, kernels);
      for (var base : new Linear[] {dense, quantized}) {
        var lora = lora(LowRank.Dropout.NONE);
        var dora = LowRank.Dora.of(lora, sines(0.5, 1.3, 4), base, owner);
        var adapted = new Linear.Adapted(base, List.of(dora, lora, dora));
        var x = sines(1, 0.2, 3, 6);

        var merged = new Linear.Dense(adapted.weight(DType.F32), bias, kernels);

        assertThat(adapted.apply(x).toFloats())
            .containsExactly(merged.apply(x).toFloats(), within(1e-5f));
      }
    }
  }

  @Test
  void whatIsDroppedReachesNeitherTheAdapterNorDorasBase() {
    try (var kernels = Kernels.create(1);
        var owner = new Owner();
        var _ = Scope.open()) {
      LowRank.Dropout half = x -> x.times(Tensor.of(new float[] {2, 0, 2, 0, 2, 0}, 6));
      var base = new Linear.Dense(sines(0.8, 0.1, 4, 6), sines(1, 0.3, 4), kernels);
      var x = sines(1, 0.2, 1, 6);
      var dora = LowRank.Dora.of(lora(half), sines(0.5, 1.3, 4), base, owner);

      float[] found = new Linear.Adapted(base, List.of(dora)).apply(x).toFloats();

      // W·x + b + (m/n - 1)·W·drop(x) + (m/n)·s·B·A·drop(x), from its parts
      var dropped = half.apply(x);
      var gain = dora.magnitude().divide(dora.lengths());
      var baseOfDropped = dropped.linear(base.weight(), null);
      var change = dropped.linear(dora.a(), null).linear(dora.b(), null).times(2);
      var expected =
          base.apply(x).minus(baseOfDropped).plus(gain.times(baseOfDropped.plus(change)));
      assertThat(found).containsExactly(expected.toFloats(), within(1e-5f));
    }
  }

  private static void requireEqual(Linear.Adapted layer, String key) {
    var golden = GOLDEN.get(key);
    assertThat(layer.apply(sines(1, 0.2, 2, 6)).toFloats())
        .containsExactly(floats(golden.get("y")), within(4e-6f));
    assertThat(layer.weight(DType.F32).toFloats())
        .containsExactly(floats(golden.get("merged_weight")), within(1e-6f));
  }

  private static Linear.Dense base(Kernels kernels) {
    return new Linear.Dense(sines(0.8, 0.1, 4, 6), null, kernels);
  }

  private static LowRank.Lora lora(LowRank.Dropout dropout) {
    return new LowRank.Lora(sines(0.3, 0.5, 2, 6), sines(0.2, 0.9, 4, 2), 2, dropout);
  }

  private static Tensor sines(double size, double phase, long... shape) {
    var values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int k = 0; k < values.length; k++) {
      values[k] = (float) (size * Math.sin(0.37 * k + phase));
    }
    return Tensor.of(values, shape);
  }

  private static Offset<Float> within(float distance) {
    return Offset.offset(distance);
  }

  private static float[] floats(JsonNode array) {
    var floats = new float[array.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) array.get(i).asDouble();
    }
    return floats;
  }

  private static JsonNode golden() {
    try (var in = LowRankGoldenTest.class.getResourceAsStream("/golden/lora_dora.json")) {
      return JsonMapper.shared().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
