package io.plm4j.text;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads JSON straight from bytes.
///
/// Most of a program's first second would go into the 700 thousand strings of Llama's
/// tokenizer.json: a general parser makes characters of them, of which bytes would have to be made
/// again. This one gives the bytes that a byte-level token spells at once ({@link #spelling}).
final class JsonReader {
  private static final long LARGEST = 1 << 28;

  private final String name;
  private final byte[] bytes;
  private int at;

  /// The bytes of the last spelling.
  private byte[] spelled = new byte[256];

  /// @param name what messages call the file
  JsonReader(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  static JsonReader open(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw new InputException(
            "%s has %d bytes; at most %d are read".formatted(file, Files.size(file), LARGEST));
      }
      return new JsonReader(String.valueOf(file.getFileName()), Files.readAllBytes(file));
    } catch (IOException e) {
      throw new InputException("Cannot read %s: %s".formatted(file, e), e);
    }
  }

  /// The whole of a small file.
  static JsonField readAll(Path file) {
    var reader = open(file);
    JsonField field = reader.field("$");
    reader.end();
    return field;
  }

  /// The value that begins here, which has this path in the file.
  JsonField field(String path) {
    return JsonField.read(this, name + ": " + path);
  }

  /// Requires that nothing follows.
  void end() {
    if (peek() >= 0) {
      throw wanted("nothing after the end");
    }
  }

  /// Whether a value that opens with `bracket` begins here; goes into it.
  boolean opens(char bracket) {
    return skip(bracket);
  }

  /// Whether an object or list goes on with another member; else it is left.
  ///
  /// @param first whether no member was read yet
  boolean hasNext(Position first, char bracket) {
    if (skip(bracket)) {
      return false;
    }
    if (first == Position.LATER) {
      expect(',');
    }
    return true;
  }

  /// Where in an object or list the reader is.
  enum Position {
    START,
    LATER
  }

  /// A member's name, with its colon.
  String name() {
    String text = string();
    expect(':');
    return text;
  }

  String string() {
    expect('"');
    int start = at;
    StringBuilder unescaped = null;
    while (true) {
      byte c = next();
      if (c == '"') {
        String rest = utf8(start, at - 1);
        return unescaped == null ? rest : unescaped.append(rest).toString();
      }
      if (c == '\\') {
        unescaped = unescaped == null ? new StringBuilder() : unescaped;
        unescaped.append(utf8(start, at - 1)).append(escape());
        start = at;
      } else if (c >= 0 && c < 0x20) {
        at--;
        throw wanted("no control character inside a string");
      }
    }
  }

  private String utf8(int from, int to) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, from, to - from))
          .toString();
    } catch (CharacterCodingException e) {
      at = from;
      throw wanted("UTF-8");
    }
  }

  private char escape() {
    byte c = next();
    return switch (c) {
      case '"', '\\', '/' -> (char) c;
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'u' -> {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
          int digit = Character.digit(next(), 16);
          if (digit < 0) {
            throw wanted("four hexadecimal digits after \\u");
          }
          unit = unit << 4 | digit;
        }
        yield (char) unit;
      }
      default -> throw wanted("an escape sequence");
    };
  }

  /// Reads a string in the byte alphabet and gives how many bytes it spells, to be found in {@link
  /// #spelled}; or -1 if it has other characters, and then the string is still to be read.
  int spelling() {
    int start = at;
    expect('"');
    int length = 0;
    while (true) {
      int c = next() & 0xFF;
      if (c == '"') {
        return length;
      }
      if (c == '\\') {
        c = escape();
      } else if (c >= 0xC2 && c <= 0xC5) {
        int second = next();
        c = second < -64 ? (c & 0x1F) << 6 | second & 0x3F : -1;
      } else if (c >= 0x80) {
        c = -1;
      }
      int b = c < 0 ? -1 : ByteAlphabet.toByte((char) c);
      if (b < 0) {
        at = start;
        return -1;
      }
      if (length == spelled.length) {
        spelled = java.util.Arrays.copyOf(spelled, length * 2);
      }
      spelled[length++] = (byte) b;
    }
  }

  byte[] spelled() {
    return spelled;
  }

  /// A whole number from 0 to `most`.
  int whole(int most) {
    skipSpace();
    int start = at;
    long number = 0;
    while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9' && number <= most) {
      number = number * 10 + bytes[at++] - '0';
    }
    if (at == start || number > most || isNumberPart(at)) {
      at = start;
      throw wanted("a whole number from 0 to " + most);
    }
    return (int) number;
  }

  /// Reads `true`, `false` or `null`.
  void word(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (next() != word.charAt(i)) {
        at--;
        throw wanted(word);
      }
    }
  }

  /// An `Integer` if it has at most nine digits and nothing else, else a `Double`.
  Number number() {
    int start = at;
    while (isNumberPart(at)) {
      at++;
    }
    if (at > start && at - start < 10 && isDigits(start, at)) {
      return Integer.parseInt(new String(bytes, start, at - start, StandardCharsets.ISO_8859_1));
    }
    String text = new String(bytes, start, at - start, StandardCharsets.ISO_8859_1);
    if (text.length() > 40 || !text.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?")) {
      at = start;
      throw wanted("a value");
    }
    return Double.valueOf(text);
  }

  private boolean isDigits(int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        return false;
      }
    }
    return bytes[from] != '0' || to == from + 1;
  }

  private boolean isNumberPart(int index) {
    if (index >= bytes.length) {
      return false;
    }
    byte c = bytes[index];
    return c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
  }

  private void skipSpace() {
    // Indentation is most of a published tokenizer.json, so this loop works on locals.
    byte[] source = bytes;
    int i = at;
    while (i < source.length) {
      byte c = source[i];
      if (c > ' ' || c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        break;
      }
      i++;
    }
    at = i;
  }

  private boolean skip(char c) {
    if (peek() == c) {
      at++;
      return true;
    }
    return false;
  }

  void expect(char c) {
    if (!skip(c)) {
      throw wanted("'" + c + "'");
    }
  }

  /// The next byte that is no white space, or -1 at the end.
  int peek() {
    skipSpace();
    return at < bytes.length ? bytes[at] & 0xFF : -1;
  }

  private byte next() {
    if (at >= bytes.length) {
      throw wanted("the rest of the value");
    }
    return bytes[at++];
  }

  InputException wanted(String what) {
    String found =
        at >= bytes.length
            ? "the end of the file"
            : bytes[at] > 0x20 ? "'" + (char) bytes[at] + "'" : "the byte " + (bytes[at] & 0xFF);
    return new InputException(
        "%s is not valid: expected %s at byte %d, found %s".formatted(name, what, at, found));
  }
}
