package io.plm4j.memory;

import io.plm4j.model.PerceptionLm;
import io.plm4j.model.PlmConfig;
import java.util.LinkedHashMap;
import java.util.Map;

/// How much memory an answer will take, and what for. Weights and cache are counted; activations
/// are counted from the layers' code, each with what libtorch needs beside it; the rest is what was
/// measured (docs/log.md).
///
/// All numbers are bytes.
///
/// @param mapped weights in the system's cache of files: what it drops first when memory runs
///   short, but then reads again for every token
/// @param converted weights that cannot be dropped
/// @param cache keys and values of all positions
/// @param media what was seen, as the decoder takes it, and the pixels it was made of
/// @param vision what the tower needs while it encodes
/// @param prefill what the decoder needs while it reads the prompt; never at the same time as
///   `vision`
/// @param runtime Java and libtorch
public record MemoryPlan(
    long mapped, long converted, long cache, long media, long vision, long prefill, long runtime) {

  /// The virtual machine with its code and heap, libtorch and its buffers, the tokenizer. Measured.
  private static final long RUNTIME = 450_000_000;

  /// Vectors of the tower's width that a block has at a time: norms, queries, keys and values, the
  /// attention, branches and sums.
  private static final int TOWER_VECTORS = 15;

  /// Queries and keys while they are turned, in 32 bits: before, and after.
  private static final int TOWER_TURNED = 4;

  /// Before and after the activation.
  private static final int FEED_FORWARD_VECTORS = 2;

  /// Vectors of the decoder's width that a layer has at a time.
  private static final int HIDDEN_VECTORS = 8;

  /// Gate, its activation, up, and their product.
  private static final int GATED_VECTORS = 4;

  /// Queries and keys while they are turned, in 32 bits: half of each four times multiplied, twice
  /// added, and joined.
  private static final int TURNED = 4;

  public static MemoryPlan of(MemoryDemand demand) {
    var config = demand.config();
    var size = demand.size();
    int bytes = demand.type().bytes();
    long rows = (long) size.tiles() * config.tokensPerTile();
    long prompt = rows + size.textTokens();
    long side = config.vision().imageSize();
    long features = rows * config.decoder().hiddenSize() * bytes;
    // Once as it is used, once as it is kept for another question, and once among the words.
    long media = 3 * features + size.tiles() * 3 * side * side;
    return new MemoryPlan(
        demand.weights().mapped(),
        demand.weights().converted(),
        size.positions(config.tokensPerTile()) * demand.cacheBytesPerToken(),
        media,
        vision(config, bytes, size.tiles()),
        prefill(config, bytes, prompt),
        RUNTIME);
  }

  private static long vision(PlmConfig config, int bytes, int tiles) {
    var tower = config.vision();
    long width = tower.width();
    long token =
        TOWER_VECTORS * width * bytes
            + TOWER_TURNED * width * Float.BYTES
            + (long) FEED_FORWARD_VECTORS * tower.mlpHidden() * bytes;
    long pixels = 3L * tower.imageSize() * tower.imageSize() * (2 * Float.BYTES + 2L * bytes);
    long batch = Math.min(tiles, PerceptionLm.TILES_AT_ONCE);
    return batch * (tower.tokens() * token + pixels) + (batch > 0 ? widened(config, bytes) : 0);
  }

  private static long prefill(PlmConfig config, int bytes, long prompt) {
    var decoder = config.decoder();
    long queries = (long) decoder.heads() * decoder.headDim();
    long keys = (long) decoder.kvHeads() * decoder.headDim();
    long token =
        ((long) HIDDEN_VECTORS * decoder.hiddenSize()
                    + 2 * (queries + keys)
                    + (long) GATED_VECTORS * decoder.intermediateSize())
                * bytes
            + TURNED * (queries + keys) * Float.BYTES;
    long words = prompt * decoder.hiddenSize() * bytes;
    long scores = (long) decoder.vocabSize() * (bytes + 2 * Float.BYTES);
    return Math.min(prompt, PerceptionLm.PREFILL_CHUNK) * token
        + words
        + scores
        + widened(config, bytes);
  }

  /// Where the processor has no products of 16 bits, libtorch makes 32 of the matrix that it
  /// multiplies with; that of the decoder's feed-forward is the largest, and the memory stays with
  /// the allocator.
  private static long widened(PlmConfig config, int bytes) {
    var decoder = config.decoder();
    return bytes == Float.BYTES
        ? 0
        : (long) decoder.hiddenSize() * decoder.intermediateSize() * Float.BYTES;
  }

  /// What must be there at the worst moment, without which the process is ended by the system: all
  /// but the mapped weights.
  public long needed() {
    return converted + cache + media + Math.max(vision, prefill) + runtime;
  }

  /// With the weights that lie in the system's cache of files: what it takes to be fast.
  public long total() {
    return needed() + mapped;
  }

  /// Its parts by what people call them, without those that are nothing; of the activations the
  /// larger.
  public Map<String, Long> parts() {
    var parts = new LinkedHashMap<String, Long>();
    parts.put("weights, mapped", mapped);
    parts.put("weights, converted", converted);
    parts.put("keys and values", cache);
    parts.put("pictures and frames", media);
    parts.put(
        vision > prefill ? "activations, vision" : "activations, prefill",
        Math.max(vision, prefill));
    parts.put("runtime", runtime);
    parts.values().removeIf(bytes -> bytes == 0);
    return parts;
  }
}
