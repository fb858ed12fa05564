package io.plm4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class TokenizerTest {
  private final Tokenizer tokenizer = Fixture.TOKENIZER;

  @Test
  void specialTokensInTextStayTextUnlessAskedFor() {
    int end = tokenizer.specialToken("<|eot_id|>").orElseThrow();
    assertThat(tokenizer.encode("a<|eot_id|>", SpecialTokens.PARSE)).endsWith(end);
    assertThat(tokenizer.encode("a<|eot_id|>", SpecialTokens.AS_TEXT)).doesNotContain(end);
    assertThat(tokenizer.decode(tokenizer.encode("a<|eot_id|>", SpecialTokens.AS_TEXT)))
        .isEqualTo("a<|eot_id|>");
  }

  @Test
  void theLongestSpecialTokenWins() {
    assertThat(tokenizer.encode("<|reserved_special_token_55|>", SpecialTokens.PARSE)).hasSize(1);
  }

  @Test
  void aDocumentBeginsWithTheTokenThatTheFileAsksFor() {
    int begin = tokenizer.specialToken("<|begin_of_text|>").orElseThrow();
    int[] plain = tokenizer.encode("the cat", SpecialTokens.AS_TEXT);
    int[] document = tokenizer.encodeDocument("the cat", SpecialTokens.AS_TEXT);
    assertThat(document).startsWith(begin).hasSize(plain.length + 1).endsWith(plain);
  }

  @Test
  void decodingWhatWasEncodedGivesTheText() {
    for (String text :
        new String[] {"", " ", "\u0000", "the cat. isn't , it ?", "🐱\uFFFD\n\n é"}) {
      assertThat(tokenizer.decode(tokenizer.encode(text, SpecialTokens.AS_TEXT))).isEqualTo(text);
    }
  }

  @Test
  void aSurrogateWithoutItsPartnerIsReadAsTheReplacementCharacter() {
    assertThat(tokenizer.encode("a\uD83Db\uDC31", SpecialTokens.AS_TEXT))
        .isEqualTo(tokenizer.encode("a\uFFFDb\uFFFD", SpecialTokens.AS_TEXT));
  }

  @Test
  void longInputsOfOneKindTakeLinearTime() {
    for (String unit : new String[] {"a", " ", "\n", "1", "!", "<", "<|", "é", "🐱", "'", " \n"}) {
      Assertions.assertTimeout(
          Duration.ofSeconds(10),
          () -> tokenizer.encode(unit.repeat(300_000), SpecialTokens.PARSE),
          unit);
    }
  }

  @Test
  void idsWithoutATokenDecodeToNothingAndNegativeOnesAreAMistake() {
    assertThat(tokenizer.decode(tokenizer.size(), 1_000_000)).isEmpty();
    assertThat(tokenizer.token(tokenizer.size())).isEmpty();
    assertThatThrownBy(() -> tokenizer.decode(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tokensAreKnownByTheirSpelling() {
    int id = tokenizer.encode(" zebra", SpecialTokens.AS_TEXT)[0];
    assertThat(tokenizer.token(id)).contains("Ġzebra");
    assertThat(tokenizer.token(tokenizer.size() - 1)).contains("<|reserved_special_token_55|>");
    assertThat(tokenizer.size()).isEqualTo(715);
    assertThat(tokenizer.specialToken("zebra")).isEmpty();
  }

  @Test
  void namedTokensComeFromTheConfiguration() {
    assertThat(tokenizer.named("eos_token")).contains("<|eot_id|>");
    assertThat(tokenizer.named("image_token")).contains("<|image|>");
    assertThat(tokenizer.named("unk_token")).isEmpty();
  }
}
