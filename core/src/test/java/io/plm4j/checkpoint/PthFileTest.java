package io.plm4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.tensor.DType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that torch 2.13 saved.
class PthFileTest {
  @TempDir private Path folder;

  private void with(String name, Consumer<PthFile> use) {
    try (var arena = Arena.ofConfined()) {
      use.accept(PthFile.open(saved(name), arena));
    }
  }

  private Path saved(String name) {
    try {
      return Files.write(folder.resolve(name), Resources.bytes("pth/" + name));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static TensorInfo info(PthFile file, String name) {
    return Objects.requireNonNull(file.tensors().get(name));
  }

  private static float[] floats(PthFile file, String name) {
    return file.data(name, Arena.ofAuto()).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void tensorsOfEveryProtocolAreRead(int protocol) {
    with(
        "protocol-%d.pth".formatted(protocol),
        file -> {
          assertThat(file.tensors().sequencedKeySet())
              .containsExactly(
                  "plain",
                  "tied",
                  "transposed",
                  "column",
                  "rows",
                  "parameter",
                  "half",
                  "scalar",
                  "empty",
                  "numbers",
                  "cube");
          assertThat(floats(file, "plain")).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
          assertThat(info(file, "transposed").shape()).isEqualTo(Shape.of(4, 3));
          assertThat(floats(file, "transposed"))
              .containsExactly(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11);
          assertThat(floats(file, "column")).containsExactly(1, 5, 9);
          assertThat(floats(file, "rows")).containsExactly(4, 5, 6, 7, 8, 9, 10, 11);
          assertThat(floats(file, "scalar")).containsExactly(7);
          assertThat(info(file, "scalar").shape()).isEqualTo(Shape.of());
          assertThat(floats(file, "empty")).isEmpty();
          assertThat(floats(file, "cube")).startsWith(0, 4, 8, 12, 16, 20, 1, 5).endsWith(19, 23);
          assertThat(info(file, "parameter").dtype()).isEqualTo(DType.BF16);
          assertThat(file.data("parameter", Arena.ofAuto()).toArray(ValueLayout.JAVA_SHORT))
              .containsExactly((short) 0x3FC0, (short) 0xC000);
          assertThat(info(file, "half").dtype()).isEqualTo(DType.F16);
          assertThat(info(file, "numbers").dtype()).isEqualTo(DType.I64);
        });
  }

  @Test
  void contiguousTensorsAreMappedAndSharedNumbersShareTheirPlace() {
    with(
        "protocol-2.pth",
        file -> {
          assertThat(file.data("plain", Arena.ofAuto()).isMapped()).isTrue();
          assertThat(file.data("rows", Arena.ofAuto()).isMapped()).isTrue();
          assertThat(file.data("transposed", Arena.ofAuto()).isMapped()).isFalse();
          assertThat(file.data("plain", Arena.ofAuto()).address())
              .isEqualTo(file.data("tied", Arena.ofAuto()).address());
          assertThat(file.place("rows")).isEqualTo(file.place("plain") + 16);
        });
  }

  @Test
  void aModelInsideATrainingStateIsFound() {
    with("wrapped.pth", file -> assertThat(file.tensors().keySet()).containsExactly("weight"));
  }

  /// Python would run these. Here there is nothing that could; the mark that one of them would
  /// leave is not there.
  @ParameterizedTest
  @CsvSource({
    "system.pth, posix.system",
    "eval.pth, builtins.eval",
    "module.pth, torch.nn.modules.linear.Linear"
  })
  void whatANameWouldRunIsRefusedByName(String name, String function) {
    assertThatThrownBy(() -> with(name, _ -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(name + ": data.pkl")
        .hasMessageContaining("Python's \"" + function + "\"")
        .hasMessageContaining("nothing of it was run");
    assertThat(Path.of("plm4j-ran")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "legacy.pth, saved by torch before 1.6",
    "expanded.pth, do not describe a tensor inside its storage",
    "not-only-tensors.pth, holds a string under \"name\"",
    "no-dictionary.pth, 'holds a tensor, not a dictionary'"
  })
  void otherFilesOfTorchAreExplained(String name, String explanation) {
    assertThatThrownBy(() -> with(name, _ -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(explanation);
  }

  @Test
  void filesThatAreNoneOfTorchAreExplained() throws IOException {
    assertRefused(new byte[0], "no zip archive");
    assertRefused("version https://git-lfs".getBytes(), "git lfs pull");
    assertRefused("PK then nothing".getBytes(), "cut or no zip archive");
    assertRefused(zipped("other/readme", new byte[3]), "0 entries data.pkl");
  }

  @Test
  void aPackedEntryIsRefusedBeforeItIsUnpacked() throws IOException {
    var bytes = new java.io.ByteArrayOutputStream();
    try (var zip = new java.util.zip.ZipOutputStream(bytes)) {
      zip.putNextEntry(new java.util.zip.ZipEntry("a/data.pkl"));
      zip.write(new byte[1 << 24]);
    }
    assertRefused(bytes.toByteArray(), "is compressed");
  }

  private void assertRefused(byte[] content, String explanation) throws IOException {
    var file = Files.write(folder.resolve("x.pth"), content);
    try (var arena = Arena.ofConfined()) {
      assertThatThrownBy(() -> PthFile.open(file, arena))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("x.pth")
          .hasMessageContaining(explanation);
    }
  }

  private static byte[] zipped(String name, byte[] content) throws IOException {
    var bytes = new java.io.ByteArrayOutputStream();
    try (var zip = new java.util.zip.ZipOutputStream(bytes)) {
      var entry = new java.util.zip.ZipEntry(name);
      entry.setMethod(java.util.zip.ZipEntry.STORED);
      var crc = new java.util.zip.CRC32();
      crc.update(content);
      entry.setCrc(crc.getValue());
      entry.setSize(content.length);
      zip.putNextEntry(entry);
      zip.write(content);
    }
    return bytes.toByteArray();
  }
}
