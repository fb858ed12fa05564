package io.plm4j.media.codec;

import io.plm4j.error.InputException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A file in memory, read with bounds that end in a message and not in a stack trace.
final class FileBytes {
  private final String source;
  private final String format;
  private final byte[] bytes;

  /// @param source what the user calls the file
  /// @param format what kind of file it claims to be
  FileBytes(String source, String format, byte[] bytes) {
    this.source = source;
    this.format = format;
    this.bytes = bytes;
  }

  /// Some parts of the file, one after the other.
  ///
  /// @param bounds where a part begins and ends, where the next begins and ends, and so on
  byte[] joined(int... bounds) {
    var out = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bounds.length; i += 2) {
      require(bounds[i], bounds[i + 1] - bounds[i]);
      out.write(bytes, bounds[i], bounds[i + 1] - bounds[i]);
    }
    return out.toByteArray();
  }

  int length() {
    return bytes.length;
  }

  /// Not to be changed.
  byte[] array() {
    return bytes;
  }

  int u8(long at) {
    require(at, 1);
    return bytes[(int) at] & 0xFF;
  }

  int u16be(long at) {
    return u8(at) << 8 | u8(at + 1);
  }

  int u16le(long at) {
    return u8(at) | u8(at + 1) << 8;
  }

  long u32be(long at) {
    return (long) u16be(at) << 16 | u16be(at + 2);
  }

  long u32le(long at) {
    return u16le(at) | (long) u16le(at + 2) << 16;
  }

  boolean has(long at, String ascii) {
    byte[] wanted = ascii.getBytes(StandardCharsets.ISO_8859_1);
    if (at < 0 || at + wanted.length > bytes.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (bytes[(int) at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  void require(long at, long count) {
    if (at < 0 || count < 0 || at > bytes.length || count > bytes.length - at) {
      throw truncated();
    }
  }

  InputException truncated() {
    return damaged("it is truncated, its data end after %d bytes".formatted(bytes.length));
  }

  InputException damaged(String what) {
    return damaged(what, null);
  }

  InputException damaged(String what, @Nullable Throwable cause) {
    return new InputException(
        "%s is a damaged %s file: %s. Use another copy of the picture."
            .formatted(source, format, what),
        cause);
  }

  InputException unsupported(String what) {
    return new InputException(
        "%s is a %s file with %s, which is not read. Save it as an ordinary PNG or JPEG file."
            .formatted(source, format, what));
  }

  InputException tooLarge(OutOfMemoryError cause) {
    return new InputException(
        "%s needs more memory than this program was given. Use a smaller picture or raise -Xmx."
            .formatted(source),
        cause);
  }
}
