package io.plm4j.media.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.plm4j.error.InputException;
import io.plm4j.media.ImageLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damaged files of every container and codec end in frames or in a message: the process lives on,
/// soon, within its memory. `-Dplm.fuzz.cases=5000` tries more of them than a build should.
class VideoFuzzTest {
  private static final int CASES = Integer.getInteger("plm.fuzz.cases", 250);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /// Above what reading the clips takes, and far below what damaged sizes claim.
  private static final long MOST_GROWTH = 1L << 30;

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
      Files.write(file, mutated(original.getValue(), random));
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

  private static byte[] mutated(byte[] original, SplittableRandom random) {
    byte[] file = original.clone();
    int changes = random.nextInt(1, 8);
    for (int i = 0; i < changes; i++) {
      // Headers and indexes stand at either end, and say more than what lies between.
      int at =
          switch (random.nextInt(3)) {
            case 0 -> random.nextInt(Math.min(800, file.length));
            case 1 -> file.length - 1 - random.nextInt(Math.min(1200, file.length));
            default -> random.nextInt(file.length);
          };
      switch (random.nextInt(6)) {
        case 0 -> file[at] = (byte) random.nextInt(256);
        case 1 -> file[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> file[at] = (byte) 0xFF;
        case 3 ->
            Arrays.fill(file, at, Math.min(at + 4, file.length), (byte) random.nextInt(-1, 2));
        case 4 -> file[at] = 0;
        default -> {
          int from = random.nextInt(file.length);
          int length = Math.min(random.nextInt(64), file.length - Math.max(from, at));
          System.arraycopy(file, from, file, at, length);
        }
      }
    }
    return random.nextInt(5) == 0 ? Arrays.copyOf(file, random.nextInt(file.length)) : file;
  }

  private static long residentBytes() throws IOException {
    var pages = Files.readString(Path.of("/proc/self/statm")).split(" ")[1];
    return Long.parseLong(pages) * 4096;
  }
}
