package io.plm4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerFileTest {
  @TempDir private Path folder;

  private static String original() throws IOException {
    return Files.readString(Fixture.FOLDER.resolve("tokenizer.json"));
  }

  private Tokenizer read(String json) throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), json);
    return Tokenizer.read(folder);
  }

  private Tokenizer readChanged(UnaryOperator<String> change) throws IOException {
    String changed = change.apply(original());
    assertThat(changed).as("the change must change something").isNotEqualTo(original());
    return read(changed);
  }

  @Test
  void theConfigurationIsOptional() throws IOException {
    Tokenizer tokenizer = read(original());
    assertThat(tokenizer.named("bos_token")).isEmpty();
    assertThat(tokenizer.encode("the cat", SpecialTokens.AS_TEXT))
        .isEqualTo(Fixture.TOKENIZER.encode("the cat", SpecialTokens.AS_TEXT));
  }

  @Test
  void mergesMayBeWrittenInTheOlderForm() throws IOException {
    Tokenizer tokenizer =
        readChanged(json -> {
          int start = json.indexOf("\"merges\":[") + 10;
          String merges =
              json.substring(start).replaceAll("\\[\"([^\"]*)\",\"([^\"]*)\"]", "\"$1 $2\"");
          return json.substring(0, start) + merges;
        });
    assertThat(tokenizer.encode("the picture isn't", SpecialTokens.AS_TEXT))
        .isEqualTo(Fixture.TOKENIZER.encode("the picture isn't", SpecialTokens.AS_TEXT));
  }

  @Test
  void withoutIgnoreMergesOnlyMergesMakeTokens() throws IOException {
    Tokenizer tokenizer =
        readChanged(json -> json.replace("\"ignore_merges\":true", "\"ignore_merges\":false"));
    assertThat(Fixture.TOKENIZER.encode(" zebra", SpecialTokens.AS_TEXT)).hasSize(1);
    assertThat(tokenizer.encode(" zebra", SpecialTokens.AS_TEXT)).hasSizeGreaterThan(1);
  }

  @Test
  void addedTokensKeepTheirFlags() throws IOException {
    Tokenizer tokenizer =
        readChanged(json ->
            json.replace(
                "}],\"normalizer\"",
                "},"
                    + added(715, "wide", "\"lstrip\":true,\"rstrip\":true,")
                    + ","
                    + added(716, "lone", "\"single_word\":true,")
                    + ","
                    + added(717, "late", "\"normalized\":true,")
                    + "],\"normalizer\""));
    assertThat(tokenizer.encode("x \n wide  y", SpecialTokens.AS_TEXT)).hasSize(3).contains(715);
    assertThat(tokenizer.encode("lone", SpecialTokens.AS_TEXT)).containsExactly(716);
    assertThat(tokenizer.encode("lonely", SpecialTokens.AS_TEXT)).doesNotContain(716);
    assertThat(tokenizer.encode("alone", SpecialTokens.AS_TEXT)).doesNotContain(716);
    assertThat(tokenizer.encode("xlatex", SpecialTokens.AS_TEXT)).contains(717);
    assertThat(tokenizer.decode(717)).isEqualTo("late");
    assertThat(tokenizer.isSpecial(717)).isFalse();
  }

  /// An added token that is not special, with the given flags set.
  private static String added(int id, String content, String set) {
    var token = new StringBuilder("{\"id\":%d,\"content\":\"%s\",%s".formatted(id, content, set));
    for (String flag : new String[] {"single_word", "lstrip", "rstrip", "normalized"}) {
      if (!set.contains(flag)) {
        token.append("\"%s\":false,".formatted(flag));
      }
    }
    return token.append("\"special\":false}").toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '¦',
      value = {
        "\"normalizer\":null ¦ \"normalizer\":{\"type\":\"NFC\"} ¦ $.normalizer: an object with the keys [type] is not supported",
        "\"type\":\"BPE\" ¦ \"type\":\"Unigram\" ¦ $.model.type: expected the model \"BPE\", found \"Unigram\"",
        "\"dropout\":null ¦ \"dropout\":0.1 ¦ $.model.dropout: 0.1 is not supported",
        "\"byte_fallback\":false ¦ \"byte_fallback\":true ¦ $.model.byte_fallback: true is not supported",
        "\"end_of_word_suffix\":null ¦ \"end_of_word_suffix\":\"</w>\" ¦ $.model.end_of_word_suffix: \"</w>\" is not supported",
        "\"fuse_unk\":false ¦ \"fuse\":false ¦ $.model.fuse: false is not supported",
        "\\\\p{L}+|\\\\p{N}{1,3} ¦ \\\\p{L}+|\\\\p{N}{1,4} ¦ $.pre_tokenizer.pretokenizers[0].pattern.Regex: expected the splitting pattern",
        "\"behavior\":\"Isolated\" ¦ \"behavior\":\"Removed\" ¦ $.pre_tokenizer.pretokenizers[0].behavior: \"Removed\" is not supported",
        "\"invert\":false ¦ \"invert\":true ¦ $.pre_tokenizer.pretokenizers[0].invert: true is not supported",
        "\"type\":\"Split\" ¦ \"type\":\"Metaspace\" ¦ $.pre_tokenizer.pretokenizers[0].type: \"Metaspace\" is not supported",
        "\"ByteLevel\",\"add_prefix_space\":false ¦ \"ByteLevel\",\"add_prefix_space\":true ¦ $.pre_tokenizer.pretokenizers[1].add_prefix_space: true is not supported",
        "\"decoder\":{\"type\":\"ByteLevel\" ¦ \"decoder\":{\"type\":\"Metaspace\" ¦ $.decoder.type: expected the decoder \"ByteLevel\"",
        "\"TemplateProcessing\" ¦ \"RobertaProcessing\" ¦ $.post_processor.processors[1].type: \"RobertaProcessing\" is not supported",
        "\"version\":\"1.0\" ¦ \"versions\":\"1.0\" ¦ $.versions is not a key that plm4j knows",
        "\"vocab\":{ ¦ \"vocab\":{\"zebra\":0, ¦ $.model.vocab: id 0, or its token, occurs twice",
        "\"vocab\":{ ¦ \"vocab\":{\"zebra\":-1, ¦ expected a whole number from 0 to 4194304",
        "\"vocab\":{ ¦ \"vocab\":{\"zebra\":99999999999, ¦ expected a whole number from 0 to 4194304",
        "\"vocab\":{ ¦ \"vocab\":{\"a b\":900, ¦ expected tokens in the byte alphabet, found \"a b\" (id 900)",
        "\"!\":0, ¦ \"!!!!!\":0, ¦ expected a token for each single byte; \"!\" (byte 0x21) is missing",
        "\"merges\":[ ¦ \"merges\":[[\"qq\",\"zz\"], ¦ $.model.merges[0]: \"qq\" and \"zz\" and both together must be in the vocabulary",
        "\"merges\":[ ¦ \"merges\":[[\"a\"], ¦ is not valid: expected ','",
        "\"merges\":[ ¦ \"merges\":[\"ab\", ¦ $.model.merges[0]: expected two tokens",
        "\"content\":\"<|image|>\" ¦ \"content\":\"<|eot_id|>\" ¦ its id or its content occurs twice",
        "\"content\":\"<|image|>\" ¦ \"content\":\"\" ¦ $.added_tokens[2].content: expected a token's spelling",
        "\"id\":705 ¦ \"id\":805 ¦ the id of \"<|image|>\" is 805, but by the vocabulary and the tokens before it must be 705",
        "\"content\":\"<|image|>\" ¦ \"content\":\"zebra\" ¦ the id of \"zebra\" is 705, but by the vocabulary and the tokens before it must be 700",
        "\"special\":true ¦ \"special\":1 ¦ $.added_tokens[0].special: expected true or false, found 1",
        "\"lstrip\":false ¦ \"left\":false ¦ $.added_tokens[0].left: false is not supported",
        "\"truncation\":null ¦ \"truncation\":nul ¦ is not valid: expected null",
        "\"padding\":null ¦ \"truncation\":null ¦ $.truncation occurs twice"
      })
  void whatIsNotSupportedIsRefusedByItsPath(String from, String to, String message) {
    assertThatThrownBy(() -> readChanged(json -> replaceFirst(json, from, to)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("tokenizer.json")
        .hasMessageContaining(message);
  }

  private static String replaceFirst(String text, String from, String to) {
    int at = text.indexOf(from);
    return at < 0 ? text : text.substring(0, at) + to + text.substring(at + from.length());
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> Tokenizer.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("tokenizer.json");
  }

  @Test
  void configuredTokensMayBeObjectsOrSitAmongTheExtraOnes() throws IOException {
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        """
        {"bos_token": {"content": "<|begin_of_text|>", "lstrip": false}, "unk_token": null,
         "add_bos_token": true, "extra_special_tokens": {"image_token": "<|image|>"}}
        """);
    Tokenizer tokenizer = read(original());
    assertThat(tokenizer.named("bos_token")).contains("<|begin_of_text|>");
    assertThat(tokenizer.named("image_token")).contains("<|image|>");
    assertThat(tokenizer.named("unk_token")).isEmpty();
  }

  @Test
  void aConfiguredTokenMustBeASpecialOne() throws IOException {
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"eos_token\": \"<|nowhere|>\"}");
    assertThatThrownBy(() -> read(original()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("\"eos_token\" is \"<|nowhere|>\"");
  }
}
