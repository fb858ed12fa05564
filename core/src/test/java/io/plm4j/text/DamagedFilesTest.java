package io.plm4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever happens to a file, it is read or refused with a message; nothing else is ever thrown.
class DamagedFilesTest {
  private static final Duration A_WHILE = Duration.ofSeconds(1);
  private static final String[] SHARDS = {
    "\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "-1",
    "1e999",
    "9999999999",
    "\\u0000",
    "\u00C4",
    "{%",
    "%}",
    "{{",
    "}}",
    "{#",
    "-",
    "|",
    "(",
    ")",
    " if ",
    " for x in ",
    " is ",
    ".",
    "'",
    "~",
    "messages",
    "[::-1]",
    " * 99999999",
    "loop",
    "else",
    "endif",
    "set x = ",
    "\n"
  };

  @TempDir private Path folder;

  private static byte[] damaged(byte[] bytes, SplittableRandom random) {
    byte[] result = bytes.clone();
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      int at = random.nextInt(result.length);
      switch (random.nextInt(5)) {
        case 0 -> result[at] = (byte) random.nextInt(256);
        case 1 -> result = Arrays.copyOf(result, Math.max(1, at));
        case 2 ->
            result =
                spliced(
                    result,
                    at,
                    SHARDS[random.nextInt(SHARDS.length)].getBytes(StandardCharsets.UTF_8),
                    at);
        case 3 ->
            result =
                spliced(
                    result, at, new byte[0], Math.min(result.length, at + 1 + random.nextInt(20)));
        default -> {
          int from = random.nextInt(result.length);
          byte[] piece =
              Arrays.copyOfRange(result, from, Math.min(result.length, from + random.nextInt(60)));
          result = spliced(result, at, piece, at);
        }
      }
      if (result.length == 0) {
        return new byte[] {' '};
      }
    }
    return result;
  }

  private static byte[] spliced(byte[] bytes, int from, byte[] piece, int to) {
    byte[] result = new byte[from + piece.length + bytes.length - to];
    System.arraycopy(bytes, 0, result, 0, from);
    System.arraycopy(piece, 0, result, from, piece.length);
    System.arraycopy(bytes, to, result, from + piece.length, bytes.length - to);
    return result;
  }

  /// Runs `use` and gives whether the file was accepted.
  private static boolean survives(Runnable use, long round) {
    try {
      use.run();
      return true;
    } catch (InputException e) {
      assertThat(e.getMessage()).isNotBlank();
      return false;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      return fail("round " + round, e);
    }
  }

  private void fuzz(String file, Runnable use) throws IOException {
    byte[] original = Files.readAllBytes(Fixture.FOLDER.resolve(file));
    var random = new SplittableRandom(17);
    long end = System.nanoTime() + A_WHILE.toNanos();
    int accepted = 0;
    long round = 0;
    for (; System.nanoTime() < end; round++) {
      Files.write(folder.resolve(file), damaged(original, random));
      accepted += survives(use, round) ? 1 : 0;
    }
    assertThat(accepted).as("of %d", round).isBetween(1, (int) round - 1);
  }

  @Test
  void aDamagedTokenizerIsReadOrRefused() throws IOException {
    fuzz(
        "tokenizer.json",
        () -> {
          Tokenizer tokenizer = Tokenizer.read(folder);
          int[] ids = tokenizer.encodeDocument("the <|eot_id|> cat's\n 🐱", SpecialTokens.PARSE);
          assertThat(tokenizer.decodeVerbatim(ids)).isNotEmpty();
        });
  }

  @Test
  void aDamagedConfigurationIsReadOrRefused() throws IOException {
    Files.copy(Fixture.FOLDER.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
    fuzz("tokenizer_config.json", () -> Tokenizer.read(folder));
  }

  @Test
  void aDamagedTemplateRendersOrIsRefused() throws IOException {
    var conversation =
        List.of(
            Message.system("s"),
            Message.user(Content.image(), Content.text("a <|eot_id|>")),
            Message.assistant("b"));
    fuzz(
        "chat_template.jinja",
        () ->
            new PromptRenderer(Fixture.TOKENIZER, ChatTemplate.read(folder), Fixture.CLOCK)
                .prompt(
                    conversation, new MediaTokens(List.of(2), List.of()), SpecialTokens.AS_TEXT));
  }
}
