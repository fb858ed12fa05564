package io.plm4j.text;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The 256 printable characters in which byte-level vocabularies are written.
///
/// A tokenizer.json cannot hold raw bytes, so each byte has a character: printable Latin-1 stands
/// for itself, the other 68 bytes take the code points from U+0100 on, in order (a space is `Ġ`).
final class ByteAlphabet {
  private static final char[] CHARACTERS = new char[256];

  /// Byte of a character, or -1; every character of the alphabet lies below U+0144.
  private static final short[] BYTES = new short[0x144];

  static {
    Arrays.fill(BYTES, (short) -1);
    char next = 0x100;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      char c = printable ? (char) b : next++;
      CHARACTERS[b] = c;
      BYTES[c] = (short) b;
    }
  }

  private ByteAlphabet() {}

  /// The byte that `c` stands for, 0 to 255, or -1 if it is no character of the alphabet.
  static int toByte(char c) {
    return c < BYTES.length ? BYTES[c] : -1;
  }

  /// The bytes that a text spells, or null if it has characters outside of the alphabet.
  static byte @Nullable [] toBytes(String text) {
    var bytes = new byte[text.length()];
    for (int i = 0; i < bytes.length; i++) {
      int b = toByte(text.charAt(i));
      if (b < 0) {
        return null;
      }
      bytes[i] = (byte) b;
    }
    return bytes;
  }

  static char toCharacter(byte b) {
    return CHARACTERS[b & 0xFF];
  }
}
