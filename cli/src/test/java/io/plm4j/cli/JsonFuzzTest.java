package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.error.InputException;
import io.plm4j.media.ReadOptions;
import io.plm4j.testkit.Mutant;
import io.plm4j.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damaged JSON that users bring, conversations and requests and tokenizers, ends in a result or in
/// a message.
class JsonFuzzTest {
  private static final int CASES = Mutant.cases(1500);
  private static final String TALK =
      """
      [{"role": "system", "content": "Be brief."},
       {"role": "user", "content": [{"type": "image", "path": "%s"}, {"type": "text", "text": "a\\u00e4"}]},
       {"role": "assistant", "content": "x"}, {"role": "user", "content": "y"}]
      """
          .formatted(Samples.CAT);

  @Test
  void mutatedConversationsEndInAConversationOrInAMessage() {
    var random = new SplittableRandom(1);
    int read = 0;
    for (int i = 0; i < CASES; i++) {
      var source =
          new ConversationFile.Source("talk.json", List.of(), List.of(), ReadOptions.DEFAULT);
      try {
        var talk =
            ConversationFile.parse(
                source, Mutant.ofJson(TALK, random), ConversationFile.Ending.QUESTION);
        assertThat(talk.messages()).isNotEmpty();
        read++;
      } catch (InputException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
    assertThat(read).isBetween(1, CASES - 1);
  }

  @Test
  void mutatedRequestsEndInRecords(@TempDir Path folder) throws IOException {
    var random = new SplittableRandom(2);
    var line =
        "{\"id\": 7, \"prompt\": \"What?\", \"max_new_tokens\": 2, \"temperature\": 0.5, \"stop\": [\"a\"], \"top_k\": 3}";
    int lines = Math.min(CASES / 5, 500);
    var requests = folder.resolve("requests.jsonl");
    var mutants =
        java.util.stream.Stream.generate(() -> Mutant.ofJson(line, random))
            .filter(text -> text.indexOf('\uD800') < 0 && !text.isBlank())
            .limit(lines)
            .toList();
    Files.write(requests, mutants);
    var answers = folder.resolve("answers.jsonl");
    var run =
        Run.of(
            "generate",
            "--model",
            Samples.MODEL,
            "--batch",
            requests.toString(),
            "--out",
            answers.toString(),
            "--max-new-tokens",
            "2");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(Files.readAllLines(answers)).hasSize(lines);
  }

  @Test
  void mutatedTokenizersEndInATokenizerOrInAMessage(@TempDir Path folder) throws IOException {
    var random = new SplittableRandom(3);
    Samples.copyOfModel(folder.resolve("model"));
    var file = folder.resolve("model").resolve("tokenizer.json");
    var original = Files.readString(file);
    int read = 0;
    int cases = Math.max(20, CASES / 20);
    for (int i = 0; i < cases; i++) {
      Files.writeString(file, Mutant.ofJson(original, random).replace("\uD800", "?"));
      try {
        Tokenizer.read(folder.resolve("model"));
        read++;
      } catch (InputException e) {
        assertThat(e).hasMessageContaining("tokenizer");
      }
    }
    assertThat(read).isLessThan(cases);
  }
}
