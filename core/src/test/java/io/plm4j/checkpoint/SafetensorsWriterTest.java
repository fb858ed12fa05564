package io.plm4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.tensor.DType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("out.safetensors");
  }

  @Test
  void whatTheReferenceWroteIsWrittenAgainByteForByte() throws IOException {
    var golden = folder.resolve("golden.safetensors");
    Files.write(golden, Resources.bytes("mixed.safetensors"));
    try (var arena = Arena.ofConfined()) {
      var mixed = SafetensorsFile.open(golden, arena);
      var sources = new ArrayList<TensorSource>();
      mixed
          .tensors()
          .forEach((name, info) ->
              sources.add(
                  new TensorSource(name, info.dtype(), info.shape(), () -> mixed.data(name))));
      Collections.shuffle(sources, new Random(1));
      SafetensorsWriter.write(file(), sources);
    }
    assertThat(file()).hasSameBinaryContentAs(golden);
  }

  @Test
  void whatIsWrittenIsReadBackEqual() {
    var random = new Random(2);
    var sources = new ArrayList<TensorSource>();
    for (int i = 0; i < 50; i++) {
      var dtype = DType.values()[random.nextInt(DType.values().length)];
      var shape = Shape.of(random.nextLong(5), 1 + random.nextLong(33));
      var data = new byte[(int) shape.elements() * dtype.bytes()];
      random.nextBytes(data);
      sources.add(new TensorSource("tensor." + i, dtype, shape, () -> MemorySegment.ofArray(data)));
    }
    var metadata = Map.of("format", "pt", "made by", "a test \"ü\"");
    SafetensorsWriter.write(file(), sources, metadata);
    try (var arena = Arena.ofConfined()) {
      var read = SafetensorsFile.open(file(), arena);
      assertThat(read.metadata()).containsExactlyInAnyOrderEntriesOf(metadata);
      assertThat(read.tensors()).hasSize(50);
      for (var source : sources) {
        assertThat(read.tensors().get(source.name()))
            .isEqualTo(new TensorInfo(source.name(), source.dtype(), source.shape(), file()));
        var data = read.data(source.name());
        assertThat(data.mismatch(source.data().get())).isEqualTo(-1);
        assertThat(data.byteSize() == 0 || data.address() % source.dtype().bytes() == 0).isTrue();
      }
    }
  }

  @Test
  void arraysOfNumbersAreWrittenAsTheyLieInMemory() {
    var numbers = MemorySegment.ofArray(new float[] {1, 2, 3});
    SafetensorsWriter.write(
        file(), List.of(new TensorSource("a", DType.F32, Shape.of(3), () -> numbers)));
    try (var arena = Arena.ofConfined()) {
      assertThat(SafetensorsFile.open(file(), arena).data("a").mismatch(numbers)).isEqualTo(-1);
    }
  }

  @Test
  void aTensorLargerThanAChunkIsWrittenWhole() {
    var data = new byte[(1 << 24) + 3];
    new Random(3).nextBytes(data);
    SafetensorsWriter.write(
        file(),
        List.of(
            new TensorSource(
                "a", DType.U8, Shape.of(data.length), () -> MemorySegment.ofArray(data))));
    try (var arena = Arena.ofConfined()) {
      var read = SafetensorsFile.open(file(), arena).data("a");
      assertThat(read.mismatch(MemorySegment.ofArray(data))).isEqualTo(-1);
    }
  }

  @Test
  void aFailureLeavesTheOlderFileAsItWas() throws IOException {
    Files.writeString(file(), "older");
    var wrong =
        new TensorSource("a", DType.F32, Shape.of(2), () -> MemorySegment.ofArray(new byte[7]));
    assertThatThrownBy(() -> SafetensorsWriter.write(file(), List.of(wrong)))
        .hasMessage("a, F32 [2], has 8 bytes but came with 7");
    assertThat(file()).hasContent("older");
    assertThat(folder).isDirectoryNotContaining("glob:**.partial");
  }

  @Test
  void aFolderThatIsNotThereIsTheUsersMistake() {
    var nowhere = folder.resolve("nowhere").resolve("out.safetensors");
    assertThatThrownBy(() -> SafetensorsWriter.write(nowhere, List.of()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cannot be written");
  }
}
