package io.plm4j.nano.vocabulary;

/// Bytes as characters that can be seen, as GPT-2's files spell them: printable ones as they are,
/// the others from U+0100 on.
final class ByteLetters {
  private static final char[] LETTERS = letters();

  private ByteLetters() {}

  private static char[] letters() {
    var letters = new char[256];
    char next = 0x100;
    for (int b = 0; b < 256; b++) {
      boolean printable = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
      letters[b] = printable ? (char) b : next++;
    }
    return letters;
  }

  static String spell(byte[] bytes) {
    var spelled = new StringBuilder();
    for (byte b : bytes) {
      spelled.append(LETTERS[b & 0xFF]);
    }
    return spelled.toString();
  }
}
