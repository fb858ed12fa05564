package io.plm4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.language.KvCache;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import io.plm4j.vision.ClassToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Holds the whole model to numbers of the reference (see golden/README.md), and the ways of
/// running it to each other.
class PerceptionLmGoldenTest {
  private static final int VOCABULARY = 320;

  /// The reference's greedy run starts behind the positions without a label; the rest of the row is
  /// the answer.
  private static final int PROMPT = 18;

  @ParameterizedTest
  @EnumSource(ClassToken.class)
  void featuresAreThoseOfTheReference(ClassToken variant) {
    var golden = golden(variant);
    try (var model = model(variant);
        var _ = Scope.open()) {
      var features = encode(model);

      assertThat(features.shape()).isEqualTo(longs(golden.get("feat_shape")));
      assertClose(features.select(0, 0).select(0, 0).toFloats(), golden.get("feat_tile0_tok0"));
      assertClose(features.select(0, 2).select(0, 3).toFloats(), golden.get("feat_tile2_tok3"));
      assertThat(absoluteSum(features.toFloats()))
          .isCloseTo(
              golden.get("feat_abs_sum").asDouble(),
              org.assertj.core.data.Percentage.withPercentage(0.01));
    }
  }

  @ParameterizedTest
  @EnumSource(ClassToken.class)
  void logitsOfAllPositionsAreThoseOfTheReference(ClassToken variant) {
    var golden = golden(variant);
    try (var model = model(variant);
        var _ = Scope.open();
        var cache = model.newCache(64)) {
      int[] ids = ints(golden.get("input_ids"));
      var logits = model.logits(embed(model, ids), cache);

      float[] all = logits.toFloats();
      assertClose(row(all, 17), golden.get("logits_pos17"));
      assertClose(row(all, ids.length - 1), golden.get("logits_last"));
      int[] argmax = new int[ids.length];
      for (int i = 0; i < argmax.length; i++) {
        argmax[i] = argmax(row(all, i));
      }
      assertThat(argmax).isEqualTo(ints(golden.get("argmax")));
    }
  }

  @ParameterizedTest
  @EnumSource(ClassToken.class)
  void greedyTokensAreThoseOfTheReference(ClassToken variant) {
    var golden = golden(variant);
    int[] expected = ints(golden.get("greedy"));
    try (var model = model(variant);
        var _ = Scope.open();
        var cache = model.newCache(64)) {
      int[] prompt = Arrays.copyOf(ints(golden.get("input_ids")), PROMPT);
      var x = embed(model, prompt);
      int[] found = new int[expected.length];
      for (int i = 0; i < found.length; i++) {
        found[i] = argmax(model.forward(x, cache, _ -> {}, () -> false));
        x = model.embed(new int[] {found[i]}, List.of());
      }
      assertThat(found).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource(ClassToken.class)
  void aPromptInTwoChunksOrTokenByTokenGivesTheLogitsOfOneChunk(ClassToken variant) {
    try (var model = model(variant);
        var _ = Scope.open()) {
      int[] ids = ints(golden(variant).get("input_ids"));
      var x = embed(model, ids);
      float[] whole = inChunks(model, x, ids.length);
      for (int chunk : new int[] {1, 2, 7, 20}) {
        assertThat(inChunks(model, x, chunk))
            .as("chunks of " + chunk)
            .containsExactly(whole, within(whole));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ClassToken.class)
  void aSequenceAmongOthersGetsTheScoresThatItGetsAlone(ClassToken variant) {
    for (var type : new DType[] {DType.F32, DType.BF16}) {
      try (var model = model(variant, type);
          var _ = Scope.open();
          var one = model.newCache(30);
          var two = model.newCache(30);
          var three = model.newCache(30);
          var alone = model.newCache(30)) {
        int[] ids = ints(golden(variant).get("input_ids"));
        var x = embed(model, ids);
        var caches = List.of(one, two, three);
        for (int b = 0; b < 3; b++) {
          model.forward(x.narrow(1, 0, 5 + 4 * b), caches.get(b), _ -> {}, () -> false);
        }
        model.forward(x.narrow(1, 0, 9), alone, _ -> {}, () -> false);
        for (int token = 0; token < 4; token++) {
          var together = model.step(new int[] {7, 11 + token, 13}, caches);
          assertThat(model.step(new int[] {11 + token}, List.of(alone))[0])
              .containsExactly(together[1]);
        }
        assertThat(two.length()).isEqualTo(13);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ClassToken.class)
  void aCacheThatGrowsOrIsCutGoesOnAsOneThatWasLargeEnough(ClassToken variant) {
    try (var model = model(variant);
        var _ = Scope.open();
        var large = model.newCache(40);
        var small = model.newCache(10)) {
      var x = embed(model, ints(golden(variant).get("input_ids")));
      model.forward(x.narrow(1, 0, 10), large, _ -> {}, () -> false);
      model.forward(x.narrow(1, 0, 10), small, _ -> {}, () -> false);
      small.truncate(8);
      small.reserve(40);
      model.forward(x.narrow(1, 8, 2), small, _ -> {}, () -> false);

      float[] expected = model.forward(x.narrow(1, 10, 5), large, _ -> {}, () -> false);

      assertThat(model.forward(x.narrow(1, 10, 5), small, _ -> {}, () -> false))
          .containsExactly(expected, within(expected));
    }
  }

  private static float[] inChunks(PerceptionLm model, Tensor x, int chunk) {
    try (KvCache cache = model.newCache((int) x.size(1))) {
      float[] last = {};
      for (int from = 0; from < x.size(1); from += chunk) {
        last =
            model.forward(
                x.narrow(1, from, Math.min(chunk, x.size(1) - from)), cache, _ -> {}, () -> false);
      }
      return last;
    }
  }

  private static Tensor encode(PerceptionLm model) {
    return model.encode(ClosedFormModel.PIXELS, _ -> {}, () -> false);
  }

  private static Tensor embed(PerceptionLm model, int[] ids) {
    int start = 0;
    while (ids[start] != model.config().imageTokenId()) {
      start++;
    }
    return model.embed(ids, List.of(new PerceptionLm.Span(start, encode(model))));
  }

  private static PerceptionLm model(ClassToken variant) {
    return model(variant, DType.F32);
  }

  private static PerceptionLm model(ClassToken variant, DType type) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    golden(variant)
        .get("names")
        .properties()
        .forEach(e -> shapes.put(e.getKey(), longs(e.getValue())));
    return ClosedFormModel.build(ClosedFormModel.config(variant), type, shapes, 2);
  }

  private static JsonNode golden(ClassToken variant) {
    try (var in = PerceptionLmGoldenTest.class.getResourceAsStream("/golden/tiny_model.json")) {
      return JsonMapper.shared()
          .readTree(in)
          .get(variant == ClassToken.PRESENT ? "cls_tied" : "nocls_untied");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /// The golden file holds the first numbers of some rows only.
  private static void assertClose(float[] found, JsonNode expected) {
    float[] wanted = floats(expected);
    assertThat(Arrays.copyOf(found, wanted.length)).containsExactly(wanted, within(wanted));
  }

  private static org.assertj.core.data.Offset<Float> within(float[] expected) {
    float largest = 0;
    for (float v : expected) {
      largest = Math.max(largest, Math.abs(v));
    }
    return org.assertj.core.data.Offset.offset(1e-4f * largest);
  }

  private static float[] row(float[] logits, int position) {
    return Arrays.copyOfRange(logits, position * VOCABULARY, (position + 1) * VOCABULARY);
  }

  private static int argmax(float[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }

  private static double absoluteSum(float[] values) {
    double sum = 0;
    for (float v : values) {
      sum += Math.abs(v);
    }
    return sum;
  }

  private static float[] floats(JsonNode node) {
    var values = new float[node.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) node.get(i).asDouble();
    }
    return values;
  }

  private static int[] ints(JsonNode node) {
    return node.valueStream().mapToInt(JsonNode::asInt).toArray();
  }

  private static long[] longs(JsonNode node) {
    return node.valueStream().mapToLong(JsonNode::asLong).toArray();
  }
}
