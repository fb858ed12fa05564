package io.plm4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.tensor.DType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PthWriterTest {
  @TempDir private Path folder;

  private static TensorSource floats(String name, float... values) {
    return new TensorSource(
        name, DType.F32, Shape.of(values.length), () -> MemorySegment.ofArray(values));
  }

  @Test
  void whatIsWrittenIsReadBackAlignedAndShared() {
    var file = folder.resolve("consolidated.pth");
    PthWriter.write(
        file, List.of(floats("a", 1, 2), floats("b"), floats("c", 3)), Map.of("d", "a"), _ -> {});
    try (var arena = Arena.ofConfined()) {
      var read = PthFile.open(file, arena);
      assertThat(read.tensors().sequencedKeySet()).containsExactly("a", "b", "c", "d");
      assertThat(read.data("c", arena).toArray(ValueLayout.JAVA_FLOAT)).containsExactly(3);
      assertThat(read.place("d")).isEqualTo(read.place("a"));
      assertThat(read.place("a") % 64 + read.place("c") % 64).isZero();
    }
    assertThat(folder).isDirectoryContaining(path -> path.equals(file));
  }

  /// The JDK's own reader checks structure and checksums.
  @Test
  void othersReadTheArchiveToo() throws IOException {
    var file = folder.resolve("consolidated.pth");
    PthWriter.write(file, List.of(floats("a", 1, 2)), Map.of(), _ -> {});
    try (var zip = new ZipFile(file.toFile())) {
      var entries = new ArrayList<String>();
      for (var entry : zip.stream().toList()) {
        entries.add(entry.getName());
        try (var in = zip.getInputStream(entry)) {
          assertThat(in.readAllBytes()).hasSize((int) entry.getSize());
        }
      }
      assertThat(entries)
          .containsExactly(
              "consolidated/data.pkl",
              "consolidated/.format_version",
              "consolidated/.storage_alignment",
              "consolidated/byteorder",
              "consolidated/data/0",
              "consolidated/version");
    }
  }

  @Test
  void equalTensorsGiveEqualFiles() throws IOException {
    for (var name : List.of("1.pth", "2.pth")) {
      PthWriter.write(folder.resolve(name), List.of(floats("a", 1)), Map.of(), _ -> {});
    }
    assertThat(Files.mismatch(folder.resolve("1.pth"), folder.resolve("2.pth"))).isEqualTo(-1);
  }

  @Test
  void aFailureLeavesNothing() {
    var bad =
        new TensorSource("b", DType.U8, Shape.of(2), () -> MemorySegment.ofArray(new byte[1]));
    assertThatThrownBy(
            () -> PthWriter.write(folder.resolve("x.pth"), List.of(bad), Map.of(), _ -> {}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void partsOfOneModelAreReadAsOneUnlessEachTensorIsCut() {
    PthWriter.write(
        folder.resolve("consolidated.00.pth"), List.of(floats("a", 1)), Map.of(), _ -> {});
    PthWriter.write(
        folder.resolve("consolidated.01.pth"), List.of(floats("b", 2)), Map.of(), _ -> {});
    try (var checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.names()).containsExactly("a", "b");
    }
    PthWriter.write(
        folder.resolve("consolidated.01.pth"), List.of(floats("a", 2)), Map.of(), _ -> {});
    assertThatThrownBy(() -> Checkpoint.open(folder).close())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("consolidated.00.pth")
        .hasMessageContaining("cut in parts, for 2 GPUs");
    PthWriter.write(
        folder.resolve("consolidated.03.pth"), List.of(floats("c", 2)), Map.of(), _ -> {});
    assertThatThrownBy(() -> Checkpoint.open(folder).close())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("part 02 is not there");
  }

  @Test
  void aDialectMayReorderRows() {
    PthWriter.write(
        folder.resolve("consolidated.pth"), List.of(floats("a", 0, 1, 2, 3)), Map.of(), _ -> {});
    Dialect reversed =
        info ->
            java.util.Optional.of(
                new TensorView("b", Shape.of(4, 1), new RowOrder.Permuted(row -> 3 - row)));
    try (var checkpoint = Checkpoint.open(folder, reversed)) {
      assertThat(checkpoint.data("b").toArray(ValueLayout.JAVA_FLOAT)).containsExactly(3, 2, 1, 0);
      assertThat(checkpoint.info("b").shape()).isEqualTo(Shape.of(4, 1));
    }
    Dialect renamed = Dialect.renaming(name -> java.util.Optional.of("c"));
    Dialect shifted =
        info ->
            java.util.Optional.of(
                new TensorView(
                    info.name(), info.shape(), new RowOrder.Permuted(row -> (row + 1) % 4)));
    try (var checkpoint = Checkpoint.open(folder, reversed.then(renamed).then(shifted))) {
      assertThat(checkpoint.data("c").toArray(ValueLayout.JAVA_FLOAT)).containsExactly(2, 1, 0, 3);
    }
  }
}
