package io.plm4j.train.learn;

import io.plm4j.model.PlmParts;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import io.plm4j.tensor.Untracked;
import io.plm4j.train.data.Example;
import io.plm4j.vision.GridWaves;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Runs micro-batches through the model and back.
///
/// The examples of a micro-batch lie end to end in one row; each sees only itself, with positions
/// that count from its own start, so that a micro-batch gives the gradients of its examples one by
/// one and no padding is computed.
///
/// Shapes: L positions of all examples together, E decoder width, P predicted positions.
public final class Learner {
  /// Memory for the scores of positions that are predicted together, in bytes.
  private static final long LOGITS_BYTES = 1L << 26;

  /// Makes what tells of a place about as long as a name is.
  private static final double PLACE_AMPLITUDE = 0.3;

  /// How much more the distance to a place counts than that to a name: at 1 it is not learnt beside
  /// what things are.
  private static final double PLACE_WEIGHT = 10;

  private final PlmParts parts;
  private final Memory memory;
  private final Set<Part> learning;
  private final Sight sight;
  private final GridWaves places;

  /// @param learning the parts that have parameters
  /// @param sight how pictures are encoded
  public Learner(PlmParts parts, Memory memory, Set<Part> learning, Sight sight) {
    this.parts = parts;
    this.memory = memory;
    this.learning = Set.copyOf(learning);
    this.sight = sight;
    places =
        new GridWaves(
            parts.config().tileSide(), parts.config().decoder().hiddenSize(), PLACE_AMPLITUDE);
  }

  /// Adds a micro-batch's share of the gradient to every parameter.
  ///
  /// @param predicted the number of predicted positions of the whole step, of which this may be a
  ///   part: the loss of a step is the mean over all of them
  /// @return this micro-batch's share of that loss
  public double learn(List<Example> batch, long predicted) {
    var answering = batch.stream().filter(Example::answers).toList();
    var seeing = batch.stream().filter(example -> !example.answers()).toList();
    return (answering.isEmpty() ? 0 : learnAnswers(answering, predicted))
        + (seeing.isEmpty() ? 0 : learnPictures(seeing, predicted));
  }

  /// What is learnt of a row between its embeddings and the way back through them.
  @FunctionalInterface
  private interface Lesson {
    /// @param embedded the row's embeddings, tracked where what was seen learns; a gradient that is
    ///   left there goes on back
    /// @return the loss, and a gradient of the embeddings beside that
    Learnt learn(Row row, Seen seen, Tensor embedded);
  }

  private record Learnt(double loss, Optional<Tensor> gradient) {}

  private double learn(List<Example> batch, Lesson lesson) {
    try (var _ = Scope.open();
        var seen = sight.look(batch, memory);
        var row = Row.of(batch, seen, parts.decoder())) {
      var embedded = row.embeddings().detach();
      if (seen.isLearnt()) {
        embedded.track();
      }
      var learnt = lesson.learn(row, seen, embedded);
      sum(learnt.gradient(), embedded.gradient()).ifPresent(row::backward);
      seen.backward();
      return learnt.loss();
    }
  }

  private double learnAnswers(List<Example> batch, long predicted) {
    return learn(
        batch,
        (row, seen, embedded) -> {
          var before =
              seen.isLearnt() || learning.contains(Part.LANGUAGE)
                  ? Chain.Before.LEARNS
                  : Chain.Before.IS_FROZEN;
          var decoder = parts.decoder().layers(Row.trees(batch));
          try (var layers = Chain.run(decoder, row.embeddings(), before, memory)) {
            var hidden = layers.output().track();
            double loss =
                predict(Said.byAnswers(batch), hidden, predicted)
                    + predict(Said.byPictures(batch), embedded, predicted);
            return new Learnt(loss, hidden.gradient().flatMap(layers::backward));
          }
        });
  }

  /// Where nothing is to be answered, the decoder has nothing to do.
  private double learnPictures(List<Example> batch, long predicted) {
    return learn(
        batch,
        (_, _, embedded) ->
            new Learnt(predict(Said.byPictures(batch), embedded, predicted), Optional.empty()));
  }

  /// The sum of the losses of all predicted positions, without a thought of gradients.
  public double lossSum(List<Example> batch) {
    try (var _ = Untracked.open()) {
      return learn(batch, 1);
    }
  }

  private static Optional<Tensor> sum(Optional<Tensor> one, Optional<Tensor> other) {
    return one.isPresent() && other.isPresent()
        ? Optional.of(one.get().plus(other.get()))
        : one.or(() -> other);
  }

  /// What is to be said where.
  ///
  /// @param at indices of positions, those of all examples counted on
  /// @param labels ids, one a position
  /// @param inMedia which position of its picture each is; none where it is not of one
  private record Said(Place place, List<Long> at, List<Long> labels, List<Integer> inMedia) {
    /// Where it is said.
    enum Place {
      /// By what the decoder gives at the end.
      END,
      /// By what the projector gives, before the decoder begins.
      PICTURE
    }

    /// What the decoder says at the end, of what comes next.
    static Said byAnswers(List<Example> batch) {
      var said = new Said(Place.END, new ArrayList<>(), new ArrayList<>(), List.of());
      long start = 0;
      for (var example : batch) {
        for (int i = 1; i < example.length(); i++) {
          said.add(start + i - 1, example.labels()[i]);
        }
        start += example.length();
      }
      return said;
    }

    /// What the projector says before the decoder begins, of what lies there.
    static Said byPictures(List<Example> batch) {
      var said = new Said(Place.PICTURE, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      long start = 0;
      for (var example : batch) {
        for (var medium : example.media()) {
          for (int i = 0; i < medium.names().length; i++) {
            if (said.add(start + medium.start() + i, medium.names()[i])) {
              said.inMedia().add(i);
            }
          }
        }
        start += example.length();
      }
      return said;
    }

    private boolean add(long position, int label) {
      if (label == Example.IGNORED) {
        return false;
      }
      at.add(position);
      labels.add((long) label);
      return true;
    }
  }

  /// Scores the predicted positions a few at a time, since a position has as many scores as there
  /// are tokens, and goes back from each few at once.
  ///
  /// @param x one row a position, in the decoder's width
  private double predict(Said said, Tensor x, long predicted) {
    var at = said.at();
    var labels = said.labels();
    int together =
        (int)
            Math.max(
                16, LOGITS_BYTES / (Float.BYTES * (long) parts.config().decoder().vocabSize()));
    double loss = 0;
    for (int from = 0; from < at.size(); from += together) {
      int to = Math.min(from + together, at.size());
      try (var _ = Scope.open()) {
        var rows =
            x.reshape(-1, parts.config().decoder().hiddenSize())
                .rows(tensor(at.subList(from, to))); // [P, E]
        var logits = parts.decoder().logits(rows.reshape(1, to - from, -1)).reshape(to - from, -1);
        var ids = labels.subList(from, to);
        var sum = logits.crossEntropySum(tensor(ids));
        if (said.place() == Said.Place.PICTURE) {
          sum = sum.plus(distance(rows, ids, said.inMedia().subList(from, to)));
        }
        var share = sum.times(1.0 / predicted);
        loss += share.toFloats()[0];
        if (share.isTracked()) {
          share.backward();
        }
      }
    }
    return loss;
  }

  /// Half the squared distance to the embeddings of what is to be said, but for the last numbers,
  /// which are to tell where it lies, and whose distance counts more. The embeddings do not move:
  /// what is seen becomes as what is read, and not the other way round.
  ///
  /// @param rows [P, E]
  private Tensor distance(Tensor rows, List<Long> ids, List<Integer> positions) {
    int[] words = ids.stream().mapToInt(Long::intValue).toArray();
    int width = parts.config().decoder().hiddenSize();
    float[] where = new float[words.length * width];
    for (int p = 0; p < words.length; p++) {
      places.addTo(where, p * width, positions.get(p) % parts.config().tokensPerTile());
    }
    int named = width - places.count();
    var wanted = parts.decoder().embed(words).detach().reshape(words.length, width);
    var apart = rows.minus(wanted).narrow(1, 0, named);
    var away =
        rows.minus(Tensor.of(where, words.length, width).to(rows.dtype()))
            .narrow(1, named, places.count());
    return apart.times(apart).sum().plus(away.times(away).sum().times(PLACE_WEIGHT)).times(0.5);
  }

  private static Tensor tensor(List<Long> numbers) {
    return Tensor.of(numbers.stream().mapToLong(Long::longValue).toArray(), numbers.size());
  }
}
