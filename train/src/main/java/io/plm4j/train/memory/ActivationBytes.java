package io.plm4j.train.memory;

import io.plm4j.train.config.Method;
import io.plm4j.train.config.Precision;
import io.plm4j.train.learn.Part;

/// What lies between the layers until gradients need it, in bytes. The numbers of vectors are
/// counted from the layers' code, what each of its operations keeps for the way back.
final class ActivationBytes {
  /// Vectors of the decoder's width that a layer keeps of a position: its input, the sum in its
  /// middle, and what each norm makes of them, in 32 bits and rounded.
  private static final int HIDDEN_VECTORS = 8;

  /// Of all query heads: before and after they are turned, and the answer of the attention.
  private static final int QUERY_VECTORS = 3;

  /// Of the key and value heads: keys before and after, values.
  private static final int KEY_VECTORS = 3;

  /// Attention computes in 32 bits and keeps what it was given and gave.
  private static final int ATTENTION_BYTES = Float.BYTES;

  /// Of the feed-forward: gate, its activation, up, and their product.
  private static final int FEED_FORWARD_VECTORS = 4;

  /// Of the tower's width in a block: input, middle, norms, branches before and after their scale.
  private static final int TOWER_VECTORS = 10;

  /// Queries, keys and values, turned or not, and the answer of the attention.
  private static final int TOWER_ATTENTION_VECTORS = 7;

  /// Of its feed-forward: before and after the activation.
  private static final int TOWER_FEED_FORWARD_VECTORS = 2;

  /// An adapter computes in 32 bits.
  private static final int ADAPTER_BYTES = Float.BYTES;

  /// With dropout it keeps what is left of its input, too, and which numbers these are.
  private static final int DROPOUT_BYTES = Float.BYTES + 1;

  /// Tiles that a tower without gradients encodes together.
  private static final int TILES_TOGETHER = 4;

  private final MemoryDemand demand;
  private final WeightCounts counts;
  private final int bytes;

  ActivationBytes(MemoryDemand demand, WeightCounts counts) {
    this.demand = demand;
    this.counts = counts;
    this.bytes = demand.precision() == Precision.BF16 ? Short.BYTES : Float.BYTES;
  }

  long decoder() {
    var config = demand.config().decoder();
    long layers = config.layers();
    long input = (long) config.hiddenSize() * bytes;
    long queries = (long) config.heads() * config.headDim();
    long keys = (long) config.kvHeads() * config.headDim();
    long layer =
        (long) HIDDEN_VECTORS * input
            + (QUERY_VECTORS * queries + KEY_VECTORS * keys) * bytes
            + 2 * (queries + keys) * ATTENTION_BYTES
            + (long) FEED_FORWARD_VECTORS * config.intermediateSize() * bytes
            + counts.adaptedInputs() / layers * adapterBytes();
    return demand.load().positions() * remembered(layers, layer, input) + decoded(layers);
  }

  /// Weights in four bits become numbers for a product, and stay so as long as the way back needs
  /// them.
  private long decoded(long layers) {
    long all = counts.quantized() * bytes;
    return switch (demand.memory()) {
      case REMEMBER -> all;
      case RECOMPUTE -> all / layers;
    };
  }

  long tower() {
    var config = demand.config().vision();
    long depth = config.depth();
    long input = (long) config.width() * bytes;
    long block =
        (TOWER_VECTORS + TOWER_ATTENTION_VECTORS) * input
            + 4L * config.width() * ATTENTION_BYTES
            + (long) TOWER_FEED_FORWARD_VECTORS * config.mlpHidden() * bytes
            + counts.adaptedTowerInputs() / depth * adapterBytes();
    if (learns(Part.VISION)) {
      return demand.load().tiles() * config.tokens() * remembered(depth, block, input);
    }
    return Math.min(demand.load().tiles(), TILES_TOGETHER) * config.tokens() * block;
  }

  private long remembered(long layers, long layer, long input) {
    return switch (demand.memory()) {
      case REMEMBER -> layers * layer;
      case RECOMPUTE -> layers * input + layer;
    };
  }

  private boolean learns(Part part) {
    return switch (demand.method()) {
      case Method.Full full -> full.trained().contains(part);
      case Method.Adapter _ -> counts.adaptedTowerInputs() > 0;
    };
  }

  private int adapterBytes() {
    return demand.method() instanceof Method.Adapter adapter && adapter.dropout() > 0
        ? ADAPTER_BYTES + DROPOUT_BYTES
        : ADAPTER_BYTES;
  }
}
