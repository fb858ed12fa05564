package io.plm4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.language.KvCache;
import io.plm4j.language.KvFormat;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import io.plm4j.testkit.TinyCheckpoint;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The laws of a cache, in both forms, and what 8 bits change.
class KvFormatTest {
  private static final int LENGTH = 60;

  @TempDir static Path folder;

  private static Checkpoint checkpoint;
  private static PerceptionLm model;
  private static int[] ids;

  @BeforeAll
  static void load() {
    TinyCheckpoint.write(folder);
    var config = PlmConfig.read(folder);
    checkpoint = PlmCheckpoint.open(folder, config);
    model = PerceptionLm.load(config, checkpoint, DType.F32, 1);
    ids = new Random(7).ints(LENGTH, 0, 700).toArray();
  }

  @AfterAll
  static void close() {
    model.close();
    checkpoint.close();
  }

  /// Scores after each position, read in chunks of these lengths.
  private static float[] scores(KvFormat format, int... chunks) {
    try (var _ = Scope.open();
        var cache = model.newCache(LENGTH, format)) {
      var x = model.embed(ids, List.of());
      int vocabulary = model.config().decoder().vocabSize();
      var all = new float[LENGTH * vocabulary];
      int at = 0;
      for (int chunk : chunks) {
        float[] part = model.logits(x.narrow(1, at, chunk), cache).toFloats();
        System.arraycopy(part, 0, all, at * vocabulary, part.length);
        at += chunk;
      }
      assertThat(at).isEqualTo(LENGTH);
      return all;
    }
  }

  /// What sums of a hundred numbers in 32 bits, in another order, make of scores of some tens; and
  /// where such a difference turns the rounding to 8 bits, of one number among hundreds.
  private static Offset<Float> rounding(KvFormat format) {
    return Offset.offset(
        switch (format) {
          case COMPUTED -> 2e-4f;
          case INT8 -> 0.1f;
        });
  }

  @ParameterizedTest
  @EnumSource(KvFormat.class)
  void readingAtOnceInChunksAndTokenByTokenIsTheSame(KvFormat format) {
    var ones = new int[LENGTH];
    Arrays.fill(ones, 1);
    float[] whole = scores(format, LENGTH);
    assertThat(scores(format, 33, 27)).containsExactly(whole, rounding(format));
    assertThat(scores(format, ones)).containsExactly(whole, rounding(format));
  }

  @Test
  void eightBitsChangeScoresLittle() {
    float[] exact = scores(KvFormat.COMPUTED, LENGTH);
    float[] eight = scores(KvFormat.INT8, LENGTH);
    int vocabulary = model.config().decoder().vocabSize();
    int agree = 0;
    double error = 0;
    double spread = 0;
    for (int i = 0; i < LENGTH; i++) {
      int best = 0;
      int bestOfEight = 0;
      for (int v = 0; v < vocabulary; v++) {
        int at = i * vocabulary + v;
        error += Math.pow(eight[at] - exact[at], 2);
        spread += Math.pow(exact[at], 2);
        best = exact[at] > exact[i * vocabulary + best] ? v : best;
        bestOfEight = eight[at] > eight[i * vocabulary + bestOfEight] ? v : bestOfEight;
      }
      agree += best == bestOfEight ? 1 : 0;
    }
    double relative = Math.sqrt(error / spread);
    // A number is off by 1/254 of its row's largest at most.
    assertThat(relative).isPositive().isLessThan(0.02);
    assertThat(agree).isGreaterThanOrEqualTo(LENGTH - 3);
  }

  @ParameterizedTest
  @EnumSource(KvFormat.class)
  void positionsTakenFromAnotherCacheAreAsIfTheyHadBeenRead(KvFormat format) {
    try (var _ = Scope.open();
        var one = model.newCache(LENGTH + 9, format);
        var other = model.newCache(50, format)) {
      var x = model.embed(ids, List.of());
      model.logits(x.narrow(1, 0, 41), one);
      other.appendFrom(one, 17);
      other.appendFrom(one, 40);
      assertThat(other.length()).isEqualTo(40);
      other.reserve(LENGTH);
      one.truncate(40);
      float[] wanted = model.logits(x.narrow(1, 40, 20), one).toFloats();
      assertThat(model.logits(x.narrow(1, 40, 20), other).toFloats()).isEqualTo(wanted);
    }
  }

  @ParameterizedTest
  @EnumSource(KvFormat.class)
  void sizeIsThatOfTheBuffers(KvFormat format) {
    try (var _ = Scope.open();
        var cache = model.newCache(10, format)) {
      model.logits(model.embed(new int[10], List.of()), cache);
      assertThat(cache.positions(0, 10).stream().mapToLong(part -> part.bytes()).sum())
          .isEqualTo(cache.bytes());
    }
  }

  @Test
  void cachesOfOtherFormsDoNotMix() {
    try (KvCache one = model.newCache(10, KvFormat.COMPUTED);
        var other = model.newCache(10, KvFormat.INT8)) {
      assertThatThrownBy(() -> one.appendFrom(other, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("INT8");
    }
  }
}
