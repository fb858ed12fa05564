package io.plm4j.generate;

import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/// What a model saw in pictures and videos, so that none is encoded twice: not in another
/// conversation, and not for another question of a batch.
///
/// Bounded in bytes; what was not asked for the longest is dropped first. Owned by whoever owns the
/// model, and used by one thread at a time as the model is.
public final class FeatureCache implements AutoCloseable {
  private record Entry(Owner owner, Tensor features) {}

  private final long maxBytes;
  private final SequencedMap<String, Entry> entries = new LinkedHashMap<>();
  private long bytes;

  /// @param maxBytes of features; 0 keeps none
  public FeatureCache(long maxBytes) {
    if (maxBytes < 0) {
      throw new IllegalArgumentException("a cache cannot hold %d bytes".formatted(maxBytes));
    }
    this.maxBytes = maxBytes;
  }

  /// A copy of a medium's features, in the scope that is open.
  ///
  /// @param identity of the medium, as [Session.Media] has it
  Optional<Tensor> find(String identity) {
    var entry = entries.remove(identity);
    if (entry == null) {
      return Optional.empty();
    }
    entries.putLast(identity, entry);
    return Optional.of(copy(entry.features()));
  }

  /// Keeps a copy of features.
  void keep(String identity, Tensor features) {
    if (features.bytes() > maxBytes || entries.containsKey(identity)) {
      return;
    }
    while (bytes + features.bytes() > maxBytes) {
      var oldest = entries.pollFirstEntry().getValue();
      bytes -= oldest.features().bytes();
      oldest.owner().close();
    }
    var owner = new Owner();
    entries.putLast(identity, new Entry(owner, owner.hold(copy(features))));
    bytes += features.bytes();
  }

  private static Tensor copy(Tensor features) {
    var copy = Tensor.uninitialized(features.dtype(), features.shape());
    copy.copyFrom(features);
    return copy;
  }

  /// Size of what is kept.
  long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    entries.values().forEach(entry -> entry.owner().close());
    entries.clear();
    bytes = 0;
  }
}
