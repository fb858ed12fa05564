package io.plm4j.train.learn;

import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// What was seen in the media of a micro-batch.
///
/// Shapes: a medium has [positions, E].
final class Seen implements AutoCloseable {
  private final List<Tensor> media;
  private final List<Chain> chains;

  /// Of each chain, what it gave, tracked; empty where nothing learns.
  private final List<Tensor> outputs;

  private final Owner owner = new Owner();

  private Seen(List<Tensor> media, List<Chain> chains, List<Tensor> outputs) {
    this.media = media;
    this.chains = chains;
    this.outputs = outputs;
    outputs.forEach(owner::hold);
  }

  /// @param media of each medium, [tiles, R², E]
  static Seen frozen(List<Tensor> media) {
    return new Seen(media, List.of(), List.of());
  }

  /// @param chains that encoded all tiles, some at a time
  /// @param positions of each medium
  static Seen learnt(List<Chain> chains, List<Integer> positions) {
    var outputs = chains.stream().map(chain -> chain.output().track()).toList();
    var media = new ArrayList<Tensor>();
    if (!outputs.isEmpty()) {
      long width = outputs.getFirst().size(-1);
      var all = // [all positions, E]
          (outputs.size() == 1 ? outputs.getFirst() : Tensor.cat(outputs, 0)).reshape(-1, width);
      long from = 0;
      for (int count : positions) {
        media.add(all.narrow(0, from, count));
        from += count;
      }
    }
    return new Seen(media, chains, outputs);
  }

  Tensor features(int medium) {
    return media.get(medium);
  }

  /// Whether something learns from what the decoder says of the media.
  boolean isLearnt() {
    return !outputs.isEmpty();
  }

  /// Hands on what has reached the media.
  void backward() {
    for (int i = 0; i < chains.size(); i++) {
      var gradient = outputs.get(i).gradient();
      if (gradient.isPresent()) {
        try (var _ = Scope.open()) {
          chains.get(i).backward(gradient.get());
        }
      }
    }
  }

  @Override
  public void close() {
    chains.forEach(Chain::close);
    owner.close();
  }
}
