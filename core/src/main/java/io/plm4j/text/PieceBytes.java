package io.plm4j.text;

/// The UTF-8 bytes of one piece of text, in an array that is used again for the next.
final class PieceBytes {
  private byte[] array = new byte[256];
  private int length;

  /// @param text well-formed UTF-16
  void fill(String text, int start, int end) {
    // A UTF-16 unit becomes three bytes at most.
    int most = Math.multiplyExact(end - start, 3);
    if (array.length < most) {
      array = new byte[most];
    }
    length = 0;
    for (int i = start; i < end; ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c < 0x80) {
        put(c);
      } else if (c < 0x800) {
        put(0xC0 | c >> 6);
        put(0x80 | c & 0x3F);
      } else if (c < 0x10000) {
        put(0xE0 | c >> 12);
        put(0x80 | c >> 6 & 0x3F);
        put(0x80 | c & 0x3F);
      } else {
        put(0xF0 | c >> 18);
        put(0x80 | c >> 12 & 0x3F);
        put(0x80 | c >> 6 & 0x3F);
        put(0x80 | c & 0x3F);
      }
    }
  }

  byte[] array() {
    return array;
  }

  int length() {
    return length;
  }

  private void put(int b) {
    array[length++] = (byte) b;
  }
}
