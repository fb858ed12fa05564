package io.plm4j.media.codec;

/// A canonical Huffman code of JPEG: up to 16 bits, codes of one length counting up.
final class HuffmanTable {
  /// Codes up to this length are found in one step.
  static final int LOOK = 9;

  /// For each next `LOOK` bits: length << 8 | symbol, or 0 if the code is longer.
  private final int[] quick = new int[1 << LOOK];

  /// The largest code of each length, -1 if there is none.
  private final int[] largest = new int[17];

  /// What added to a code of each length gives its place among the symbols.
  private final int[] offset = new int[17];

  private final int[] symbols;

  /// @param counts how many codes there are of length 1 to 16
  /// @param symbols in the order of their codes
  HuffmanTable(FileBytes file, int[] counts, int[] symbols) {
    this.symbols = symbols;
    int code = 0;
    int place = 0;
    for (int length = 1; length <= 16; length++) {
      int count = counts[length - 1];
      if (code + count > 1 << length) {
        throw file.damaged("a Huffman table has too many codes of %d bits".formatted(length));
      }
      offset[length] = place - code;
      for (int i = 0; i < count; i++, code++, place++) {
        if (length <= LOOK) {
          int from = code << (LOOK - length);
          for (int j = 0; j < 1 << (LOOK - length); j++) {
            quick[from + j] = length << 8 | symbols[place];
          }
        }
      }
      largest[length] = count == 0 ? -1 : code - 1;
      code <<= 1;
    }
  }

  int quick(int nextBits) {
    return quick[nextBits];
  }

  /// The symbol of a code, or -1 if this many bits are no code yet.
  int symbol(int code, int length) {
    return code <= largest[length] ? symbols[code + offset[length]] : -1;
  }

  /// DC differences have at most 15 bits.
  boolean isForDc() {
    for (int symbol : symbols) {
      if (symbol > 15) {
        return false;
      }
    }
    return true;
  }
}
