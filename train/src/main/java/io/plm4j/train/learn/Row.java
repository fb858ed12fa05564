package io.plm4j.train.learn;

import io.plm4j.language.Decoder;
import io.plm4j.language.SequenceTree;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Tensor;
import io.plm4j.train.data.Example;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The embeddings of a micro-batch: its examples end to end, what was seen in the places of the
/// placeholders.
///
/// Shapes: L positions, E decoder width.
final class Row implements AutoCloseable {
  private final Owner owner = new Owner();
  private final Tensor embeddings; // [1, L, E]

  private Row(Tensor embeddings) {
    this.embeddings = owner.hold(embeddings);
  }

  static Row of(List<Example> batch, Seen seen, Decoder decoder) {
    var parts = new ArrayList<Tensor>();
    int medium = 0;
    for (var example : batch) {
      int from = 0;
      for (var media : example.media()) {
        words(example, from, media.start(), decoder, parts);
        parts.add(seen.features(medium++).reshape(1, media.positions(), -1));
        from = media.start() + media.positions();
      }
      words(example, from, example.length(), decoder, parts);
    }
    return new Row(parts.size() == 1 ? parts.getFirst() : Tensor.cat(parts, 1));
  }

  private static void words(
      Example example, int from, int to, Decoder decoder, List<Tensor> parts) {
    if (from < to) {
      parts.add(decoder.embed(Arrays.copyOfRange(example.ids(), from, to)));
    }
  }

  static List<SequenceTree> trees(List<Example> batch) {
    return batch.stream().map(Example::tree).toList();
  }

  Tensor embeddings() {
    return embeddings;
  }

  /// Hands the gradient of the embeddings on to the table of words and to what was seen.
  void backward(Tensor gradient) {
    if (embeddings.isTracked()) {
      embeddings.backward(gradient);
    }
  }

  @Override
  public void close() {
    owner.close();
  }
}
