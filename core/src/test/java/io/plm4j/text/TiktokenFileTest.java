package io.plm4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.layout.Layout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TiktokenFileTest {
  private static final int CASES = Integer.getInteger("plm.fuzz.cases", 300);

  @TempDir private Path folder;
  private Path file;

  record Encoding(String text, int[] ids) {}

  @BeforeEach
  void copy() throws IOException {
    file = folder.resolve("tokenizer.model");
    try (InputStream in =
        Fixture.class.getResourceAsStream("/io/plm4j/testkit/original/tokenizer.model")) {
      Files.write(file, Objects.requireNonNull(in).readAllBytes());
    }
    Files.writeString(folder.resolve("params.json"), "{}");
  }

  @Test
  void encodesAsTiktokenDoes() {
    var tokenizer = Tokenizer.read(folder);
    for (Encoding golden : Fixture.golden("tiktoken.json", Encoding[].class)) {
      assertThat(tokenizer.encode(golden.text(), SpecialTokens.PARSE))
          .as(golden.text())
          .isEqualTo(golden.ids());
    }
  }

  @Test
  void specialTokensFollowTheRanks() {
    var tokenizer = Tokenizer.read(folder);
    assertThat(tokenizer.size()).isEqualTo(703 + 256);
    assertThat(tokenizer.specialToken("<|begin_of_text|>")).hasValue(703);
    assertThat(tokenizer.specialToken("<|image|>")).hasValue(705);
    assertThat(tokenizer.specialToken("<|video|>")).hasValue(706);
    assertThat(tokenizer.specialToken("<|eot_id|>")).hasValue(712);
    assertThat(tokenizer.token(958)).contains("<|reserved_special_token_250|>");
    assertThat(tokenizer.named("eos_token")).contains("<|eot_id|>");
    assertThat(tokenizer.encodeDocument("a", SpecialTokens.AS_TEXT)).startsWith(703);
  }

  @Test
  void bothLayoutsSayTheSame() throws IOException {
    var original = Tokenizer.read(folder);
    var hf = Files.createDirectory(folder.resolve("hf"));
    TokenizerFiles.write(original, hf, Layout.HUGGING_FACE, 2048);
    var converted = Tokenizer.read(hf);
    assertThat(TokenizerFiles.same(original, converted)).isTrue();
    assertThat(converted.namedTokens()).isEqualTo(original.namedTokens());
    for (Encoding golden : Fixture.golden("tiktoken.json", Encoding[].class)) {
      assertThat(converted.encode(golden.text(), SpecialTokens.PARSE)).isEqualTo(golden.ids());
    }
    var back = Files.createDirectory(folder.resolve("back"));
    TokenizerFiles.write(converted, back, Layout.ORIGINAL, 2048);
    assertThat(Files.mismatch(back.resolve("tokenizer.model"), file)).isEqualTo(-1);
  }

  /// Its last special token is another one, and half of the merges that follow from its ranks are
  /// not there.
  @Test
  void aTokenizerThatTheFileCannotSayIsRefusedWithWhatItCannotSay() {
    assertThat(TokenizerFiles.obstacles(Fixture.TOKENIZER))
        .hasSize(2)
        .anyMatch(what -> what.contains("special tokens"))
        .anyMatch(what -> what.contains("merges"));
    assertThatThrownBy(() -> TokenizerFiles.write(Fixture.TOKENIZER, folder, Layout.ORIGINAL, 2048))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has no place for the special tokens");
  }

  @ParameterizedTest
  @CsvSource({
    "IQ==, line 1 is",
    "IQ== x, line 1 is",
    "IQ==  0, line 1 is",
    "!!!! 0, line 1 is",
    "IQ== -1, line 1 is",
    "IQ== 99999999, line 1 is",
    "'IQ== 0\nIQ== 1', line 2: the rank 1",
    "'IQ== 0\nIg== 0', line 2: the rank 0",
    "IQ== 3, ranks must have no holes",
    "IQ== 0, 0x00 is missing",
    "'', 0x00 is missing",
  })
  void whatIsNoSuchFileIsRefusedWithTheLine(String content, String explanation) throws IOException {
    Files.writeString(file, content);
    assertThatThrownBy(() -> Tokenizer.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("tokenizer.model")
        .hasMessageContaining(explanation);
  }

  @Test
  void aFileThatIsNotThereIsNamed() throws IOException {
    Files.delete(file);
    assertThatThrownBy(() -> Tokenizer.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("expected the file " + file);
  }

  @Test
  void aDamagedFileIsReadOrRefused() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    var random = new SplittableRandom(3);
    int read = 0;
    for (int round = 0; round < CASES; round++) {
      byte[] bytes = whole.clone();
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] = (byte) " \n=09Az".charAt(random.nextInt(7));
        case 2 -> bytes = Arrays.copyOf(bytes, at);
        default ->
            System.arraycopy(
                whole, random.nextInt(whole.length - 50), bytes, Math.min(at, 10_00), 40);
      }
      Files.write(file, bytes);
      try {
        assertThat(Tokenizer.read(folder).encode("a cat", SpecialTokens.PARSE)).isNotEmpty();
        read++;
      } catch (InputException e) {
        assertThat(e).hasMessageContaining("tokenizer.model");
      }
    }
    assertThat(read).isBetween(1, CASES - 1);
  }

  @Test
  void theBuiltInTemplateWritesWhatThePublishedOneWrites() {
    var published = ChatTemplate.read(Fixture.FOLDER);
    var tokens = Fixture.TOKENIZER.namedTokens();
    for (var conversation :
        List.of(
            List.of(Message.user(Content.image(), Content.text(" What? "))),
            List.of(
                Message.system(" Short. "),
                Message.user(Content.text("a"), Content.video(), Content.image()),
                Message.assistant("b"),
                Message.user(Content.text("c"), Content.text("d"))))) {
      for (var ending : Ending.values()) {
        assertThat(render(ChatTemplate.plm(), conversation, ending, tokens))
            .isEqualTo(render(published, conversation, ending, tokens));
      }
    }
  }

  private static String render(
      ChatTemplate template,
      List<Message> conversation,
      Ending ending,
      java.util.Map<String, String> tokens) {
    return template
        .render(conversation, ending, tokens, Fixture.SPELLING, Fixture.CLOCK)
        .toString();
  }
}
