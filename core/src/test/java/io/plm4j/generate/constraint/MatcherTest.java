package io.plm4j.generate.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.text.SpecialTokens;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MatcherTest {
  @Test
  void aChoiceIsOneOfTheTextsAndNothingElse() {
    var texts = List.of("yes", "no", "no way", "größe 日本");
    var constraint = Constraint.choice(texts);
    for (int seed = 0; seed < 50; seed++) {
      assertThat(texts).contains(Play.answer(constraint, 40, new SplittableRandom(seed)));
    }
  }

  @Test
  void theEndIsAllowedExactlyWhereTheTextMayEnd() {
    var matcher = Play.matcher(Constraint.choice(List.of("no", "no way")), 20);
    assertThat(matcher.allowed().get(Play.END)).isFalse();
    accept(matcher, "no");
    assertThat(matcher.allowed().get(Play.END)).isTrue();
    assertThat(matcher.complete()).isFalse();
    accept(matcher, " way");
    assertThat(matcher.complete()).isTrue();
    assertThat(matcher.allowed().cardinality()).isEqualTo(1);
  }

  private static void accept(Matcher matcher, String text) {
    for (int id : Play.TOKENIZER.encode(text, SpecialTokens.AS_TEXT)) {
      assertThat(matcher.allowed().get(id)).isTrue();
      matcher.accept(id);
    }
  }

  @Test
  void allowedTokensAreThoseAfterWhichThereIsAWayToTheEnd() {
    // Slow and plain: read every token's bytes by themselves.
    var constraint =
        Constraint.jsonSchema(
            """
            {"type":"array","items":{"type":"string","maxLength":9},"maxItems":3}\
            """);
    var start = new LinkedHashSet<Position>();
    SchemaCompiler.compile(
            "s",
            "{\"type\":\"array\",\"items\":{\"type\":\"string\",\"maxLength\":9},\"maxItems\":3}")
        .enter(Position.END, start::add);
    var random = new SplittableRandom(5);
    var matcher = Play.matcher(constraint, 1000);
    Set<Position> positions = start;
    while (!matcher.complete()) {
      var allowed = matcher.allowed();
      for (int id : Play.TRIE.ids()) {
        var to = positions;
        for (byte b : Play.TRIE.bytes(id)) {
          to = Lookahead.read(to, b & 0xFF);
        }
        assertThat(allowed.get(id)).isEqualTo(!to.isEmpty());
      }
      int[] ids = allowed.stream().filter(id -> id != Play.END).toArray();
      int id = ids[random.nextInt(ids.length)];
      matcher.accept(id);
      for (byte b : Play.TRIE.bytes(id)) {
        positions = Lookahead.read(positions, b & 0xFF);
      }
    }
  }

  @Test
  void anAnswerNeedsNoMoreTokensThanItHas() {
    var constraint =
        Constraint.jsonSchema(
            """
            {"type":"object","properties":{"a":{"type":"string","minLength":4},"b":{"type":"array",
             "items":{"type":"integer","minimum":100},"minItems":2}},"required":["a","b"]}\
            """);
    int fewest = Play.fewest(constraint);
    int usual =
        Play.TOKENIZER.encode("{\"a\":\"aaaa\",\"b\":[100,100]}", SpecialTokens.AS_TEXT).length;
    assertThat(fewest).isLessThanOrEqualTo(usual);
    for (int tokens = fewest; tokens < fewest + 12; tokens++) {
      for (int seed = 0; seed < 5; seed++) {
        var answer = Play.answer(constraint, tokens, new SplittableRandom(seed));
        new Validator("{\"required\":[\"a\",\"b\"]}").check(answer);
      }
    }
    assertThatThrownBy(() -> Play.matcher(constraint, fewest - 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "has %d tokens, but only %d are allowed".formatted(fewest, fewest - 1));
  }

  @Test
  void charactersMayBeSplitBetweenTokens() {
    var matcher = Play.matcher(Constraint.choice(List.of("日")), 10);
    var bytes = new ByteArrayOutputStream();
    int count = 0;
    while (!matcher.complete()) {
      // The shortest token that is allowed: one byte.
      int id =
          matcher.allowed().stream()
              .boxed()
              .min(Comparator.comparing(i -> Play.TRIE.bytes(i).length))
              .orElseThrow();
      matcher.accept(id);
      bytes.writeBytes(Play.TRIE.bytes(id));
      count++;
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("日");
    assertThat(count).isEqualTo(3);
  }

  @Test
  void specialTokensNeverComeEvenWhereTheirSpellingMay() {
    var matcher = Play.matcher(Constraint.regex(".*"), 10);
    int image = Play.TOKENIZER.specialToken("<|image|>").orElseThrow();
    assertThat(matcher.allowed().get(image)).isFalse();
    accept(matcher, "<|image|>");
  }

  @Test
  void whatCannotComeCannotBeAccepted() {
    var matcher = Play.matcher(Constraint.choice(List.of("yes")), 10);
    int no = Play.TOKENIZER.encode("no", SpecialTokens.AS_TEXT)[0];
    assertThatThrownBy(() -> matcher.accept(no)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> matcher.accept(Play.END)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void longAnswersForgetWhatTheyLearnt() {
    var map =
        Constraint.jsonSchema(
            """
            {"type":"object","additionalProperties":{"type":"array","items":{"type":"integer"}}}\
            """);
    new Validator("{\"type\":\"object\"}").check(Play.answer(map, 3000, new SplittableRandom(3)));
  }

  @Test
  void choicesNeedTexts() {
    assertThatThrownBy(() -> Constraint.choice(List.of())).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> Constraint.choice(List.of("a", "")))
        .hasMessageContaining("a choice is empty");
  }
}
