package io.plm4j.train.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.quant.DynamicMap;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EightBitTest {
  private static final AdamW.Settings SETTINGS =
      new AdamW.Settings(0.9, 0.999, 1e-8, 0.01, _ -> true, Moments.Kind.EIGHT_BIT);

  @TempDir private Path temp;

  /// Takes steps down a bowl whose directions differ in steepness by a thousand, by gradients with
  /// noise.
  private static final class Bowl {
    private final int size;
    private final float[] weights;

    Bowl(int size) {
      this.size = size;
      weights = new float[size];
    }

    private double steepness(int i) {
      return Math.pow(10, -3.0 * (i * 37 % size) / size);
    }

    private float aim(int i) {
      return (float) Math.cos(i);
    }

    double height() {
      return IntStream.range(0, size)
          .mapToDouble(i -> steepness(i) * Math.pow(weights[i] - aim(i), 2))
          .sum();
    }

    Bowl descend(Moments moments, int from, int to, double learningRate) {
      for (int step = from; step <= to; step++) {
        var random = new Random(step);
        var gradient = new float[size];
        for (int i = 0; i < size; i++) {
          gradient[i] =
              (float) (steepness(i) * (weights[i] - aim(i) + 0.3 * random.nextGaussian()));
        }
        try (var _ = Scope.open()) {
          var w = Tensor.of(weights, size);
          moments.step(
              w.memory(),
              Tensor.of(gradient, size).memory(),
              Update.of(SETTINGS, learningRate, step, 1));
          System.arraycopy(w.toFloats(), 0, weights, 0, size);
        }
      }
      return this;
    }
  }

  private static Moments eightBit(int size, Owner owner) {
    try (var _ = Scope.open()) {
      return Moments.EightBit.zeros(size, owner);
    }
  }

  @Test
  void aCodeIsThatOfTheNearestNumber() {
    var random = new Random(1);
    float[] signed = DynamicMap.signed();
    float[] unsigned = DynamicMap.unsigned();
    for (int i = 0; i < 20_000; i++) {
      float x = (float) (Math.pow(10, -8 * random.nextDouble()) * (1 - 2 * (i % 2)));
      assertIsNearest(EightBitCode.SIGNED, signed, 0, x);
      assertIsNearest(EightBitCode.POSITIVE, unsigned, 1, Math.abs(x));
    }
    for (int i = 0; i < 256; i++) {
      assertThat(EightBitCode.SIGNED.of(signed[i]) & 0xFF).isEqualTo(i);
      assertThat(EightBitCode.POSITIVE.of(unsigned[i]) & 0xFF).isEqualTo(i);
    }
  }

  private static void assertIsNearest(EightBitCode code, float[] map, int least, float x) {
    double distance = Double.POSITIVE_INFINITY;
    int nearest = 0;
    for (int i = least; i < 256; i++) {
      if (Math.abs((double) map[i] - x) < distance) {
        distance = Math.abs((double) map[i] - x);
        nearest = i;
      }
    }
    assertThat(code.of(x) & 0xFF).as("code of %s", x).isEqualTo(nearest);
    assertThat(code.value(code.of(x))).isEqualTo(map[nearest]);
  }

  @Test
  void aSmallSquareBesideALargeOneDoesNotVanish() {
    assertThat(EightBitCode.POSITIVE.of(Float.MIN_VALUE)).isEqualTo((byte) 1);
    assertThat(EightBitCode.POSITIVE.of(0)).isEqualTo((byte) 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 255, 256, 257, 5000, 40_000})
  void numbersComeBackAsTheProductOfTheirScaleAndTheNearest(int size) {
    try (var owner = new Owner();
        var _ = Scope.open()) {
      var stored = EightBitNumbers.zeros(EightBitCode.SIGNED, size, owner);
      var random = new Random(size);
      var numbers = new float[size];
      for (int i = 0; i < size; i++) {
        numbers[i] = i / 256 == 1 ? 0 : (float) random.nextGaussian();
      }
      stored.write(numbers, 0);

      assertThat(stored.codes().shape()).containsExactly(size);
      assertThat(stored.scales().shape()).containsExactly((size + 255) / 256);
      float[] scales = stored.scales().toFloats();
      float[] back = stored.read(0, size);
      for (int i = 0; i < size; i++) {
        // Half the distance of neighbours, of which the widest is 0.0141 apart and the ends 0.007.
        assertThat(back[i])
            .isBetween(
                numbers[i] - 0.0071f * scales[i / 256], numbers[i] + 0.0071f * scales[i / 256]);
      }
      var largest =
          IntStream.range(0, Math.min(size, 256)).mapToDouble(i -> Math.abs(numbers[i])).max();
      assertThat((double) scales[0]).isEqualTo(largest.orElseThrow());
    }
  }

  @Test
  void fewNumbersKeepThirtyTwoBits() {
    try (var owner = new Owner();
        var _ = Scope.open()) {
      assertThat(Moments.of(Moments.Kind.EIGHT_BIT, 4095, owner)).isInstanceOf(Moments.Full.class);
      var moments = Moments.of(Moments.Kind.EIGHT_BIT, 4096, owner);
      assertThat(moments).isInstanceOf(Moments.EightBit.class);
      assertThat(moments.tensors().values().stream().mapToLong(Tensor::bytes).sum())
          .isEqualTo(2 * (4096 + 16 * 4));
    }
  }

  /// Within five in a hundred of the way: measured are at most two.
  @ParameterizedTest
  @ValueSource(ints = {1, 255, 256, 257, 5000})
  void aLongRunEndsWhereThirtyTwoBitsDo(int size) {
    try (var owner = new Owner()) {
      Moments full;
      try (var _ = Scope.open()) {
        full = Moments.of(Moments.Kind.FULL, size, owner);
      }
      var exact = new Bowl(size).descend(full, 1, 500, 0.01);
      var rounded = new Bowl(size).descend(eightBit(size, owner), 1, 500, 0.01);

      double difference = 0;
      double distance = 0;
      for (int i = 0; i < size; i++) {
        difference += Math.pow(exact.weights[i] - rounded.weights[i], 2);
        distance += Math.pow(exact.weights[i], 2);
      }
      assertThat(Math.sqrt(difference / distance)).isLessThan(0.05);
    }
  }

  @Test
  void aRunThatGoesOnFromAFileTakesTheSameSteps() {
    try (var owner = new Owner()) {
      var moments = eightBit(5000, owner);
      var whole = new Bowl(5000).descend(moments, 1, 20, 0.01);

      var before = eightBit(5000, owner);
      var bowl = new Bowl(5000).descend(before, 1, 10, 0.01);
      var file = temp.resolve("moments.safetensors");
      MomentsFile.write(file, before.tensors());
      var after = eightBit(5000, owner);
      MomentsFile.read(file, after.tensors());
      bowl.descend(after, 11, 20, 0.01);

      assertThat(bowl.weights).containsExactly(whole.weights);
      assertThat(bytes(after.tensors())).isEqualTo(bytes(moments.tensors()));
    }
  }

  private static Map<String, String> bytes(Map<String, Tensor> tensors) {
    return tensors.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                entry ->
                    HexFormat.of()
                        .formatHex(entry.getValue().memory().toArray(ValueLayout.JAVA_BYTE))));
  }

  @Test
  void theStateOfARunInThirtyTwoBitsIsRefused() {
    try (var owner = new Owner();
        var _ = Scope.open()) {
      var file = temp.resolve("moments.safetensors");
      MomentsFile.write(file, Moments.of(Moments.Kind.FULL, 5000, owner).tensors());
      var moments = eightBit(5000, owner);
      assertThatThrownBy(() -> MomentsFile.read(file, moments.tensors()))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("go on with the settings that the run began with");
    }
  }

  @Test
  void theNumberOfThreadsChangesNothing() throws Exception {
    assertThat(weightsWith(1)).containsExactly(weightsWith(4));
  }

  private static float[] weightsWith(int threads) throws Exception {
    try (var pool = new ForkJoinPool(threads);
        var owner = new Owner()) {
      var moments = eightBit(70_001, owner);
      return pool.submit(() -> new Bowl(70_001).descend(moments, 1, 5, 0.01)).get().weights;
    }
  }
}
