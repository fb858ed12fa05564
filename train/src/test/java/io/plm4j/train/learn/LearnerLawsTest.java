package io.plm4j.train.learn;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.language.SequenceTree;
import io.plm4j.model.ClosedFormModel;
import io.plm4j.model.Pixels;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import io.plm4j.tensor.Untracked;
import io.plm4j.train.Trainer;
import io.plm4j.train.data.Example;
import io.plm4j.train.data.Feed;
import io.plm4j.train.optimizer.AdamW;
import io.plm4j.train.optimizer.Moments;
import io.plm4j.vision.ClassToken;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What gradients must be to each other, whatever the model.
class LearnerLawsTest {
  private static final Set<Part> ALL = EnumSet.allOf(Part.class);

  /// Pictures of the golden vectors, each number changed alike.
  private record Changed(int count, float factor) implements Pixels {
    @Override
    public void write(int from, int to, FloatBuffer out) {
      int begin = out.position();
      ClosedFormModel.PIXELS.write(from, to, out);
      for (int i = begin; i < out.position(); i++) {
        out.put(i, out.get(i) * factor);
      }
    }
  }

  /// Words, pictures of so many tiles each, and more words.
  private static Example example(String origin, float factor, int... tiles) {
    int all = 6;
    for (int count : tiles) {
      all += 4 * count + 2;
    }
    int[] ids = new int[all];
    int[] labels = new int[all];
    for (int i = 0; i < all; i++) {
      ids[i] = 3 + (i * 7 + all) % 200;
      labels[i] = i % 3 == 0 ? Example.IGNORED : ids[i];
    }
    var media = new ArrayList<Example.Media>();
    int at = 3;
    for (int count : tiles) {
      var key = origin + media.size();
      int[] names = new int[4 * count];
      Arrays.setAll(names, i -> i % 2 == 0 ? Example.IGNORED : 5 + i);
      media.add(new Example.Media(at, 4 * count, names, key, () -> new Changed(count, factor)));
      at += 4 * count + 2;
    }
    return new Example(origin, ids, labels, media);
  }

  /// So much longer than the others that attention does not lay it beside them.
  private static Example longWords() {
    int[] ids = new int[300];
    int[] labels = new int[300];
    Arrays.setAll(ids, i -> 3 + i * 11 % 200);
    Arrays.setAll(labels, i -> i % 40 == 0 ? ids[i] : Example.IGNORED);
    return new Example("long", ids, labels, List.of());
  }

  private static final List<Example> EXAMPLES =
      List.of(
          example("one", 1, 3),
          example("words", 1),
          example("two", -0.5f, 1, 2),
          longWords(),
          example("x", 2, 1));

  /// A picture with a question, then so many words that are not learnt and so many that are.
  private static Example asked(int seed, int question, int answer) {
    var shown = withoutNames(example("asked", 0.5f, 2)).media().getFirst();
    int trunk = shown.start() + shown.positions();
    int[] ids = new int[trunk + question + answer];
    Arrays.setAll(ids, i -> 3 + (i < trunk ? i * 7 : i * 13 + seed) % 200);
    int[] labels = ids.clone();
    Arrays.fill(labels, 0, trunk + question, Example.IGNORED);
    return new Example("asked", ids, labels, List.of(shown));
  }

  /// In one tree behind the picture.
  private static Example tree(List<Example> asked) {
    var media = asked.getFirst().media();
    int trunk = media.getFirst().start() + media.getFirst().positions();
    var ids = IntStream.builder();
    var labels = IntStream.builder();
    for (int i = 0; i < trunk; i++) {
      ids.add(asked.getFirst().ids()[i]);
      labels.add(Example.IGNORED);
    }
    for (var one : asked) {
      Arrays.stream(one.ids()).skip(trunk).forEach(ids);
      Arrays.stream(one.labels()).skip(trunk).forEach(labels);
    }
    return new Example(
        "tree",
        ids.build().toArray(),
        labels.build().toArray(),
        media,
        new SequenceTree(trunk, asked.stream().map(one -> one.length() - trunk).toList()));
  }

  /// Also beside plain examples, before and behind them, and where a tree is so much longer than
  /// its neighbours that attention does not lay it beside them.
  @ParameterizedTest
  @CsvSource({"REMEMBER,F32,1e-4", "RECOMPUTE,F32,1e-4", "REMEMBER,BF16,0.06"})
  void aTreeGivesTheSumOfWhatItsBranchesGiveAlone(Memory memory, DType type, double tolerance) {
    var some = List.of(asked(1, 3, 2), asked(2, 1, 1), asked(3, 7, 5), asked(4, 2, 900));
    var others = List.of(asked(5, 4, 3), asked(6, 5, 4));
    var words = example("words", 1);
    var row = List.of(words, tree(some), example("one", 1, 1), tree(others));
    var alone = new ArrayList<>(List.of(words, row.get(2)));
    alone.addAll(some);
    alone.addAll(others);
    try (var model = new ClosedForm(ClassToken.PRESENT, memory, ALL, type, 0);
        var apart = new ClosedForm(ClassToken.PRESENT, memory, ALL, type, 0)) {
      int predicted = predicted(row);
      assertThat(predicted).isEqualTo(predicted(alone));
      double together = model.learner.learn(row, predicted);
      double sum = 0;
      for (var example : alone) {
        sum += apart.learner.learn(List.of(example), predicted);
      }
      assertThat(together).isCloseTo(sum, Offset.offset(tolerance * sum));
      var expected = gradients(apart);
      gradients(model)
          .forEach((name, found) -> {
            float[] wanted = requireNonNull(expected.get(name));
            assertThat(distance(found, wanted))
                .as(name)
                .isLessThanOrEqualTo(tolerance * size(wanted));
          });
    }
  }

  private static Map<String, float[]> gradients(ClosedForm model) {
    var all = new LinkedHashMap<String, float[]>();
    try (var _ = Scope.open()) {
      for (var parameter : model.parameters.learnt()) {
        parameter
            .value()
            .gradient()
            .ifPresent(g -> all.put(parameter.name(), g.to(DType.F32).toFloats()));
      }
    }
    return all;
  }

  private static int predicted(List<Example> examples) {
    return examples.stream().mapToInt(Example::predicted).sum();
  }

  /// The keys' gradients are small differences of larger numbers, hence no closer. In bf16, whose
  /// rounding is no part of a sum in which examples nearly cancel out, what is close is so beside
  /// the gradients of each example.
  @ParameterizedTest
  @CsvSource({"REMEMBER,F32,1e-4", "RECOMPUTE,F32,1e-4", "REMEMBER,BF16,0.06"})
  void aRowOfSeveralExamplesGivesTheSumOfWhatEachGives(
      Memory memory, DType type, double tolerance) {
    try (var model = new ClosedForm(ClassToken.PRESENT, memory, ALL, type, 0);
        var alone = new ClosedForm(ClassToken.PRESENT, memory, ALL, type, 0)) {
      int predicted = predicted(EXAMPLES);
      double together = model.learner.learn(EXAMPLES, predicted);
      double sum = 0;
      var sizes = new HashMap<String, Double>();
      var before = Map.<String, float[]>of();
      for (var example : EXAMPLES) {
        sum += alone.learner.learn(List.of(example), predicted);
        var after = gradients(alone);
        for (var gradient : after.entrySet()) {
          float[] none = new float[gradient.getValue().length];
          float[] earlier = before.getOrDefault(gradient.getKey(), none);
          sizes.merge(gradient.getKey(), distance(gradient.getValue(), earlier), Double::sum);
        }
        before = after;
      }

      assertThat(together).isCloseTo(sum, Offset.offset(tolerance * sum));
      var expected = before;
      if (type == DType.F32) {
        expected.forEach((name, gradient) -> sizes.put(name, size(gradient)));
      }
      gradients(model)
          .forEach((name, found) ->
              assertThat(distance(found, requireNonNull(expected.get(name))))
                  .as(name)
                  .isLessThanOrEqualTo(tolerance * requireNonNull(sizes.get(name))));
      assertThat(model.learner.lossSum(EXAMPLES) / predicted)
          .isCloseTo(together, Offset.offset(tolerance * sum));
    }
  }

  private static Example withoutNames(Example example) {
    return new Example(
        example.origin(),
        example.ids(),
        example.labels(),
        example.media().stream()
            .map(m -> new Example.Media(m.start(), m.positions(), m.key(), m.pixels()))
            .toList());
  }

  private static Example withoutAnswers(Example example) {
    int[] none = new int[example.length()];
    Arrays.fill(none, Example.IGNORED);
    return new Example(example.origin(), example.ids(), none, example.media());
  }

  /// Sines and cosines of the column and the row of a tile of two by two.
  private static float[] place(int width, int column, int row) {
    float[] place = new float[width];
    int waves = width / 16;
    assertThat(waves).isBetween(1, 5);
    for (int wave = 0; wave < waves; wave++) {
      int at = width - 4 * (waves - wave);
      double turn = Math.PI / 2 * Math.pow(2, wave);
      place[at] = (float) (0.3 * Math.sin(turn * column));
      place[at + 1] = (float) (0.3 * Math.cos(turn * column));
      place[at + 2] = (float) (0.3 * Math.sin(turn * row));
      place[at + 3] = (float) (0.3 * Math.cos(turn * row));
    }
    return place;
  }

  /// The loss of the names by hand: how improbable they are, and how far from their embeddings and,
  /// in the last numbers, from what tells of the place: as many waves as a model this small has.
  @Test
  void namesAreToBeSaidAndToBecomeTheirEmbeddingsWhereTheyLie() {
    var example = withoutAnswers(example("x", 2, 1));
    var medium = example.media().getFirst();
    try (var model = new ClosedForm(ClassToken.PRESENT, Memory.REMEMBER, ALL, DType.F32, 0);
        var _ = Untracked.open();
        var _ = Scope.open()) {
      int side = model.parts.config().vision().imageSize();
      var pixels = FloatBuffer.allocate(3 * side * side);
      medium.pixels().get().write(0, 1, pixels);
      var seen =
          model
              .parts
              .projector()
              .forward(model.parts.vision().forward(Tensor.of(pixels.array(), 1, 3, side, side)))
              .reshape(1, medium.positions(), -1);
      double expected = 0;
      for (int i = 0; i < medium.positions(); i++) {
        int name = medium.names()[i];
        if (name != Example.IGNORED) {
          var vector = seen.narrow(1, i, 1);
          var logits = model.parts.decoder().logits(vector).reshape(1, -1);
          expected += logits.crossEntropySum(Tensor.of(new long[] {name}, 1)).toFloats()[0];
          var word = model.parts.decoder().embed(new int[] {name});
          float[] place = place((int) word.size(-1), i % 2, i / 2);
          int named = place.length - place.length / 16 * 4;
          float[] wanted = word.toFloats();
          float[] found = vector.toFloats();
          for (int k = 0; k < place.length; k++) {
            expected +=
                k < named
                    ? 0.5 * Math.pow(found[k] - wanted[k], 2)
                    : 5 * Math.pow(found[k] - place[k], 2);
          }
        }
      }
      assertThat(model.learner.lossSum(List.of(example)))
          .isCloseTo(expected, Offset.offset(1e-4 * expected));
    }
  }

  @Test
  void namesTeachTheTowerWhetherTheDecoderIsRunOrNot() {
    var named = EXAMPLES.stream().filter(example -> !example.media().isEmpty()).toList();
    var answers = named.stream().map(LearnerLawsTest::withoutNames).toList();
    var names = named.stream().map(LearnerLawsTest::withoutAnswers).toList();
    try (var both = new ClosedForm(ClassToken.PRESENT, Memory.REMEMBER, ALL, DType.F32, 0);
        var answering = new ClosedForm(ClassToken.PRESENT, Memory.REMEMBER, ALL, DType.F32, 0);
        var seeing = new ClosedForm(ClassToken.PRESENT, Memory.REMEMBER, ALL, DType.F32, 0)) {
      int predicted = predicted(named);
      double whole = both.learner.learn(named, predicted);
      double said = answering.learner.learn(answers, predicted);
      double seen = seeing.learner.learn(names, predicted);

      assertThat(said + seen).isCloseTo(whole, Offset.offset(1e-5 * whole));
      assertThat(seeing.learner.lossSum(names) / predicted)
          .isCloseTo(seen, Offset.offset(1e-5 * seen));
      var fromAnswers = gradients(answering);
      var fromNames = gradients(seeing);
      assertThat(fromNames.keySet())
          .anyMatch(name -> name.contains("vision_tower"))
          .noneMatch(name -> name.contains("self_attn"));
      gradients(both)
          .forEach((name, expected) -> {
            float[] sum = requireNonNull(fromAnswers.get(name)).clone();
            float[] more = fromNames.getOrDefault(name, new float[sum.length]);
            for (int i = 0; i < sum.length; i++) {
              sum[i] += more[i];
            }
            requireClose(name, sum, expected, 1e-4);
          });
    }
  }

  private static void requireClose(String name, float[] found, float[] expected, double tolerance) {
    assertThat(distance(found, expected)).as(name).isLessThanOrEqualTo(tolerance * size(expected));
  }

  private static double size(float[] gradient) {
    return distance(gradient, new float[gradient.length]);
  }

  private static double distance(float[] one, float[] other) {
    double squares = 0;
    for (int i = 0; i < one.length; i++) {
      squares += Math.pow(one[i] - other[i], 2);
    }
    return Math.sqrt(squares);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16"})
  void whatIsComputedOnceMoreGivesTheSameGradientsToTheBit(DType type) {
    for (var learning : List.of(ALL, Set.of(Part.PROJECTOR), Set.of(Part.LANGUAGE))) {
      try (var remembering =
              new ClosedForm(ClassToken.ABSENT, Memory.REMEMBER, learning, type, 0.5);
          var recomputing =
              new ClosedForm(ClassToken.ABSENT, Memory.RECOMPUTE, learning, type, 0.5)) {
        remembering.chance.learn(7);
        recomputing.chance.learn(7);

        assertThat(recomputing.learner.learn(EXAMPLES, 10))
            .isEqualTo(remembering.learner.learn(EXAMPLES, 10));

        var found = gradients(recomputing);
        var expected = gradients(remembering);
        assertThat(found.keySet()).isNotEmpty().isEqualTo(expected.keySet());
        expected.forEach(
            (name, values) -> assertThat(found.get(name)).as(name).containsExactly(values));
      }
    }
  }

  @Test
  void branchesAreLeftOutByTheNumberOfTheMicroBatchAlone() {
    try (var model = new ClosedForm(ClassToken.PRESENT, Memory.REMEMBER, ALL, DType.F32, 0.5)) {
      model.chance.learn(3);
      double loss = model.learner.learn(EXAMPLES, 1);
      model.chance.learn(4);
      assertThat(model.learner.learn(EXAMPLES, 1)).isNotEqualTo(loss);
      model.chance.learn(3);
      assertThat(model.learner.learn(EXAMPLES, 1)).isEqualTo(loss);
    }
  }

  @Test
  void picturesThatDoNotFitTogetherIntoMemoryAreStillSeen() {
    try (var small = new ClosedForm(ClassToken.PRESENT, Set.of(Part.LANGUAGE), 3 * 4 * 64 * 4);
        var large = new ClosedForm(ClassToken.PRESENT, Set.of(Part.LANGUAGE), 1 << 20)) {
      double expected = large.learner.lossSum(EXAMPLES);
      assertThat(small.learner.lossSum(EXAMPLES)).isEqualTo(expected);
      assertThat(small.learner.lossSum(EXAMPLES)).isEqualTo(expected);
    }
  }

  /// Gives these micro-batches.
  private static Feed feed(List<Example> first, List<Example> second) {
    var batches = List.of(first, second).iterator();
    return new Feed() {
      @Override
      public List<Example> next() {
        return batches.next();
      }

      @Override
      public long batchesPerEpoch() {
        return 2;
      }

      @Override
      public String state() {
        return "";
      }

      @Override
      public void restore(String state) {}
    };
  }

  private static void requireStopped(List<Example> second, String... messages) {
    var settings = new AdamW.Settings(0.9, 0.999, 1e-8, 0.1, _ -> true, Moments.Kind.FULL);
    try (var model = new ClosedForm(ClassToken.PRESENT, Memory.REMEMBER);
        var gradients = new Gradients(model.parameters.learnt(), Gradients.Parts.SEVERAL);
        var team =
            new Team(
                List.of(new Team.Member(model.learner, model.parameters.learnt(), model.chance)),
                gradients);
        var optimizer = new AdamW(model.parameters.learnt(), settings)) {
      var trainer = new Trainer(team, gradients, optimizer, new Trainer.Settings(1, 1, _ -> 1e-2));
      var feed = feed(EXAMPLES, second);
      trainer.step(feed);
      var before = weights(model);

      assertThatThrownBy(() -> trainer.step(feed))
          .isInstanceOf(InputException.class)
          .hasMessageContainingAll(messages);

      weights(model)
          .forEach((name, values) -> assertThat(values).as(name).containsExactly(before.get(name)));
      assertThat(optimizer.steps()).isEqualTo(1);
    }
  }

  private static Map<String, float[]> weights(ClosedForm model) {
    var all = new LinkedHashMap<String, float[]>();
    for (var parameter : model.parameters.learnt()) {
      all.put(parameter.name(), floats(parameter.value()));
    }
    return all;
  }

  private static float[] floats(Tensor value) {
    try (var _ = Scope.open()) {
      return value.detach().toFloats();
    }
  }

  @Test
  void aLossThatIsNoNumberEndsTheRunAndNamesTheRows() {
    requireStopped(
        List.of(example("rows.jsonl:3", 1, 1), example("rows.jsonl:8", Float.NaN, 1)),
        "Step 2: the loss became NaN",
        "rows.jsonl:3, rows.jsonl:8");
  }

  @Test
  void aPictureThatCannotBeReadAnyMoreIsReportedAsSuch() {
    var words = example("words", 1, 1);
    var gone =
        new Example.Media(
            3,
            4,
            "gone",
            () -> {
              throw new InputException("gone.png is not there any more.");
            });
    requireStopped(
        List.of(new Example("gone", words.ids(), words.labels(), List.of(gone))),
        "gone.png is not there any more.");
  }
}
