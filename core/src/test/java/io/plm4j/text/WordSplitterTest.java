package io.plm4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The hand-written splitters against the expressions that they stand for.
class WordSplitterTest {
  private static final String LLAMA =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final String GPT2 =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
  private static final String SYMBOLS =
      "abSTDMlLrRvVeE\u017F019\uFF19  \n\r\t'''.,!-_\u0301\u00E9\u00A0\u2003\u3000\u2028\u0085\u001C";

  private static List<String> split(Splitter splitter, String text) {
    List<String> pieces = new ArrayList<>();
    for (int at = 0; at < text.length(); ) {
      int end = splitter.pieceEnd(text, at, text.length());
      pieces.add(text.substring(at, end));
      at = end;
    }
    return pieces;
  }

  private static void assertSplitsAs(Splitter splitter, String expression) {
    Pattern pattern =
        Pattern.compile(
            expression.replace("\\p{L}", "\\p{IsL}").replace("\\p{N}", "\\p{IsN}"),
            Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNICODE_CASE);
    var random = new SplittableRandom(11);
    for (int round = 0; round < 20_000; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(24); i > 0; i--) {
        int c =
            random.nextInt(10) == 0
                ? random.nextInt(Character.MAX_CODE_POINT + 1)
                : SYMBOLS.charAt(random.nextInt(SYMBOLS.length()));
        text.appendCodePoint(c >= 0xD800 && c < 0xE000 ? 'x' : c);
      }
      List<String> expected = new ArrayList<>();
      for (Matcher m = pattern.matcher(text); m.find(); ) {
        expected.add(m.group());
      }
      assertThat(split(splitter, text.toString())).isEqualTo(expected);
    }
  }

  @Test
  void splitsAsLlamasExpressionDoes() {
    assertSplitsAs(new WordSplitter(3), LLAMA);
  }

  @Test
  void splitsAsQwensExpressionDoes() {
    assertSplitsAs(new WordSplitter(1), LLAMA.replace("{1,3}", ""));
  }

  @Test
  void splitsAsGpt2sExpressionDoes() {
    assertSplitsAs(new Gpt2Splitter(), GPT2);
  }

  /// Oniguruma in tokenizers 0.23.2 has exactly these many members, the same code points as JDK 25.
  /// A JDK with a newer Unicode will have more, and then differs from tokenizers on the new ones.
  @Test
  void theClassesHaveTheMembersOfUnicode16() {
    assertThat(members(UnicodeClasses::isLetter)).isEqualTo(141_028);
    assertThat(members(UnicodeClasses::isNumber)).isEqualTo(1_911);
    assertThat(members(UnicodeClasses::isSpace)).isEqualTo(25);
  }

  private static long members(IntPredicate property) {
    return IntStream.rangeClosed(0, Character.MAX_CODE_POINT).filter(property).count();
  }
}
