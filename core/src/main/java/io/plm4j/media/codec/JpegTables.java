package io.plm4j.media.codec;

import org.jspecify.annotations.Nullable;

/// What a JPEG picture refers to by number: quantization tables, Huffman codes, and how often it
/// starts afresh. Each may be redefined between scans.
final class JpegTables {
  private final int[] @Nullable [] quantization = new int[4][];
  private final @Nullable HuffmanTable[] dc = new HuffmanTable[4];
  private final @Nullable HuffmanTable[] ac = new HuffmanTable[4];
  private int restartInterval;

  /// Units of a scan between two restarts, 0 if there are none.
  int restartInterval() {
    return restartInterval;
  }

  int[] quantization(FileBytes file, int number) {
    int[] table = number < 4 ? quantization[number] : null;
    if (table == null) {
      throw file.damaged("quantization table %d is missing".formatted(number));
    }
    return table;
  }

  HuffmanTable dc(FileBytes file, int number) {
    return present(file, dc[number], number);
  }

  HuffmanTable ac(FileBytes file, int number) {
    return present(file, ac[number], number);
  }

  private static HuffmanTable present(FileBytes file, @Nullable HuffmanTable table, int number) {
    if (table == null) {
      throw file.damaged("a scan uses Huffman table %d, which is missing".formatted(number));
    }
    return table;
  }

  /// Reads a stream that holds nothing but tables, as TIFF has it.
  void readStream(FileBytes file) {
    int at = 2;
    while (at + 4 <= file.length() && file.u8(at) == 0xFF && file.u8(at + 1) != 0xD9) {
      int end = at + 2 + file.u16be(at + 2);
      read(file, file.u8(at + 1), at + 4, end);
      at = Math.max(end, at + 4);
    }
  }

  /// Reads a segment if it defines tables.
  void read(FileBytes file, int marker, int at, int end) {
    switch (marker) {
      case 0xC4 -> readHuffmanTables(file, at, end);
      case 0xDB -> readQuantization(file, at, end);
      case 0xDD -> restartInterval = file.u16be(at);
      default -> {}
    }
  }

  private void readQuantization(FileBytes file, int at, int end) {
    while (at < end) {
      int precision = file.u8(at) >> 4;
      int number = file.u8(at) & 15;
      if (number > 3 || precision > 1) {
        throw file.damaged("there is no quantization table %d".formatted(number));
      }
      int[] table = new int[64];
      at++;
      for (int i = 0; i < 64; i++, at += 1 + precision) {
        table[JpegScan.order(i)] = precision == 0 ? file.u8(at) : file.u16be(at);
      }
      quantization[number] = table;
    }
  }

  private void readHuffmanTables(FileBytes file, int at, int end) {
    while (at < end) {
      int number = file.u8(at) & 15;
      int kind = file.u8(at) >> 4;
      if (number > 3 || kind > 1) {
        throw file.damaged("there is no Huffman table %d".formatted(number));
      }
      int[] counts = new int[16];
      int total = 0;
      for (int i = 0; i < 16; i++) {
        counts[i] = file.u8(at + 1 + i);
        total += counts[i];
      }
      at += 17;
      if (total > 256 || at + total > end) {
        throw file.damaged("a Huffman table is too long");
      }
      int[] symbols = new int[total];
      for (int i = 0; i < total; i++) {
        symbols[i] = file.u8(at++);
      }
      var table = new HuffmanTable(file, counts, symbols);
      if (kind == 0 && !table.isForDc()) {
        throw file.damaged("a Huffman table has impossible values");
      }
      (kind == 0 ? dc : ac)[number] = table;
    }
  }
}
