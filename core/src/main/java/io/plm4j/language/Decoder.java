package io.plm4j.language;

import io.plm4j.nn.Linear;
import io.plm4j.nn.RmsNorm;
import io.plm4j.nn.Weights;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// The Llama 3 decoder: embeddings in, hidden states out, and logits where they are asked for.
///
/// Shapes: B batch, L new tokens, E hidden size, V vocabulary.
public final class Decoder {
  private final DecoderConfig config;
  private final Tensor embedding; // [V, E]
  private final List<DecoderLayer> layers = new ArrayList<>();
  private final RmsNorm norm;
  private final Linear head;
  private final Rope rope;

  /// @param weights at `model.language_model`
  /// @param root at the root, where an untied head `lm_head` lies
  public Decoder(DecoderConfig config, Weights weights, Weights root) {
    this.config = config;
    embedding = weights.tensor("embed_tokens.weight", config.vocabSize(), config.hiddenSize());
    for (int i = 0; i < config.layers(); i++) {
      layers.add(DecoderLayer.of(config, i, weights.at("layers").at(i)));
    }
    norm = RmsNorm.of(weights.at("norm"), config.hiddenSize(), config.normEps());
    head =
        config.tiedHead()
            ? root.tied("lm_head", embedding)
            : root.linearWithoutBias("lm_head", config.hiddenSize(), config.vocabSize());
    rope = new Rope(config.rope(), config.headDim());
  }

  /// The vectors of some tokens: [1, L, E].
  public Tensor embed(int[] ids) {
    return embedding.rows(Tensor.of(ids, 1, ids.length));
  }

  /// Runs a chunk of tokens behind what the cache holds, and adds it to the cache.
  ///
  /// @param x the chunk's embeddings, [1, L, E]
  /// @return hidden states before the final norm, [1, L, E]
  public Tensor forward(Tensor x, KvCache cache) {
    return forward(x, List.of(cache));
  }

  /// Runs a chunk of each of several sequences, which have different pasts, and adds it to theirs.
  ///
  /// @param x embeddings, [B, L, E]
  /// @param caches one a sequence
  /// @return hidden states before the final norm, [B, L, E]
  public Tensor forward(Tensor x, List<KvCache> caches) {
    try (var scope = Scope.open()) {
      int[] firsts = caches.stream().mapToInt(KvCache::length).toArray();
      var sequences = new Sequences.Cached(caches);
      var turns = rope.turns(firsts, (int) x.size(1));
      var h = x;
      for (var layer : layers) {
        h = layer.forward(h, turns, sequences);
      }
      caches.forEach(cache -> cache.advance(x.size(1)));
      return scope.keep(h);
    }
  }

  /// Runs a few tokens behind what the cache holds as rows of their own, and adds them to the
  /// cache. What becomes of each is what [#forward] makes of it alone, to the bit, where
  /// [#keepsRowsApart].
  ///
  /// @param x embeddings, [L, 1, E]
  /// @return hidden states before the final norm, [L, 1, E]
  public Tensor forwardApart(Tensor x, KvCache cache) {
    try (var scope = Scope.open()) {
      int count = (int) x.size(0);
      var turns = rope.turns(IntStream.range(cache.length(), cache.length() + count).toArray(), 1);
      var sequences = new Sequences.Apart(cache);
      var h = x;
      for (var layer : layers) {
        h = layer.forward(h, turns, sequences);
      }
      cache.advance(count);
      return scope.keep(h);
    }
  }

  /// Whether a few rows together become what each becomes alone.
  public boolean keepsRowsApart() {
    return head.keepsRowsApart() && layers.stream().allMatch(DecoderLayer::keepsRowsApart);
  }

  /// The layers one by one, for learning: each takes the hidden states of whole sequences that lie
  /// end to end in one row, and nothing is kept of them.
  ///
  /// Shapes: [1, L, E] in and out, L the sum of the lengths.
  ///
  /// @param row the sequences
  public List<UnaryOperator<Tensor>> layers(List<SequenceTree> row) {
    var turns = rope.turnsOfRow(row);
    var sequences = new Sequences.EndToEnd(SideBySide.of(row));
    return layers.stream()
        .<UnaryOperator<Tensor>>map(layer -> x -> layer.forward(x, turns, sequences))
        .toList();
  }

  /// Scores of every token of the vocabulary as the next one, after each of the given positions.
  ///
  /// @param hidden [B, L, E] as [#forward] returns it; ask for the last position alone where only
  ///   it matters
  /// @return [B, L, V]
  public Tensor logits(Tensor hidden) {
    return head.apply(norm.apply(hidden));
  }

  public DecoderConfig config() {
    return config;
  }
}
