package io.plm4j.language;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// The keys and values of every position that the decoder has seen in one conversation, with rotary
/// positions applied.
///
/// The caller owns it: one cache a conversation, sized to what the request can need, grown by
/// [#reserve] where a later one needs more, freed by [#close]. Each layer appends its part of a
/// chunk; [#advance] then makes the chunk part of the past.
///
/// Shapes: a buffer a layer, [1, KH, C, D], C the capacity in positions.
public final class KvCache implements AutoCloseable {
  private final DecoderConfig config;
  private final DType type;
  private Owner owner = new Owner();
  private List<Past> buffers = List.of();
  private int capacity;
  private int length;

  /// Keys and values of one layer, [1, KH, S, D] each.
  public record Past(Tensor keys, Tensor values) {}

  /// @param capacity positions that it can hold, prompt and answer together
  public KvCache(DecoderConfig config, DType type, int capacity) {
    this.config = config;
    this.type = type;
    reserve(capacity);
  }

  /// Makes room for `newCapacity` positions in all, where there is less; what is held stays.
  public void reserve(int newCapacity) {
    if (newCapacity <= capacity) {
      return;
    }
    var larger = new Owner();
    try (var _ = Scope.open()) {
      var copies = new ArrayList<Past>();
      for (int layer = 0; layer < config.layers(); layer++) {
        var keys = larger.hold(uninitialized(newCapacity));
        var values = larger.hold(uninitialized(newCapacity));
        if (length > 0) {
          keys.narrow(2, 0, length).copyFrom(buffers.get(layer).keys().narrow(2, 0, length));
          values.narrow(2, 0, length).copyFrom(buffers.get(layer).values().narrow(2, 0, length));
        }
        copies.add(new Past(keys, values));
      }
      owner.close();
      owner = larger;
      buffers = copies;
      capacity = newCapacity;
    } catch (RuntimeException | Error e) {
      if (owner != larger) {
        larger.close();
      }
      throw e;
    }
  }

  private Tensor uninitialized(int positions) {
    return Tensor.uninitialized(type, 1, config.kvHeads(), positions, config.headDim());
  }

  /// Positions held so far.
  public int length() {
    return length;
  }

  public int capacity() {
    return capacity;
  }

  /// Writes a chunk's keys and values, [1, KH, L, D], behind the past of a layer, and returns the
  /// whole buffers, of which the first `length() + L` positions are now filled.
  ///
  /// @throws IllegalStateException if the chunk does not fit
  Past append(int layer, Tensor keys, Tensor values) {
    long chunk = keys.size(2);
    if (length + chunk > capacity) {
      throw new IllegalStateException(
          "the key/value cache holds %d positions, %d are used, and %d more do not fit"
              .formatted(capacity, length, chunk));
    }
    var buffer = buffers.get(layer);
    buffer.keys().narrow(2, length, chunk).copyFrom(keys);
    buffer.values().narrow(2, length, chunk).copyFrom(values);
    return buffer;
  }

  /// Ends a forward pass: the chunk that every layer has appended is past now.
  void advance(long chunk) {
    length += (int) chunk;
  }

  /// Forgets every position from `newLength` on.
  public void truncate(int newLength) {
    if (newLength < 0 || newLength > length) {
      throw new IllegalArgumentException(
          "cannot cut %d cached positions to %d".formatted(length, newLength));
    }
    length = newLength;
  }

  @Override
  public void close() {
    owner.close();
  }
}
