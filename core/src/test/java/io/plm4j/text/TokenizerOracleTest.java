package io.plm4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Compares ids with those of Hugging Face's own code, which DJL binds, on random text.
class TokenizerOracleTest {
  private static final String SYMBOLS =
      "aA1 \n\r\t'.,sStTdDmMlLrReEvV\u017F\u0301\u00E9\uFF19 \u00A0\u2003-<|>";

  private static HuggingFaceTokenizer oracle;

  @BeforeAll
  static void open() throws Exception {
    oracle =
        HuggingFaceTokenizer.newInstance(
            Fixture.FOLDER.resolve("tokenizer.json"),
            Map.of("addSpecialTokens", "false", "truncation", "false"));
  }

  @AfterAll
  static void close() {
    oracle.close();
  }

  private static void assertSameIds(String text) {
    int[] expected =
        Arrays.stream(oracle.encode(text).getIds()).mapToInt(Math::toIntExact).toArray();
    assertThat(Fixture.TOKENIZER.encode(text, SpecialTokens.PARSE)).as(text).isEqualTo(expected);
  }

  /// All of the first 12 thousand code points, and beyond them every 31st.
  @Test
  void codePointsOfAllKindsAreSplitAndEncodedAlike() {
    var text = new StringBuilder();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c += c < 0x3000 ? 1 : 31) {
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        continue;
      }
      String s = Character.toString(c);
      text.append('a').append(s).append('\'').append(s).append(' ').append(s).append('1');
      if (text.length() > 1000) {
        assertSameIds(text.toString());
        text.setLength(0);
      }
    }
    assertSameIds(text.toString());
  }

  @Test
  void randomTextIsEncodedAlike() {
    var random = new SplittableRandom(7);
    for (int round = 0; round < 3000; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(40); i > 0; i--) {
        switch (random.nextInt(4)) {
          case 0 -> text.append("<|eot_id|>", 0, 1 + random.nextInt(10));
          case 1 -> text.appendCodePoint(random.nextInt(0xD800));
          default -> text.append(SYMBOLS.charAt(random.nextInt(SYMBOLS.length())));
        }
      }
      assertSameIds(text.toString());
    }
  }
}
