package io.plm4j.language;

import io.plm4j.quant.Int8Rows;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scattered;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The keys and values of every position that the decoder has seen in one conversation, with rotary
/// positions applied.
///
/// The caller owns it: one cache a conversation, sized to what the request can need, grown by
/// [#reserve] where a later one needs more, freed by [#close]. Each layer appends its part of a
/// chunk; [#advance] then makes the chunk part of the past.
///
/// Shapes: buffers a layer, [1, KH, C, D], C the capacity in positions.
public final class KvCache implements AutoCloseable {
  private final DecoderConfig config;
  private final DType type;
  private final KvFormat format;
  private Owner owner = new Owner();
  private List<Past> buffers = List.of();
  private int capacity;
  private int length;

  /// Keys and values of one layer, [1, KH, C, D] each.
  sealed interface Past {
    record Computed(Tensor keys, Tensor values) implements Past {}

    record Int8(Int8Rows keys, Int8Rows values) implements Past {}
  }

  /// @param type that is computed in
  /// @param capacity positions that it can hold, prompt and answer together
  public KvCache(DecoderConfig config, DType type, KvFormat format, int capacity) {
    this.config = config;
    this.type = type;
    this.format = format;
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
        copies.add(uninitialized(larger, newCapacity));
      }
      copy(scattered(buffers, 0, length), scattered(copies, 0, length));
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

  private Past uninitialized(Owner holder, int positions) {
    return switch (format) {
      case COMPUTED -> new Past.Computed(dense(holder, positions), dense(holder, positions));
      case INT8 -> new Past.Int8(int8(holder, positions), int8(holder, positions));
    };
  }

  private Tensor dense(Owner holder, int positions) {
    return holder.hold(
        Tensor.uninitialized(type, 1, config.kvHeads(), positions, config.headDim()));
  }

  private Int8Rows int8(Owner holder, int positions) {
    var rows = Int8Rows.uninitialized(config.kvHeads(), positions, config.headDim());
    holder.hold(rows.numbers());
    holder.hold(rows.scales());
    return rows;
  }

  /// Positions held so far.
  public int length() {
    return length;
  }

  public int capacity() {
    return capacity;
  }

  /// Size of the buffers, room included.
  public long bytes() {
    long perHead =
        switch (format) {
          case COMPUTED -> (long) config.headDim() * type.bytes();
          case INT8 -> config.headDim() + Float.BYTES;
        };
    return 2L * config.layers() * config.kvHeads() * capacity * perHead;
  }

  /// Writes a chunk's keys and values, [1, KH, L, D], behind the past of a layer, and returns the
  /// whole buffers, of which the first `length() + L` positions are now filled.
  ///
  /// @throws IllegalStateException if the chunk does not fit
  Past append(int layer, Tensor keys, Tensor values) {
    long chunk = keys.size(2);
    requireRoom(chunk);
    var buffer = buffers.get(layer);
    switch (buffer) {
      case Past.Computed(var allKeys, var allValues) -> {
        allKeys.narrow(2, length, chunk).copyFrom(keys);
        allValues.narrow(2, length, chunk).copyFrom(values);
      }
      case Past.Int8(var allKeys, var allValues) -> {
        allKeys.put(length, keys);
        allValues.put(length, values);
      }
    }
    return buffer;
  }

  private void requireRoom(long chunk) {
    if (length + chunk > capacity) {
      throw new IllegalStateException(
          "the key/value cache holds %d positions, %d are used, and %d more do not fit"
              .formatted(capacity, length, chunk));
    }
  }

  /// Ends a forward pass: the chunk that every layer has appended is past now.
  void advance(long chunk) {
    length += (int) chunk;
  }

  /// Appends another cache's positions from this one's length on, which must be the same
  /// conversation's.
  ///
  /// @param other of the same model and format
  /// @param to the first position that is not taken
  public void appendFrom(KvCache other, int to) {
    if (other.format != format || other.type != type || to > other.length) {
      throw new IllegalArgumentException(
          "%d positions of %s %s cannot come from %d of %s %s"
              .formatted(to, type, format, other.length, other.type, other.format));
    }
    append(
        to - length,
        mine -> {
          copy(scattered(other.buffers, length, to), mine);
          return true;
        });
  }

  /// Appends positions whose numbers somebody else brings.
  ///
  /// @param bring fills what it is given, and says whether that is done; where not, nothing is
  ///   appended
  public boolean append(int positions, Predicate<List<Scattered>> bring) {
    requireRoom(positions);
    boolean brought = bring.test(scattered(buffers, length, length + positions));
    if (brought) {
      length += positions;
    }
    return brought;
  }

  /// The numbers of some positions that are held; valid until the cache grows or is closed.
  ///
  /// Shapes: keys and values of each layer, [KH, to - from, D], and their scales if they are kept
  /// in 8 bits, [KH, to - from].
  public List<Scattered> positions(int from, int to) {
    if (from < 0 || to < from || to > length) {
      throw new IllegalArgumentException("positions %d to %d of %d".formatted(from, to, length));
    }
    return scattered(buffers, from, to);
  }

  private List<Scattered> scattered(List<Past> layers, int from, int to) {
    var all = new ArrayList<Scattered>();
    for (int layer = 0; layer < layers.size(); layer++) {
      switch (layers.get(layer)) {
        case Past.Computed(var keys, var values) -> {
          all.add(part(layer + ".keys", keys, from, to));
          all.add(part(layer + ".values", values, from, to));
        }
        case Past.Int8(var keys, var values) -> {
          all.add(part(layer + ".keys", keys.numbers(), from, to));
          all.add(part(layer + ".key_scales", keys.scales(), from, to));
          all.add(part(layer + ".values", values.numbers(), from, to));
          all.add(part(layer + ".value_scales", values.scales(), from, to));
        }
      }
    }
    return all;
  }

  /// @param buffer [1, KH, C, ...]
  private static Scattered part(String name, Tensor buffer, int from, int to) {
    long heads = buffer.size(1);
    long positions = buffer.size(2);
    long rowBytes = buffer.bytes() / (heads * positions);
    var memory = buffer.memory();
    var pieces = new ArrayList<MemorySegment>();
    for (long head = 0; head < heads; head++) {
      pieces.add(memory.asSlice((head * positions + from) * rowBytes, (to - from) * rowBytes));
    }
    long[] shape = buffer.shape();
    var cut = new ArrayList<Long>(List.of(heads, (long) to - from));
    for (int i = 3; i < shape.length; i++) {
      cut.add(shape[i]);
    }
    return new Scattered(name, buffer.dtype(), cut, pieces);
  }

  private static void copy(List<Scattered> source, List<Scattered> target) {
    for (int i = 0; i < source.size(); i++) {
      target.get(i).copyFrom(source.get(i));
    }
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
