package io.plm4j.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.tensor.DType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
  private static final String INDEX = "model.safetensors.index.json";

  @TempDir private Path folder;

  private Path file(String name) {
    return folder.resolve(name);
  }

  private void index(String weightMap) throws IOException {
    Files.writeString(
        file(INDEX), "{\"metadata\":{\"total_size\":8},\"weight_map\":" + weightMap + "}");
  }

  private void twoShards() throws IOException {
    SafetensorsBytes.floats("a", "b").write(file("1.safetensors"));
    SafetensorsBytes.floats("c").write(file("2.safetensors"));
    index("{\"a\":\"1.safetensors\",\"b\":\"1.safetensors\",\"c\":\"2.safetensors\"}");
  }

  @Test
  void aSingleFileIsRead() throws IOException {
    SafetensorsBytes.floats("a", "b").write(file("model.safetensors"));
    try (var checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.names()).containsExactly("a", "b");
      assertThat(checkpoint.bytes()).isEqualTo(8);
      assertThat(checkpoint.countByType()).isEqualTo(Map.of(DType.F32, 2L));
      assertThat(checkpoint.info("b").file()).isEqualTo(file("model.safetensors"));
      assertThat(checkpoint.data("b").byteSize()).isEqualTo(4);
      assertThatThrownBy(() -> checkpoint.data("x"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("no tensor \"x\"");
    }
  }

  @Test
  void shardsAreReadAsOne() throws IOException {
    twoShards();
    try (var checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.names()).containsExactly("a", "b", "c");
      assertThat(checkpoint.info("c").file()).isEqualTo(file("2.safetensors"));
    }
  }

  @Test
  void segmentsEndWithTheCheckpoint() throws IOException {
    twoShards();
    MemorySegment data;
    try (var checkpoint = Checkpoint.open(folder)) {
      data = checkpoint.data("a");
    }
    assertThatThrownBy(() -> data.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void shardsThatAreMissingAreNamed() throws IOException {
    twoShards();
    Files.delete(file("2.safetensors"));
    assertRefused("names 2 shards and 1 of them are not there: 2.safetensors");
  }

  @Test
  void anEmptyShardIsAnUnfinishedDownload() throws IOException {
    twoShards();
    Files.write(file("2.safetensors"), new byte[0]);
    assertRefused("2.safetensors has 0 bytes, too few for any tensor; the download stopped early");
  }

  @Test
  void aCutShardIsAnUnfinishedDownload() throws IOException {
    twoShards();
    var whole = Files.readAllBytes(file("1.safetensors"));
    Files.write(file("1.safetensors"), Arrays.copyOf(whole, whole.length - 1));
    assertRefused("damaged or cut; fetch it again");
  }

  @Test
  void aTensorThatItsShardLacksIsNamed() throws IOException {
    twoShards();
    index(
        """
        {"a":"1.safetensors","b":"1.safetensors","c":"2.safetensors","d":"2.safetensors"}\
        """);
    assertRefused("1 tensors are not where it says (d in 2.safetensors)");
  }

  @Test
  void aTensorThatTheIndexLacksIsNamed() throws IOException {
    twoShards();
    index("{\"a\":\"1.safetensors\",\"c\":\"2.safetensors\"}");
    assertRefused("1 are not in it (b in 1.safetensors)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../other.safetensors",
        "/etc/x.safetensors",
        "a\\\\b.safetensors",
        "C:x.safetensors",
        "..",
        "",
        "passwd",
        "x\\u0000.safetensors",
        "a/b.safetensors"
      })
  void anIndexDoesNotReachOutsideItsFolder(String file) throws IOException {
    index("{\"a\":\"" + file + "\"}");
    assertRefused("weight_map.a is");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "{\"a\":3}", "null", "{\"a\":null}", "{\"a\":"})
  void aMalformedIndexIsRefused(String weightMap) throws IOException {
    index(weightMap);
    assertRefused(INDEX);
  }

  @Test
  void aFolderWithPicklesOnlyIsExplained() throws IOException {
    Files.write(file("pytorch_model.bin"), new byte[3]);
    assertRefused("Python pickles under names that plm4j does not know (pytorch_model.bin)");
  }

  @Test
  void shardsWithoutTheirIndexAreExplained() throws IOException {
    twoShards();
    Files.delete(file(INDEX));
    assertRefused("has shards (1.safetensors, 2.safetensors) without " + INDEX);
  }

  @Test
  void aLinkToAFileThatIsGoneIsExplained() throws IOException {
    Files.createSymbolicLink(file("model.safetensors"), file("blob"));
    assertRefused("model.safetensors is not there");
  }

  @Test
  void aFolderWithoutWeightsIsExplained() throws IOException {
    Files.writeString(file("config.json"), "{}");
    assertRefused(
        "wanted model.safetensors, model.safetensors.index.json or consolidated.pth, found config.json. Fetch");
  }

  @Test
  void aFolderThatIsNotThereIsExplained() {
    assertThatThrownBy(() -> Checkpoint.open(file("nowhere")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is not a folder");
  }

  @Test
  void aDialectRenamesAndLeavesOut() throws IOException {
    SafetensorsBytes.floats("a", "b").write(file("model.safetensors"));
    var dialect =
        Dialect.renaming(name -> name.equals("a") ? Optional.empty() : Optional.of("new." + name));
    try (var checkpoint = Checkpoint.open(folder, dialect)) {
      assertThat(checkpoint.names()).containsExactly("new.b");
      assertThat(checkpoint.info("new.b").name()).isEqualTo("new.b");
      assertThat(checkpoint.data("new.b").byteSize()).isEqualTo(4);
    }
  }

  @Test
  void twoTensorsThatADialectGivesTheSameNameAreRefused() throws IOException {
    SafetensorsBytes.floats("a", "b").write(file("model.safetensors"));
    assertThatThrownBy(() -> Checkpoint.open(folder, Dialect.renaming(name -> Optional.of("same"))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds \"a\"")
        .hasMessageContaining("holds \"b\", which are both same");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 8, 11, 12, 1000})
  void whatIsWrittenInShardsIsReadBackEqual(long maxShardBytes) {
    var sources = new ArrayList<TensorSource>();
    for (int i = 0; i < 7; i++) {
      var data = new float[] {i, -i};
      sources.add(
          new TensorSource("t" + i, DType.F32, Shape.of(2), () -> MemorySegment.ofArray(data)));
    }
    CheckpointWriter.write(folder.resolve("out"), sources, maxShardBytes);
    try (var checkpoint = Checkpoint.open(folder.resolve("out"))) {
      assertThat(checkpoint.names())
          .containsExactlyElementsOf(sources.stream().map(TensorSource::name).toList());
      for (var source : sources) {
        assertThat(checkpoint.data(source.name()).mismatch(source.data().get())).isEqualTo(-1);
      }
      long files = checkpoint.tensors().values().stream().map(TensorInfo::file).distinct().count();
      assertThat(files).isEqualTo(maxShardBytes >= 56 ? 1 : 7);
    }
  }

  @Test
  void weightsAreNotWrittenBesideOlderOnes() throws IOException {
    twoShards();
    assertThatThrownBy(() -> CheckpointWriter.write(folder, List.of(), 100))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds weights already");
  }

  @Test
  void aFailureLeavesNoPartOfACheckpoint() {
    var good =
        new TensorSource("a", DType.U8, Shape.of(1), () -> MemorySegment.ofArray(new byte[1]));
    var bad =
        new TensorSource("b", DType.U8, Shape.of(2), () -> MemorySegment.ofArray(new byte[1]));
    assertThatThrownBy(() -> CheckpointWriter.write(folder, List.of(good, bad), 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(folder).isEmptyDirectory();
  }

  private void assertRefused(String explanation) {
    assertThatThrownBy(() -> Checkpoint.open(folder).close())
        .isInstanceOf(InputException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining(explanation);
  }
}
