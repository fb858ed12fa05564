package io.plm4j.nano.vocabulary;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// How often each piece of text occurs, pieces being what no merge goes beyond.
public final class Pieces {
  /// Llama 3's expression, but with single digits, so that a number is read and written digit by
  /// digit.
  static final String EXPRESSION =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final Pattern PIECE =
      Pattern.compile(EXPRESSION, Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNICODE_CASE);

  private final Map<String, Long> counts = new LinkedHashMap<>();

  /// Counts the pieces of a text.
  public void add(String text) {
    var matcher = PIECE.matcher(text);
    while (matcher.find()) {
      counts.merge(matcher.group(), 1L, Long::sum);
    }
  }

  /// How many different ones there are.
  public int size() {
    return counts.size();
  }

  Map<String, Long> counts() {
    return counts;
  }

  static byte[] bytes(String piece) {
    return piece.getBytes(StandardCharsets.UTF_8);
  }
}
