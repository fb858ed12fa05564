package io.plm4j.model;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.language.Decoder;
import io.plm4j.language.KvCache;
import io.plm4j.language.KvFormat;
import io.plm4j.nn.Weights;
import io.plm4j.quant.Kernels;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import io.plm4j.vision.VisionTower;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/// The Perception Language Model: a vision tower, a projector and a decoder.
///
/// It holds the weights, mapped where their type fits, and no state of a conversation: that is in
/// the [KvCache] which the caller passes. One forward pass at a time.
///
/// Shapes: T tiles, S side of a tile, R² tokens a tile, L tokens, E decoder width, V vocabulary.
///
/// Source: Cho et al. 2025, PerceptionLM; checkpoints as published on Hugging Face.
public final class PerceptionLm implements AutoCloseable {
  /// Tiles that the tower encodes at once: enough rows for full speed, little enough memory (about
  /// 100 MB in 1B and 3B).
  public static final int TILES_AT_ONCE = 2;

  /// Prompt tokens that the decoder takes at once: full speed is reached well before, and the
  /// memory of the feed-forward stays below 100 MB.
  public static final int PREFILL_CHUNK = 1024;

  /// Tokens that [#steps] can take together without changing one another's scores.
  public static final int TOKENS_TOGETHER = Kernels.ROWS_AT_MOST;

  /// Sequences that [#step] can take together without changing one another's scores.
  public static final int SEQUENCES_TOGETHER = Kernels.ROWS_AT_MOST;

  private final PlmConfig config;
  private final DType type;
  private final Owner owner;
  private final Kernels kernels;
  private final VisionTower vision;
  private final Projector projector;
  private final Decoder decoder;

  /// Builds the model over weights from anywhere.
  ///
  /// @param type of the weights and of the computation
  /// @param owner holds the weights; closed with the model
  public PerceptionLm(
      PlmConfig config, DType type, Weights.Source source, Kernels kernels, Owner owner) {
    this.config = config;
    this.type = type;
    this.owner = owner;
    this.kernels = kernels;
    try (var _ = Scope.open()) {
      var root = Weights.of(source, kernels);
      var parts = PlmParts.of(config, new PlmParts.Roots(root, root), owner);
      vision = parts.vision();
      projector = parts.projector();
      decoder = parts.decoder();
    }
  }

  /// Loads a checkpoint whose tensors have been found complete ([CheckpointReport]).
  ///
  /// @param type tensors stored in it stay where they are mapped, others are converted into memory
  /// @param checkpoint must stay open as long as the model
  public static PerceptionLm load(
      PlmConfig config, Checkpoint checkpoint, DType type, int threads) {
    var owner = new Owner();
    return new PerceptionLm(
        config, type, new StoredWeights(checkpoint, type, owner), Kernels.create(threads), owner);
  }

  /// Encodes tiles or frames, a few at a time.
  ///
  /// @param done told the number of tiles encoded so far, after each batch
  /// @param cancelled asked before each batch; when it says yes, the work ends with
  ///   [CancelledException]
  /// @return [T, R², E], in the scope that is open
  public Tensor encode(Pixels pixels, IntConsumer done, BooleanSupplier cancelled) {
    try (var scope = Scope.open()) {
      int side = config.vision().imageSize();
      var features =
          Tensor.uninitialized(
              type, pixels.count(), config.tokensPerTile(), config.decoder().hiddenSize());
      for (int from = 0; from < pixels.count(); from += TILES_AT_ONCE) {
        CancelledException.check(cancelled);
        int to = Math.min(from + TILES_AT_ONCE, pixels.count());
        try (var _ = Scope.open()) {
          var batch = Tensor.uninitialized(DType.F32, to - from, 3, side, side);
          pixels.write(
              from,
              to,
              batch.memory().asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer());
          features
              .narrow(0, from, to - from)
              .copyFrom(projector.forward(vision.forward(batch.to(type))));
        }
        done.accept(to);
      }
      return scope.keep(features);
    }
  }

  /// A run of prompt positions that media take instead of their placeholder's own embedding.
  ///
  /// @param start first position in the prompt
  /// @param features [tiles, R², E]; `tiles · R²` positions are taken
  public record Span(int start, Tensor features) {}

  /// The embeddings of a prompt, placeholders replaced by what was seen: [1, L, E].
  public Tensor embed(int[] ids, List<Span> spans) {
    return embed(ids, 0, spans);
  }

  /// The embeddings of a prompt from a position on: [1, L - from, E].
  ///
  /// @param spans those that begin there or later
  public Tensor embed(int[] ids, int from, List<Span> spans) {
    try (var scope = Scope.open()) {
      var x = decoder.embed(Arrays.copyOfRange(ids, from, ids.length));
      for (var span : spans) {
        var rows = span.features().reshape(1, -1, config.decoder().hiddenSize());
        x.narrow(1, span.start() - from, rows.size(1)).copyFrom(rows);
      }
      return scope.keep(x);
    }
  }

  /// Runs embeddings through the decoder behind what the cache holds, in chunks of bounded size.
  ///
  /// @param x [1, L, E]
  /// @param done told the number of positions run so far, after each chunk
  /// @param cancelled asked before each chunk; when it says yes, the work ends with
  ///   [CancelledException]
  /// @return scores of the next token after the last position, V of them, rounded to the model's
  ///   type as the reference rounds them
  public float[] forward(Tensor x, KvCache cache, IntConsumer done, BooleanSupplier cancelled) {
    long length = x.size(1);
    for (long from = 0; ; from += PREFILL_CHUNK) {
      CancelledException.check(cancelled);
      long chunk = Math.min(PREFILL_CHUNK, length - from);
      try (var _ = Scope.open()) {
        var hidden = decoder.forward(x.narrow(1, from, chunk), cache);
        done.accept((int) (from + chunk));
        if (from + chunk == length) {
          return decoder.logits(hidden.narrow(1, chunk - 1, 1)).toFloats();
        }
      }
    }
  }

  /// Runs one more token of each of several sequences, together: the weights are read once for all
  /// of them. A sequence's scores are those that it gets alone, bit for bit, as long as there are
  /// at most [#SEQUENCES_TOGETHER].
  ///
  /// @param ids the tokens, one a sequence
  /// @param caches the sequences' pasts
  /// @return scores of each one's next token, [B][V], rounded as [#forward] rounds them
  public float[][] step(int[] ids, List<KvCache> caches) {
    try (var _ = Scope.open()) {
      var x = decoder.embed(ids).reshape(ids.length, 1, -1);
      return rows(decoder.logits(decoder.forward(x, caches)), ids.length);
    }
  }

  /// Runs several tokens of one sequence, one after the other, but together: the weights are read
  /// once for all of them. The scores behind each are those that [#step] gives, bit for bit, as
  /// long as there are at most [#TOKENS_TOGETHER] and [#tokensTogether] says so.
  ///
  /// @param ids the next tokens
  /// @param cache the sequence's past
  /// @return scores of what comes behind each of the tokens, [L][V]
  public float[][] steps(int[] ids, KvCache cache) {
    try (var _ = Scope.open()) {
      var x = decoder.embed(ids).reshape(ids.length, 1, -1);
      return rows(decoder.logits(decoder.forwardApart(x, cache)), ids.length);
    }
  }

  /// Whether the decoder's products keep a few rows apart, so that [#steps] holds what it promises.
  /// Those of adapters and of four-bit weights do not.
  public boolean tokensTogether() {
    return decoder.keepsRowsApart();
  }

  private static float[][] rows(Tensor logits, int count) {
    float[] all = logits.toFloats();
    int vocabulary = all.length / count;
    var rows = new float[count][];
    for (int b = 0; b < rows.length; b++) {
      rows[b] = Arrays.copyOfRange(all, b * vocabulary, (b + 1) * vocabulary);
    }
    return rows;
  }

  /// Scores of the next token after every position of a sequence, for evaluation and tests: [1, L,
  /// V].
  public Tensor logits(Tensor x, KvCache cache) {
    try (var scope = Scope.open()) {
      return scope.keep(decoder.logits(decoder.forward(x, cache)));
    }
  }

  /// A cache for one conversation of at most `capacity` positions, kept as they are computed.
  public KvCache newCache(int capacity) {
    return newCache(capacity, KvFormat.COMPUTED);
  }

  /// A cache for one conversation of at most `capacity` positions.
  public KvCache newCache(int capacity, KvFormat format) {
    return new KvCache(config.decoder(), type, format, capacity);
  }

  public PlmConfig config() {
    return config;
  }

  /// Type of the weights and of the computation.
  public DType type() {
    return type;
  }

  @Override
  public void close() {
    kernels.close();
    owner.close();
  }
}
