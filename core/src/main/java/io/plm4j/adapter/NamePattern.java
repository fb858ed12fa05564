package io.plm4j.adapter;

import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A regular expression over names of layers, as Python writes them. It comes from a file, so it
/// may be written to take forever: a match that looks at too many characters is given up.
///
/// @param text as in the file
public record NamePattern(String text) {
  private static final int LONGEST = 10_000;

  /// A name has some fifty characters; honest patterns look at each a few times.
  private static final int LOOKS = 200_000;

  /// @throws IllegalArgumentException if it is none
  public NamePattern {
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "has %,d characters; at most %,d are read".formatted(text.length(), LONGEST));
    }
    compile(text);
  }

  /// Whether the whole name matches, as Python's `re.fullmatch`.
  ///
  /// @throws IllegalArgumentException if that cannot be said in reasonable time
  public boolean matches(String name) {
    return run(text, name, pattern -> pattern.matches() ? 1 : 0) == 1;
  }

  /// Whether the name, or what follows one of its dots, matches to its end.
  boolean matchesEnd(String name) {
    return run("(.*\\.)?(" + text + ")$", name, matcher -> matcher.lookingAt() ? 1 : 0) == 1;
  }

  /// The number that follows this pattern as a whole part of the name, the first one.
  OptionalInt numberBehind(String name) {
    var regex = "(?:^|.*?\\.)" + text + "\\.(\\d{1,9})\\.";
    int found =
        run(
            regex,
            name,
            matcher ->
                matcher.lookingAt() ? Integer.parseInt(matcher.group(matcher.groupCount())) : -1);
    return found < 0 ? OptionalInt.empty() : OptionalInt.of(found);
  }

  @FunctionalInterface
  private interface Question {
    int ask(java.util.regex.Matcher matcher);
  }

  private int run(String regex, String name, Question question) {
    try {
      return question.ask(compile(regex).matcher(new Watched(name)));
    } catch (TooLong | StackOverflowError e) {
      throw new IllegalArgumentException("takes too long to match; write it more simply", e);
    }
  }

  /// Python marks names of groups, and the end of the text, in its own way.
  private static Pattern compile(String python) {
    try {
      return Pattern.compile(
          python
              .replace("(?P<", "(?<")
              .replaceAll("\\(\\?P=(\\w+)\\)", "\\\\k<$1>")
              .replace("\\Z", "\\z"));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("is no regular expression: " + e.getDescription(), e);
    } catch (StackOverflowError e) {
      throw new IllegalArgumentException("is nested too deeply", e);
    }
  }

  private static final class TooLong extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /// A text that counts how often it is looked at.
  private static final class Watched implements CharSequence {
    private final String text;
    private int looks;

    Watched(String text) {
      this.text = text;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (++looks > LOOKS) {
        throw new TooLong();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
