package io.plm4j.checkpoint;

import io.plm4j.error.InputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The bytes of a pickle, read forwards and never beyond their end.
final class PickleBytes {
  /// Longer strings are no names of tensors.
  private static final int MAX_TEXT = 1 << 16;

  private final String place;
  private final ByteBuffer bytes;

  /// @param place how messages call the pickle
  PickleBytes(String place, byte[] bytes) {
    this.place = place;
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Offset of the byte that comes next.
  int position() {
    return bytes.position();
  }

  int u8() {
    need(1);
    return Byte.toUnsignedInt(bytes.get());
  }

  int u16() {
    need(Short.BYTES);
    return Short.toUnsignedInt(bytes.getShort());
  }

  int i32() {
    need(Integer.BYTES);
    return bytes.getInt();
  }

  long i64() {
    need(Long.BYTES);
    return bytes.getLong();
  }

  void skip(int count) {
    need(count);
    bytes.position(bytes.position() + count);
  }

  /// A little-endian integer of `count` bytes in two's complement.
  long whole(int count) {
    if (count > Long.BYTES) {
      throw broken("a number has %d bytes; at most 8 are read".formatted(count));
    }
    need(count);
    long value = 0;
    for (int i = 0; i < count; i++) {
      value |= (long) Byte.toUnsignedInt(bytes.get()) << (8 * i);
    }
    int unused = Long.SIZE - 8 * count;
    return count == 0 ? 0 : value << unused >> unused;
  }

  String text(long length) {
    if (length < 0 || length > MAX_TEXT) {
      throw broken("a string of %d bytes; at most %,d are read".formatted(length, MAX_TEXT));
    }
    need((int) length);
    var text = new String(bytes.array(), bytes.position(), (int) length, StandardCharsets.UTF_8);
    bytes.position(bytes.position() + (int) length);
    return text;
  }

  /// The text up to the end of the line.
  String line() {
    int end = bytes.position();
    while (end < bytes.limit() && bytes.get(end) != '\n') {
      end++;
    }
    var line = text(end - bytes.position());
    need(1);
    bytes.get();
    return line;
  }

  private void need(int count) {
    if (count < 0 || bytes.remaining() < count) {
      throw broken("it breaks off");
    }
  }

  InputException broken(String what) {
    return new InputException(
        "%s: at byte %,d %s. The file is damaged, or not made by torch.save; fetch it again."
            .formatted(place, bytes.position(), what));
  }

  /// The error for a pickle that wants more than to describe tensors.
  InputException refused(String what) {
    return new InputException(
        "%s: at byte %,d the file asks for %s. A file of weights needs no such thing: nothing of it was run, and it is not read. Do not load it with Python either; get the weights from a source that you trust."
            .formatted(place, bytes.position(), what));
  }
}
