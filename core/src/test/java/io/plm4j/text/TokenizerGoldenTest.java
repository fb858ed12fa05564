package io.plm4j.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Compares ids and texts with those of transformers 5.18.0 on tokenizers 0.23.2; `make_goldens.py`
/// made the files. Exact.
class TokenizerGoldenTest {
  record Encoding(String text, int[] ids) {}

  record Decoding(int[] ids, String text, String verbatim) {}

  @Test
  void encodesAsHuggingFaceDoes() {
    for (Encoding golden : Fixture.golden("encodings.json", Encoding[].class)) {
      assertThat(Fixture.TOKENIZER.encode(golden.text(), SpecialTokens.PARSE))
          .as(golden.text())
          .isEqualTo(golden.ids());
    }
  }

  @Test
  void decodesAsHuggingFaceDoesWithAndWithoutSpecialTokens() {
    for (Decoding golden : Fixture.golden("decodings.json", Decoding[].class)) {
      assertThat(Fixture.TOKENIZER.decode(golden.ids())).isEqualTo(golden.text());
      assertThat(Fixture.TOKENIZER.decodeVerbatim(golden.ids())).isEqualTo(golden.verbatim());
    }
  }

  @Test
  void aStreamGivesTheSameTextInPiecesAsAllIdsAtOnce() {
    for (Decoding golden : Fixture.golden("decodings.json", Decoding[].class)) {
      var stream = Fixture.TOKENIZER.stream();
      var pieces = new StringBuilder();
      for (int id : golden.ids()) {
        pieces.append(stream.accept(id));
        assertThat(stream.text()).isEqualTo(pieces.toString());
      }
      pieces.append(stream.finish());
      assertThat(pieces.toString()).isEqualTo(golden.text());
    }
  }
}
