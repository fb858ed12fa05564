package io.plm4j.nano.score;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/// A text as its words, so that capitals and punctuation do not matter.
///
/// @param words letters and digits; a point or a colon stays between digits
record Words(List<String> words) {
  private static final Pattern WORD =
      Pattern.compile("[\\p{L}\\p{M}]+|\\d+(?:[.,:]\\d+)*", Pattern.UNICODE_CHARACTER_CLASS);

  private static final Map<String, Integer> NUMBERS =
      Map.ofEntries(
          Map.entry("zero", 0),
          Map.entry("one", 1),
          Map.entry("two", 2),
          Map.entry("three", 3),
          Map.entry("four", 4),
          Map.entry("five", 5),
          Map.entry("six", 6),
          Map.entry("seven", 7),
          Map.entry("eight", 8),
          Map.entry("nine", 9),
          Map.entry("ten", 10),
          Map.entry("eleven", 11),
          Map.entry("twelve", 12));

  Words {
    words = List.copyOf(words);
  }

  static Words of(String text) {
    var words = new ArrayList<String>();
    var matcher = WORD.matcher(text.toLowerCase(Locale.ROOT));
    while (matcher.find()) {
      words.add(matcher.group());
    }
    return new Words(words);
  }

  /// Without an article in front.
  Words bare() {
    return !words.isEmpty() && List.of("a", "an", "the").contains(words.getFirst())
        ? new Words(words.subList(1, words.size()))
        : this;
  }

  /// Where these words stand one after the other, from a position on; -1 if they do not.
  int find(Words other, int from) {
    int length = other.words.size();
    for (int i = from; length > 0 && i + length <= words.size(); i++) {
      if (words.subList(i, i + length).equals(other.words)) {
        return i;
      }
    }
    return -1;
  }

  boolean contains(Words other) {
    return find(other, 0) >= 0;
  }

  /// The first number among so many words from a position on.
  OptionalDouble number(int from, int most) {
    for (int i = from; i < Math.min(words.size(), from + most); i++) {
      var number = number(words.get(i));
      if (number.isPresent()) {
        return number;
      }
    }
    return OptionalDouble.empty();
  }

  private static OptionalDouble number(String word) {
    if (NUMBERS.containsKey(word)) {
      return OptionalDouble.of(NUMBERS.get(word));
    }
    // A comma groups thousands; a colon makes a time, which is no number.
    return Character.isDigit(word.charAt(0))
            && !word.contains(":")
            && word.matches("[\\d,]*(\\.\\d+)?")
        ? OptionalDouble.of(Double.parseDouble(word.replace(",", "")))
        : OptionalDouble.empty();
  }

  int size() {
    return words.size();
  }
}
