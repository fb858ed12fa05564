package io.plm4j.generate.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.apache.lucene.util.automaton.Automaton;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Java's own regular expressions say what is right.
class ExpressionTest {
  private static final List<String> PIECES =
      List.of(
          "a",
          "b",
          "é",
          "😀",
          ".",
          "[ab]",
          "[^a]",
          "\\d",
          "\\D",
          "\\w",
          "[\\d-]",
          "(?:a|bc)",
          "(a)",
          "(a*)",
          "\\.",
          "\\u0062",
          "[a-c]",
          "\\x62",
          "\\n",
          "^",
          "$",
          "(b|)");
  private static final List<String> TIMES =
      List.of("", "", "*", "+", "?", "{2}", "{1,}", "{0,2}", "*?");

  private static boolean accepts(Automaton automaton, String text) {
    int state = automaton.getNumStates() == 0 ? -1 : 0;
    for (int c : text.codePoints().toArray()) {
      state = state < 0 ? -1 : automaton.step(state, c);
    }
    return state >= 0 && automaton.isAccept(state);
  }

  private static String expression(SplittableRandom random, int depth) {
    var text = new StringBuilder();
    for (int i = random.nextInt(4); i >= 0; i--) {
      boolean group = depth > 0 && random.nextInt(5) == 0;
      var piece =
          group
              ? "(" + expression(random, depth - 1) + ")"
              : PIECES.get(random.nextInt(PIECES.size()));
      text.append(piece);
      if (!piece.equals("^") && !piece.equals("$")) {
        text.append(TIMES.get(random.nextInt(TIMES.size())));
      }
      if (random.nextInt(6) == 0) {
        text.append('|');
      }
    }
    return text.toString();
  }

  private static String text(SplittableRandom random) {
    var text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(
          List.of("a", "b", "c", "é", "😀", "7", "-", ".", "A", "\n").get(random.nextInt(10)));
    }
    return text.toString();
  }

  @Test
  void textsMatchAsInJava() {
    var random = new SplittableRandom(7);
    for (int i = 0; i < Integer.getInteger("plm.fuzz.cases", 150) * 2; i++) {
      var expression = expression(random, 2);
      var java = Pattern.compile(expression);
      var found = Expression.foundIn(expression);
      var whole = Expression.whole(expression);
      for (int j = 0; j < 40; j++) {
        var text = text(random);
        // Java's $ also stands before a last line end; ECMAScript's does not.
        var ecma = Pattern.compile(expression.replace("$", "\\z")).matcher(text);
        assertThat(accepts(found, text)).as(expression + " in " + text).isEqualTo(ecma.find());
        assertThat(accepts(whole, text))
            .as(expression + " is " + text)
            .isEqualTo(Pattern.compile(java.pattern().replace("$", "\\z")).matcher(text).matches());
      }
    }
  }

  @Test
  void propertiesOfUnicodeAreJavas() {
    for (var expression : List.of("\\p{L}", "\\P{Lu}", "[\\p{IsGreek}\\d]")) {
      var whole = Expression.whole(expression);
      var java = Pattern.compile(expression).asMatchPredicate();
      for (int c = 0; c < 0x3000; c++) {
        var text = Character.toString(c);
        assertThat(accepts(whole, text)).as(expression + " " + c).isEqualTo(java.test(text));
      }
    }
  }

  @Test
  void whatReadersDisagreeOnIsLeftOut() {
    // No-break space is white space to ECMAScript, not to Java.
    assertThat(accepts(Expression.whole("\\s"), "\u00a0")).isFalse();
    assertThat(accepts(Expression.whole("\\S"), "\u00a0")).isFalse();
    assertThat(accepts(Expression.whole("[^\\s]"), "\u00a0")).isFalse();
    assertThat(accepts(Expression.whole("[^\\S]"), "\u00a0")).isFalse();
    assertThat(accepts(Expression.whole("."), "\u2028")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a(?=b)",
        "(?i)a",
        "(a)\\1",
        "a\\b",
        "a)",
        "(a",
        "[a",
        "*a",
        "a**",
        "a++",
        "a{2,1}",
        "a{x}",
        "^*",
        "[z-a]",
        "a{99999}",
        "(?:a{10000}){10000}",
        "[a[b]]",
        "[a&&b]",
        "\\p{Nonsense}",
        "\\u12",
        "\\ud800",
        "a\\",
        "\\",
        "\\u{110000}",
        "\\p",
        "[\\"
      })
  void whatIsNotUnderstoodIsRefused(String expression) {
    assertThatThrownBy(() -> Constraint.regex(expression)).isInstanceOf(InputException.class);
  }

  @Test
  void anExpressionThatNothingKeepsIsRefused() {
    assertThatThrownBy(() -> Constraint.regex("a^b")).hasMessageContaining("no text keeps");
  }

  @Test
  void randomBytesAreAnExpressionOrRefused() {
    var random = new SplittableRandom(1);
    var alphabet = "ab\\[](){}*+?|^$.-,09dDwsSpPuxé<>=!:&";
    for (int i = 0; i < Integer.getInteger("plm.fuzz.cases", 150) * 10; i++) {
      var text = new StringBuilder();
      for (int j = random.nextInt(12); j >= 0; j--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        Expression.foundIn(text.toString());
      } catch (InputException e) {
        assertThat(e).hasMessageContaining("e");
      }
    }
  }
}
