package io.plm4j.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// The records of a zip archive of stored entries, as [ZipDirectory] reads them.
final class ZipRecords {
  /// Where in an entry's own header its checksum stands.
  static final int CHECKSUM_OFFSET = 14;

  private static final int LOCAL_BYTES = 30;
  private static final int EXTRA_HEADER_BYTES = 4;
  private static final int LARGE_TAG = 1;

  /// The extra field with which PyTorch pads; its letters in the order of bytes are "FB".
  private static final int PADDING_TAG = 'F' | 'B' << 8;

  private static final long SATURATED_32 = 0xFFFFFFFFL;
  private static final int SATURATED_16 = 0xFFFF;

  /// The version of the format that has entries and archives beyond 4 GB.
  private static final int VERSION = 45;

  private static final int NAMES_ARE_UTF8 = 1 << 11;

  /// 1 January 1980, the first day that there is: equal tensors shall give equal files.
  private static final int DATE = 1 << 5 | 1;

  /// An entry that is in the file.
  ///
  /// @param begin of its own header
  record Written(String name, int crc, long bytes, long begin) {}

  private ZipRecords() {}

  /// An entry's own header, padded so that the entry begins on a multiple of `alignment`.
  static ByteBuffer local(String name, long bytes, long at, int alignment) {
    var out = new Out();
    var encoded = name.getBytes(StandardCharsets.UTF_8);
    boolean large = bytes >= SATURATED_32;
    int largeBytes = large ? EXTRA_HEADER_BYTES + 2 * Long.BYTES : 0;
    long end = at + LOCAL_BYTES + encoded.length + largeBytes + EXTRA_HEADER_BYTES;
    int padding = Math.floorMod(-end, alignment);
    out.i32(0x04034b50);
    out.common(0, large ? SATURATED_32 : bytes);
    out.i16(encoded.length);
    out.i16(largeBytes + EXTRA_HEADER_BYTES + padding);
    out.bytes(encoded);
    if (large) {
      out.i16(LARGE_TAG);
      out.i16(2 * Long.BYTES);
      out.i64(bytes);
      out.i64(bytes);
    }
    out.i16(PADDING_TAG);
    out.i16(padding);
    var filling = new byte[padding];
    Arrays.fill(filling, (byte) 'Z');
    out.bytes(filling);
    return out.buffer();
  }

  static ByteBuffer checksum(int crc) {
    var out = new Out();
    out.i32(crc);
    return out.buffer();
  }

  /// The directory and what ends the archive.
  ///
  /// @param at where the directory begins
  static ByteBuffer directory(List<Written> entries, long at) {
    var out = new Out();
    entries.forEach(out::central);
    long bytes = out.size();
    long end = at + bytes;
    out.i32(0x06064b50);
    out.i64(44); // bytes of this record that follow
    out.i16(VERSION);
    out.i16(VERSION);
    out.i32(0);
    out.i32(0);
    out.i64(entries.size());
    out.i64(entries.size());
    out.i64(bytes);
    out.i64(at);
    out.i32(0x07064b50);
    out.i32(0);
    out.i64(end);
    out.i32(1); // number of disks
    out.i32(0x06054b50);
    out.i16(0);
    out.i16(0);
    out.i16(Math.min(entries.size(), SATURATED_16));
    out.i16(Math.min(entries.size(), SATURATED_16));
    out.i32((int) Math.min(bytes, SATURATED_32));
    out.i32((int) Math.min(at, SATURATED_32));
    out.i16(0);
    return out.buffer();
  }

  private static final class Out {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    void i16(int value) {
      bytes.write(value);
      bytes.write(value >> 8);
    }

    void i32(int value) {
      i16(value);
      i16(value >> 16);
    }

    void i64(long value) {
      i32((int) value);
      i32((int) (value >> 32));
    }

    void bytes(byte[] more) {
      bytes.writeBytes(more);
    }

    int size() {
      return bytes.size();
    }

    /// The fields that an entry's own header and the directory have alike.
    void common(int crc, long size) {
      i16(VERSION);
      i16(NAMES_ARE_UTF8);
      i16(0); // stored
      i16(0); // midnight
      i16(DATE);
      i32(crc);
      i32((int) size);
      i32((int) size);
    }

    void central(Written entry) {
      var name = entry.name().getBytes(StandardCharsets.UTF_8);
      boolean largeSize = entry.bytes() >= SATURATED_32;
      boolean largePlace = entry.begin() >= SATURATED_32;
      int large = (largeSize ? 2 * Long.BYTES : 0) + (largePlace ? Long.BYTES : 0);
      i32(0x02014b50);
      i16(VERSION);
      common(entry.crc(), largeSize ? SATURATED_32 : entry.bytes());
      i16(name.length);
      i16(large == 0 ? 0 : EXTRA_HEADER_BYTES + large);
      i16(0);
      i16(0);
      i16(0);
      i32(0);
      i32((int) (largePlace ? SATURATED_32 : entry.begin()));
      bytes(name);
      if (large > 0) {
        i16(LARGE_TAG);
        i16(large);
      }
      if (largeSize) {
        i64(entry.bytes());
        i64(entry.bytes());
      }
      if (largePlace) {
        i64(entry.begin());
      }
    }

    ByteBuffer buffer() {
      return ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
