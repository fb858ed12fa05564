package io.plm4j.nano.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.text.SpecialTokens;
import io.plm4j.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BpeTest {
  private static final List<String> TEXTS =
      List.of(
          "Describe the bar plot in the image.",
          "The bar plot titled \"Sales\" shows two categories: step (12) and horror (30).",
          "What is the highest bar?",
          "The highest is horror and the lowest is step.",
          "2023 2024 2025");

  private static Bpe learn(int size) {
    var pieces = new Pieces();
    for (int i = 0; i < 3; i++) {
      TEXTS.forEach(pieces::add);
    }
    return Bpe.learn(pieces, size);
  }

  private static String text(Bpe bpe, int id) {
    return new String(bpe.tokens().get(id), StandardCharsets.UTF_8);
  }

  @Test
  void theMostFrequentPairIsJoinedFirst() {
    var pieces = new Pieces();
    List.of("abab", "abab", "cd").forEach(pieces::add);
    var bpe = Bpe.learn(pieces, 258);
    assertThat(text(bpe, 256)).isEqualTo("ab");
    assertThat(text(bpe, 257)).isEqualTo("abab");
  }

  @Test
  void theSameTextsGiveTheSameVocabulary() {
    assertThat(learn(300).merges()).isEqualTo(learn(300).merges());
  }

  @Test
  void whatOccursOnceIsNotLearnt() {
    var pieces = new Pieces();
    pieces.add("once");
    assertThat(Bpe.learn(pieces, 1000).merges()).isEmpty();
  }

  @Test
  void digitsAreNeverJoined() {
    var bpe = learn(400);
    for (int id = 256; id < bpe.tokens().size(); id++) {
      assertThat(text(bpe, id)).doesNotMatch(".*\\d.*");
    }
  }

  @Test
  void everyTextSurvivesTheTokenizerOfTheWrittenFiles(@TempDir Path folder) {
    VocabularyFiles.write(learn(320), folder, 512);
    var tokenizer = Tokenizer.read(folder);
    assertThat(tokenizer.size()).isEqualTo(320 + VocabularyFiles.specialTokens());
    var random = new SplittableRandom(1);
    for (int i = 0; i < 300; i++) {
      var text = new StringBuilder(TEXTS.get(i % TEXTS.size()));
      random.ints(20, 1, 0xD800).forEach(text::appendCodePoint);
      var ids = tokenizer.encode(text, SpecialTokens.AS_TEXT);
      assertThat(tokenizer.decode(ids)).isEqualTo(text.toString());
    }
    assertThat(tokenizer.encode(" highest", SpecialTokens.AS_TEXT)).hasSize(1);
    assertThat(tokenizer.encode(" highestest", SpecialTokens.AS_TEXT)).hasSize(11);
    assertThat(tokenizer.encode("123", SpecialTokens.AS_TEXT)).hasSize(3);
  }

  @Test
  void specialTokensHaveTheLastIdsAndTheirParts(@TempDir Path folder) {
    VocabularyFiles.write(learn(300), folder, 512);
    var tokenizer = Tokenizer.read(folder);
    assertThat(tokenizer.specialToken("<|begin_of_text|>")).hasValue(300);
    assertThat(tokenizer.specialToken("<|eot_id|>")).hasValue(306);
    assertThat(tokenizer.named("image_token")).hasValue("<|image|>");
    assertThat(tokenizer.named("video_token")).hasValue("<|video|>");
    assertThat(tokenizer.named("pad_token")).hasValue("<|end_of_text|>");
  }

  @Test
  void theTemplateHoldsTheSystemMessage() {
    assertThat(VocabularyFiles.template())
        .contains("'" + VocabularyFiles.SYSTEM_MESSAGE + "'")
        .contains("add_generation_prompt");
  }
}
