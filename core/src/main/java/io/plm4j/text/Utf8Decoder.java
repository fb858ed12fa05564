package io.plm4j.text;

/// Turns bytes that arrive in arbitrary portions into text, as soon as a character is complete.
///
/// What is not UTF-8 becomes U+FFFD, one for each longest beginning of a valid sequence, as Unicode
/// recommends and Rust's `from_utf8_lossy` does; the JDK's decoder counts some sequences
/// differently.
final class Utf8Decoder {
  private static final char REPLACEMENT = '\uFFFD';

  private int codePoint;

  /// Continuation bytes still wanted, and the range that the next of them must lie in.
  private int missing;

  private int lowest;
  private int highest;

  void accept(byte[] bytes, StringBuilder out) {
    for (byte b : bytes) {
      accept(b & 0xFF, out);
    }
  }

  /// Ends the text: an incomplete character becomes U+FFFD.
  void finish(StringBuilder out) {
    if (missing > 0) {
      missing = 0;
      out.append(REPLACEMENT);
    }
  }

  private void accept(int b, StringBuilder out) {
    if (missing == 0) {
      begin(b, out);
    } else if (b < lowest || b > highest) {
      missing = 0;
      out.append(REPLACEMENT);
      begin(b, out);
    } else {
      codePoint = codePoint << 6 | (b & 0x3F);
      expect(missing - 1, 0x80, 0xBF);
      if (missing == 0) {
        out.appendCodePoint(codePoint);
      }
    }
  }

  private void begin(int b, StringBuilder out) {
    if (b < 0x80) {
      out.append((char) b);
    } else if (b >= 0xC2 && b <= 0xDF) {
      codePoint = b & 0x1F;
      expect(1, 0x80, 0xBF);
    } else if (b >= 0xE0 && b <= 0xEF) {
      codePoint = b & 0x0F;
      // No overlong forms, no surrogates.
      expect(2, b == 0xE0 ? 0xA0 : 0x80, b == 0xED ? 0x9F : 0xBF);
    } else if (b >= 0xF0 && b <= 0xF4) {
      codePoint = b & 0x07;
      // No overlong forms, nothing beyond U+10FFFF.
      expect(3, b == 0xF0 ? 0x90 : 0x80, b == 0xF4 ? 0x8F : 0xBF);
    } else {
      out.append(REPLACEMENT);
    }
  }

  private void expect(int bytes, int from, int to) {
    missing = bytes;
    lowest = from;
    highest = to;
  }
}
