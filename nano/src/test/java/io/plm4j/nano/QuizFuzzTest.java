package io.plm4j.nano;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.error.InputException;
import io.plm4j.nano.chance.Level;
import io.plm4j.nano.chance.Style;
import io.plm4j.testkit.Mutant;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damaged rows and answers end in a report or in a message.
class QuizFuzzTest {
  private static final int CASES = Mutant.cases(120);

  @Test
  void mutatedRowsAndAnswersEndInAReportOrInAMessage(@TempDir Path folder) throws IOException {
    var kinds = List.of(Kind.TEXT, Kind.BOXES, Kind.SHAPES);
    var world = new World(new World.Settings(1, kinds, List.of(Level.THIRD), Style.TRAIN, 4));
    DataFolder.write(world, new DataFolder.Part(0, 4, 1, DataFolder.Form.WHOLE), folder, _ -> {});
    var rows = folder.resolve(DataFolder.ROWS);
    var original = Files.readString(rows);
    var answers = folder.resolve("answers.jsonl");
    var lines =
        "{\"id\": \"0.0\", \"text\": \"[100,200,300,400]\"}\n{\"id\": \"1.0\", \"text\": \"7\"}\n";
    var random = new SplittableRandom(3);
    int reports = 0;
    for (int i = 0; i < CASES; i++) {
      Files.write(rows, bytes(Mutant.ofJson(original, random)));
      Files.write(answers, bytes(i % 2 == 0 ? lines : Mutant.ofJson(lines, random)));
      try {
        assertThat(new Quiz(folder).score(answers).all().right()).isBetween(0.0, 1.0);
        reports++;
      } catch (InputException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
    assertThat(reports).isBetween(1, CASES - 1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
