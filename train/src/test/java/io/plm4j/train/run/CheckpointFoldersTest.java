package io.plm4j.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.testkit.Mutant;
import io.plm4j.train.config.Every;
import io.plm4j.train.config.Saving;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFoldersTest {
  @TempDir private Path folder;

  private void save(CheckpointFolders checkpoints, long... steps) {
    for (long step : steps) {
      checkpoints.save(step, path -> write(path, "step " + step));
    }
  }

  private static void write(Path path, String text) {
    try {
      Files.writeString(path.resolve("weights"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Saving keeping(int limit, boolean best) {
    return new Saving(new Every.Steps(1), OptionalInt.of(limit), best);
  }

  @Test
  void theLatestIsTheOneOfTheHighestStep() {
    var checkpoints = new CheckpointFolders(folder);
    assertThat(checkpoints.latest()).isEmpty();
    save(checkpoints, 250, 1000, 500);
    assertThat(checkpoints.latest()).contains(folder.resolve("checkpoint-1000"));
    assertThat(checkpoints.steps()).containsExactly(250L, 500L, 1000L);
  }

  @Test
  void onlyTheNewestAreKeptAndTheBest() {
    var checkpoints = new CheckpointFolders(folder);
    save(checkpoints, 1, 2, 3, 4);
    checkpoints.rotate(keeping(2, true), OptionalLong.of(1));
    assertThat(checkpoints.steps()).containsExactly(1L, 3L, 4L);
    checkpoints.rotate(keeping(1, false), OptionalLong.of(1));
    assertThat(checkpoints.steps()).containsExactly(4L);
    checkpoints.rotate(
        new Saving(new Every.Steps(1), OptionalInt.empty(), false), OptionalLong.empty());
    assertThat(folder).isDirectoryContaining("glob:**/checkpoint-4");
    assertThat(folder.toFile().list()).hasSize(1);
  }

  @Test
  void whatIsNotCalledACheckpointIsLeftAlone() throws IOException {
    var checkpoints = new CheckpointFolders(folder);
    Files.writeString(folder.resolve("checkpoint-7"), "a file");
    Files.createDirectory(folder.resolve("checkpoint-best"));
    Files.createDirectory(folder.resolve("checkpoint-007"));
    Files.createDirectories(folder.resolve("checkpoint-9.partial/deep"));
    Files.createDirectories(folder.resolve("checkpoint-3.removed"));
    assertThat(checkpoints.latest()).isEmpty();
    checkpoints.removeLeftovers();
    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder("checkpoint-7", "checkpoint-best", "checkpoint-007");
  }

  @Test
  void aSaveThatFailsLeavesTheEarlierOne() {
    var checkpoints = new CheckpointFolders(folder);
    save(checkpoints, 1);
    assertThatThrownBy(() ->
            checkpoints.save(
                2,
                path -> {
                  write(path, "half");
                  throw new IllegalStateException("the disk is full");
                }))
        .hasMessage("the disk is full");
    assertThat(checkpoints.latest()).contains(folder.resolve("checkpoint-1"));
    save(checkpoints, 2);
    assertThat(folder.resolve("checkpoint-2/weights")).hasContent("step 2");
  }

  @Test
  void theCheckpointOfAStepIsWrittenOnce() {
    var checkpoints = new CheckpointFolders(folder);
    save(checkpoints, 1);
    var again = checkpoints.save(1, path -> write(path, "other"));
    assertThat(again.resolve("weights")).hasContent("step 1");
  }

  @Test
  void aProcessThatIsKilledLeavesAWholeCheckpointWhateverItWasAt() throws Exception {
    var random = new Random(3);
    long last = 0;
    for (int i = 0; i < Math.min(200, Mutant.cases(6)); i++) {
      var process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xshare:auto",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  SaveLoop.class.getName(),
                  folder.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertThat(process.getInputStream().read()).isEqualTo('s');
      Thread.sleep(random.nextInt(120));
      process.destroyForcibly().waitFor();
      last = requireWhole(last);
    }
    assertThat(last).isPositive();
  }

  /// @return the latest step
  private long requireWhole(long atLeast) throws IOException {
    var checkpoints = new CheckpointFolders(folder);
    if (checkpoints.latest().isEmpty()) {
      assertThat(atLeast).isZero();
      return 0;
    }
    for (long step : checkpoints.steps()) {
      var path = checkpoints.path(step);
      assertThat(TrainerState.read(path).step()).isEqualTo(step);
      for (int i = 0; i < SaveLoop.FILES; i++) {
        byte[] bytes = Files.readAllBytes(path.resolve("weights-" + i));
        assertThat(bytes).hasSize(SaveLoop.BYTES).containsOnly((byte) step);
      }
    }
    long latest = checkpoints.steps().getLast();
    assertThat(latest).isGreaterThanOrEqualTo(atLeast);
    return latest;
  }
}
