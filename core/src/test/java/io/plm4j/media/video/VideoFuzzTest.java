package io.plm4j.media.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.plm4j.error.InputException;
import io.plm4j.media.ImageLimits;
import io.plm4j.testkit.Mutant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damaged files of every container and codec end in frames or in a message: the process lives on,
/// soon, within its memory. `-Dplm.fuzz.cases=5000` tries more of them than a build should.
class VideoFuzzTest {
  private static final int CASES = Mutant.cases(250);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /// Above what reading the clips takes, and far below what damaged sizes claim.
  private static final long MOST_GROWTH = 1L << 30;

  /// How far the headers and indexes at either end of a small clip reach, in bytes.
  private static final int HEADERS = 1000;

  @TempDir private static Path folder;

  @Test
  void mutatedFilesEndInFramesOrInAMessage() throws IOException {
    var random = new SplittableRandom(Long.getLong("plm.fuzz.seed", 8));
    var originals = List.copyOf(Clips.all(folder).entrySet());
    var limits = new VideoLimits(new ImageLimits(1, 4096, 4096, 1 << 22), 100_000, 1 << 26);
    var options = VideoReadOptions.DEFAULT.withLimits(limits).withThreads(2);
    long before = residentBytes();
    int read = 0;
    for (int i = 0; i < CASES; i++) {
      var original = originals.get(random.nextInt(originals.size()));
      var file = folder.resolve("mutant-" + original.getKey());
      Files.write(file, Mutant.of(original.getValue(), HEADERS, random));
      var what = "case %d, of %s".formatted(i, original.getKey());
      Files.writeString(folder.resolve("last"), what); // survives a crash
      read +=
          assertTimeoutPreemptively(
              PATIENCE,
              () -> {
                try {
                  return Video.read(file, FrameSelection.DEFAULT, options).frames().isEmpty()
                      ? 0
                      : 1;
                } catch (InputException e) {
                  assertThat(e).as(what).hasMessageContaining("mutant-");
                  return 0;
                }
              },
              what);
    }
    assertThat(read).isBetween(CASES / 10, CASES);
    assertThat(residentBytes() - before).as("growth of the process").isLessThan(MOST_GROWTH);
  }

  private static long residentBytes() throws IOException {
    var pages = Files.readString(Path.of("/proc/self/statm")).split(" ")[1];
    return Long.parseLong(pages) * 4096;
  }
}
