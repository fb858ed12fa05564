package io.plm4j.train.learn;

import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.function.Supplier;

/// What a tower and a projector that do not learn gave for pictures that came before: a picture is
/// encoded in the first epoch and not again, as far as the memory goes.
public final class SeenBefore implements AutoCloseable {
  private final long maxBytes;
  private final LinkedHashMap<Object, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  private record Kept(Tensor features, Owner owner) {}

  /// @param maxBytes how much it may hold; the ones longest unused make room. 0 for nothing
  public SeenBefore(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /// @param key equal for equal pixels
  /// @param encode asked if they are new here
  Tensor get(Object key, Supplier<Tensor> encode) {
    var found = kept.get(key);
    if (found != null) {
      return found.features().detach();
    }
    var features = encode.get();
    if (features.bytes() > maxBytes) {
      return features;
    }
    while (bytes + features.bytes() > maxBytes) {
      var eldest = kept.pollFirstEntry().getValue();
      bytes -= eldest.features().bytes();
      eldest.owner().close();
    }
    var owner = new Owner();
    kept.put(key, new Kept(owner.hold(features), owner));
    bytes += features.bytes();
    // As above, another handle: a later picture of the same micro-batch may take this one's room.
    return features.detach();
  }

  @Override
  public void close() {
    kept.values().forEach(entry -> entry.owner().close());
    kept.clear();
  }
}
