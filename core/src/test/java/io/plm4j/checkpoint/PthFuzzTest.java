package io.plm4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PthFuzzTest {
  private static final int CASES = Integer.getInteger("plm.fuzz.cases", 1_500);

  /// Instructions and signatures, so that mutants get further than noise would.
  private static final byte[] TELLING =
      "\u0080}])(NKMJXGIRQbtuseaqrhjc.\u0085\u0086\u0087\u0088\u0089\u008a\u008c\u0093\u0094\u0095PK\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u00ff\u007f\u0000"
          .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

  @TempDir private Path folder;

  /// Whatever happens to the bytes, the file is read within its bounds or refused with one message.
  @ParameterizedTest
  @ValueSource(strings = {"protocol-2.pth", "protocol-4.pth", "wrapped.pth"})
  void aMutantIsReadWithinItsBoundsOrRefused(String name) throws IOException {
    var original = Resources.bytes("pth/" + name);
    var random = new Random(20251123);
    var file = folder.resolve("consolidated.pth");
    int read = 0;
    for (int round = 0; round < CASES; round++) {
      Files.write(file, mutate(original, random));
      try (var arena = Arena.ofConfined()) {
        var opened = PthFile.open(file, arena);
        for (var info : opened.tensors().values()) {
          assertThat(opened.data(info.name(), arena).byteSize()).isEqualTo(info.bytes());
        }
        read++;
      } catch (InputException e) {
        assertThat(e).hasMessageContaining("consolidated.pth");
      }
    }
    assertThat(read).isBetween(1, CASES - 1);
  }

  private static byte[] mutate(byte[] original, Random random) {
    var bytes = original.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1, 2 -> bytes[at] = TELLING[random.nextInt(TELLING.length)];
        // The directory, at the end.
        case 3 ->
            bytes[bytes.length - 1 - random.nextInt(Math.min(800, bytes.length))] =
                TELLING[random.nextInt(TELLING.length)];
        case 4 -> bytes = Arrays.copyOf(bytes, at + 1);
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
