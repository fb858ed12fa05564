package io.plm4j.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.plm4j.error.InputException;
import io.plm4j.testkit.Mutant;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damaged rows end in examples or in reasons, and damaged files in either or in a message, soon.
class RowsFuzzTest {
  private static final int CASES = Mutant.cases(80);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private ExampleMaker maker;
  private final SplittableRandom random = new SplittableRandom(Long.getLong("plm.fuzz.seed", 12));

  /// What became of all that was read.
  private int good;

  private int bad;
  private int refused;

  @BeforeEach
  void write() {
    maker = Fixture.write(folder).maker();
  }

  private void read(Path file, String what) {
    assertTimeoutPreemptively(PATIENCE, () -> read(file), what);
  }

  private void read(Path file) {
    var reports = new Reports();
    try (var data = Dataset.open(List.of(Source.of("some", file)), folder)) {
      int examples = 0;
      for (var batch : data.pass(maker, new Batching.Examples(4), reports)) {
        examples += batch.size();
        for (var example : batch) {
          assertThat(example.predicted()).isPositive();
        }
      }
      assertThat(examples + reports.skipped.size()).isEqualTo((int) data.rows());
      good += examples;
    } catch (InputException e) {
      assertThat(e.getMessage()).isNotBlank();
      refused++;
    }
    bad += reports.skipped.size();
    assertThat(reports.skipped).allSatisfy(row -> assertThat(row.reason()).isNotBlank());
  }

  @Test
  void damagedLinesEndInExamplesOrInReasons() throws IOException {
    var rows = new ArrayList<String>();
    for (var line : Files.readAllLines(folder.resolve("rows.jsonl"))) {
      if (!line.contains("clip.mp4") || rows.size() < 7) {
        rows.add(line);
      }
    }
    var file = folder.resolve("damaged.jsonl");
    for (int i = 0; i < CASES; i++) {
      var line = rows.get(i % rows.size());
      var text = Mutant.ofJson(line, random) + "\n" + line + "\n";
      Files.write(file, text.getBytes(StandardCharsets.UTF_8));
      read(file, "case %d, of %s".formatted(i, line));
    }
    assertThat(good).isGreaterThan(CASES);
    assertThat(bad).isGreaterThan(CASES / 4);
  }

  @Test
  void damagedFilesOfLinesEndSoonToo() throws IOException {
    byte[] original = Files.readAllBytes(folder.resolve("rows.jsonl"));
    var file = folder.resolve("damaged.jsonl");
    for (int i = 0; i < CASES / 5; i++) {
      Files.write(file, Mutant.of(original, 100, random));
      read(file, "case " + i);
    }
    assertThat(good).isPositive();
  }

  @Test
  void damagedParquetFilesEndInExamplesOrInAMessage() throws IOException {
    var file = folder.resolve("damaged.parquet");
    var originals =
        List.of(Fixture.resource("radiology.parquet"), Fixture.resource("messages.parquet"));
    for (int i = 0; i < CASES; i++) {
      Files.write(file, Mutant.of(originals.get(i % 2), 1500, random));
      read(file, "case " + i);
    }
    assertThat(refused).isGreaterThan(CASES / 10);
    assertThat(good).isPositive();
    try (var files = Files.list(folder)) {
      assertThat(files.filter(path -> path.toString().endsWith(".tmp"))).isEmpty();
    }
  }
}
