package io.plm4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFuzzTest {
  private static final int ROUNDS = Integer.getInteger("plm.fuzz.cases", 2_000);

  /// Characters that mean something to JSON, so that mutants get past its parser more often.
  private static final byte[] TELLING =
      "{}[]\",:0123456789-.eE\\ntf \u0000".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  @TempDir private Path folder;

  /// Whatever happens to the bytes, the file is read within its bounds or refused with one message.
  @Test
  void aMutantIsReadWithinItsBoundsOrRefused() throws IOException {
    var original = Resources.bytes("mixed.safetensors");
    var random = new Random(20251123);
    var file = folder.resolve("model.safetensors");
    int read = 0;
    for (int round = 0; round < ROUNDS; round++) {
      var mutant = mutate(original, random);
      Files.write(file, mutant);
      try (var arena = Arena.ofConfined()) {
        var opened = SafetensorsFile.open(file, arena);
        long bytes = 0;
        for (var info : opened.tensors().values()) {
          assertThat(opened.data(info.name()).byteSize()).isEqualTo(info.bytes());
          bytes += info.bytes();
        }
        assertThat(bytes).isLessThan(mutant.length);
        read++;
      } catch (InputException e) {
        assertThat(e).hasMessageContaining("model.safetensors");
      }
    }
    assertThat(read).isBetween(1, ROUNDS - 1);
  }

  private static byte[] mutate(byte[] original, Random random) {
    var bytes = original.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] = TELLING[random.nextInt(TELLING.length)];
        case 2 -> bytes[random.nextInt(Math.min(8, bytes.length))] = (byte) random.nextInt(256);
        case 3 -> bytes = Arrays.copyOf(bytes, at + 1);
        default -> {
          int from = random.nextInt(bytes.length);
          int length = random.nextInt(1 + bytes.length - Math.max(at, from));
          System.arraycopy(bytes, from, bytes, at, length);
        }
      }
    }
    return bytes;
  }
}
