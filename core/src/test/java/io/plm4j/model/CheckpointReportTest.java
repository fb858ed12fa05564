package io.plm4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.checkpoint.CheckpointWriter;
import io.plm4j.checkpoint.Dialect;
import io.plm4j.checkpoint.Shape;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import io.plm4j.tensor.DType;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointReportTest {
  private static final String EMBEDDING = "model.language_model.embed_tokens.weight";

  @TempDir private Path folder;

  /// The tiny model with a vocabulary of eight tokens.
  private static PlmConfig config(String tied) {
    var json =
        new String(Resources.bytes("config-tiny-transformers-5.json"), StandardCharsets.UTF_8)
            .replace("\"vocab_size\": 128256", "\"vocab_size\": 8")
            .replace("\"image_token_id\": 128002", "\"image_token_id\": 2")
            .replace("\"video_token_id\": 128003", "\"video_token_id\": 3")
            .replace("\"tie_word_embeddings\": false", "\"tie_word_embeddings\": " + tied);
    return PlmConfig.read(JsonObject.parse("config.json", json.getBytes(StandardCharsets.UTF_8)));
  }

  private CheckpointReport report(
      PlmConfig config, DType dtype, SequencedMap<String, Shape> shapes, Map<String, Byte> values) {
    try (var arena = Arena.ofConfined()) {
      var sources = new ArrayList<TensorSource>();
      shapes.forEach((name, shape) ->
          sources.add(
              new TensorSource(
                  name,
                  dtype,
                  shape,
                  () ->
                      arena
                          .allocate(shape.elements() * dtype.bytes())
                          .fill(values.getOrDefault(name, (byte) 0)))));
      CheckpointWriter.write(folder, sources, 1 << 20);
    }
    try (var checkpoint = Checkpoint.open(folder, Dialect.renaming(HfNames::canonical))) {
      return CheckpointReport.of(config, checkpoint);
    }
  }

  @Test
  void aCheckpointOfTheConfigurationIsComplete() {
    var config = config("false");
    var report = report(config, DType.BF16, config.expectedTensors(), Map.of());
    assertThat(report.isComplete()).isTrue();
    report.requireComplete();
  }

  @Test
  void olderNamesAreTheSameCheckpoint() {
    var config = config("false");
    var older = new LinkedHashMap<String, Shape>();
    config
        .expectedTensors()
        .forEach((name, shape) ->
            older.put(
                name.replace("model.vision_tower.timm_model.", "vision_tower.")
                    .replace("model.language_model.", "language_model.model."),
                shape));
    older.put("language_model.model.rotary_emb.inv_freq", Shape.of(8));
    assertThat(report(config, DType.F16, older, Map.of()).isComplete()).isTrue();
  }

  @Test
  void everythingThatDiffersIsInOneMessage() {
    var config = config("false");
    var shapes = config.expectedTensors();
    shapes.remove("model.language_model.norm.weight");
    shapes.put(EMBEDDING, Shape.of(8, 95));
    shapes.put("model.vision_tower.timm_model.norm.weight", Shape.of(64));
    var report = report(config, DType.F32, shapes, Map.of());
    assertThat(report.missing()).containsExactly("model.language_model.norm.weight");
    assertThatThrownBy(report::requireComplete)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("1 missing (model.language_model.norm.weight)")
        .hasMessageContaining("1 of another shape (" + EMBEDDING + " is [8, 95], not [8, 96])")
        .hasMessageContaining("1 unexpected (model.vision_tower.timm_model.norm.weight)")
        .hasMessageContaining("Fetch config.json and the weights of the same model again.");
  }

  @Test
  void aLongListIsCutShort() {
    var config = config("false");
    var report = report(config, DType.F32, new LinkedHashMap<>(), Map.of());
    assertThatThrownBy(report::requireComplete)
        .hasMessageContaining("80 missing (")
        .hasMessageContaining(", ...)")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1000));
  }

  @Test
  void elementTypesThatWeightsCannotHaveAreRefused() {
    var config = config("false");
    var report = report(config, DType.I8, config.expectedTensors(), Map.of());
    assertThat(report.unsupported()).hasSize(80);
    assertThatThrownBy(report::requireComplete)
        .hasMessageContaining("80 neither F32, BF16 nor F16");
  }

  @Test
  void aTiedHeadMayBeStoredAgainIfItIsTheEmbedding() {
    var shapes = config("false").expectedTensors();
    assertThat(report(config("true"), DType.F32, shapes, Map.of()).isComplete()).isTrue();
  }

  @Test
  void aHeadOfItsOwnIsNotDroppedSilently() {
    var shapes = config("false").expectedTensors();
    var report = report(config("true"), DType.F32, shapes, Map.of("lm_head.weight", (byte) 1));
    assertThatThrownBy(report::requireComplete)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("1 unexpected (lm_head.weight)")
        .hasMessageContaining("set \"tie_word_embeddings\" to false");
  }

  @Test
  void aMissingHeadHasItsOwnRemedy() {
    var shapes = config("true").expectedTensors();
    var report = report(config("false"), DType.F32, shapes, Map.of());
    assertThat(report.missing()).isEqualTo(List.of("lm_head.weight"));
    assertThatThrownBy(report::requireComplete)
        .hasMessageContaining("set \"tie_word_embeddings\" to true");
  }
}
