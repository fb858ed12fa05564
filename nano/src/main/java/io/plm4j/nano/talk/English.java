package io.plm4j.nano.talk;

import java.util.List;
import java.util.Locale;

/// Small rules of the language.
public final class English {
  private static final List<String> NUMBERS =
      List.of(
          "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
          "eleven", "twelve");

  /// Which one of several, by its index from 0.
  public static final List<String> ORDINALS =
      List.of("first", "second", "third", "fourth", "fifth", "sixth", "seventh");

  private English() {}

  /// `a, b and c`.
  public static String list(List<String> items) {
    int last = items.size() - 1;
    return switch (items.size()) {
      case 0 -> "";
      case 1 -> items.getFirst();
      default -> String.join(", ", items.subList(0, last)) + " and " + items.get(last);
    };
  }

  /// A small number as a word.
  public static String number(int value) {
    return value < NUMBERS.size() ? NUMBERS.get(value) : Integer.toString(value);
  }

  /// `one bar`, `two bars`.
  public static String counted(int count, String noun) {
    return number(count) + " " + (count == 1 ? noun : plural(noun));
  }

  public static String plural(String noun) {
    if (noun.endsWith("s") || noun.endsWith("x") || noun.endsWith("ch")) {
      return noun + "es";
    }
    if (noun.endsWith("y") && "aeiou".indexOf(noun.charAt(noun.length() - 2)) < 0) {
      return noun.substring(0, noun.length() - 1) + "ies";
    }
    return noun + "s";
  }

  /// `a star`, `an oval`.
  public static String withArticle(String noun) {
    return ("aeiou".indexOf(noun.charAt(0)) >= 0 ? "an " : "a ") + noun;
  }

  /// `a red background`, `an orange background`.
  public static String background(String color) {
    return withArticle(color + " background");
  }

  /// With a capital at the beginning.
  public static String sentence(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
