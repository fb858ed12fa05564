package io.plm4j.media.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/// The tags of the first picture in a TIFF file.
final class TiffDirectory {
  static final int WIDTH = 256;
  static final int HEIGHT = 257;
  static final int BITS_PER_SAMPLE = 258;
  static final int COMPRESSION = 259;
  static final int PHOTOMETRIC = 262;
  static final int FILL_ORDER = 266;
  static final int STRIP_OFFSETS = 273;
  static final int ORIENTATION = 274;
  static final int SAMPLES_PER_PIXEL = 277;
  static final int ROWS_PER_STRIP = 278;
  static final int STRIP_BYTE_COUNTS = 279;
  static final int PLANAR_CONFIGURATION = 284;
  static final int T4_OPTIONS = 292;
  static final int T6_OPTIONS = 293;
  static final int PREDICTOR = 317;
  static final int COLOUR_MAP = 320;
  static final int TILE_WIDTH = 322;
  static final int TILE_LENGTH = 323;
  static final int TILE_OFFSETS = 324;
  static final int TILE_BYTE_COUNTS = 325;
  static final int EXTRA_SAMPLES = 338;
  static final int SAMPLE_FORMAT = 339;
  static final int JPEG_TABLES = 347;
  static final int YCC_SUBSAMPLING = 530;
  static final int YCC_POSITIONING = 531;

  /// More strips or tiles than any sensible picture has; each value takes memory.
  private static final int MAX_VALUES = 1 << 20;

  private final FileBytes file;
  private final boolean little;
  private final Map<Integer, Long> entries = new HashMap<>();

  TiffDirectory(FileBytes file) {
    this.file = file;
    little = file.has(0, "II");
    long at = u32(4);
    int count = u16(at);
    for (int i = 0; i < count; i++) {
      long entry = at + 2 + 12L * i;
      file.require(entry, 12);
      entries.putIfAbsent(u16(entry), entry);
    }
  }

  int u16(long at) {
    return little ? file.u16le(at) : file.u16be(at);
  }

  long u32(long at) {
    return little ? file.u32le(at) : file.u32be(at);
  }

  boolean has(int tag) {
    return entries.containsKey(tag);
  }

  long value(int tag, long missing) {
    return has(tag) ? values(tag)[0] : missing;
  }

  /// All values of a tag that holds whole numbers; none if there is no such tag.
  long[] values(int tag) {
    Long entry = entries.get(tag);
    if (entry == null) {
      return new long[0];
    }
    int type = u16(entry + 2);
    int bytes =
        switch (type) {
          case 1, 7 -> 1;
          case 3 -> 2;
          case 4 -> 4;
          default -> throw file.damaged("tag %d has values of kind %d".formatted(tag, type));
        };
    long count = u32(entry + 4);
    if (count < 1 || count > MAX_VALUES) {
      throw file.damaged("tag %d has %d values".formatted(tag, count));
    }
    long at = count * bytes <= 4 ? entry + 8 : u32(entry + 8);
    file.require(at, count * bytes);
    long[] values = new long[(int) count];
    for (int i = 0; i < values.length; i++, at += bytes) {
      values[i] = bytes == 1 ? file.u8(at) : bytes == 2 ? u16(at) : u32(at);
    }
    return values;
  }

  /// The file with a directory that holds no other tags than these, and no second picture. What a
  /// reader does not see cannot cost it memory.
  byte[] reducedTo(int... tags) {
    int from = file.length() + (file.length() & 1);
    var out =
        ByteBuffer.allocate(from + 2 + 12 * tags.length + 4)
            .order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    out.put(file.array()).putInt(4, from).position(from + 2);
    int kept = 0;
    for (int tag : tags) {
      Long entry = entries.get(tag);
      if (entry != null) {
        values(tag); // checks them
        out.put(file.array(), entry.intValue(), 12);
        kept++;
      }
    }
    return out.putShort(from, (short) kept).array();
  }
}
