package io.plm4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.checkpoint.RowOrder;
import io.plm4j.checkpoint.Shape;
import io.plm4j.checkpoint.TensorInfo;
import io.plm4j.json.JsonObject;
import io.plm4j.tensor.DType;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetaNamesTest {
  private static final Path FILE = Path.of("consolidated.pth");

  private static PlmConfig config(String file) {
    return PlmConfig.read(JsonObject.parse(file, Resources.bytes(file)));
  }

  @ParameterizedTest
  @CsvSource({
    "tok_embeddings.weight, model.language_model.embed_tokens.weight",
    "layers.15.attention.wo.weight, model.language_model.layers.15.self_attn.o_proj.weight",
    "layers.0.feed_forward.w3.weight, model.language_model.layers.0.mlp.up_proj.weight",
    "norm.weight, model.language_model.norm.weight",
    "output.weight, lm_head.weight",
    "vision_projector.projector.2.bias, model.multi_modal_projector.linear_2.bias",
    "vision_model.transformer.resblocks.22.attn.in_proj_bias,"
        + " model.vision_tower.timm_model.blocks.22.attn.qkv.bias",
    "vision_model.transformer.resblocks.3.ls_2.gamma,"
        + " model.vision_tower.timm_model.blocks.3.gamma_2",
    "vision_model.ln_pre.weight, model.vision_tower.timm_model.norm_pre.weight",
    "something.else.3.weight, something.else.3.weight",
  })
  void aNameHasOnePartner(String meta, String canonical) {
    var config = config("config-1b-transformers-4.json");
    var shape = Shape.of(64);
    assertThat(MetaNames.toCanonical(config).view(new TensorInfo(meta, DType.F32, shape, FILE)))
        .hasValueSatisfying(view -> assertThat(view.name()).isEqualTo(canonical));
    assertThat(MetaNames.metaName(canonical)).isEqualTo(meta);
  }

  /// Every tensor of every published model: there and back it has its name, its shape, and each row
  /// its place.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "config-1b-transformers-4.json",
        "config-3b-transformers-5.json",
        "config-8b-transformers-4.json"
      })
  void allTensorsComeBackAsTheyWere(String file) {
    var config = config(file);
    var metaNames = new HashSet<String>();
    config
        .expectedTensors()
        .forEach((name, shape) -> {
          var info = new TensorInfo(name, DType.BF16, shape, FILE);
          var meta = MetaNames.fromCanonical(config).view(info).orElseThrow();
          assertThat(meta.name()).doesNotStartWith("model.").isNotEqualTo("lm_head.weight");
          assertThat(metaNames.add(meta.name())).isTrue();
          var both =
              MetaNames.fromCanonical(config)
                  .then(MetaNames.toCanonical(config))
                  .view(info)
                  .orElseThrow();
          assertThat(both.name()).isEqualTo(name);
          assertThat(both.shape()).isEqualTo(shape);
          if (both.rows() instanceof RowOrder.Permuted(var stored)) {
            assertThat(name).containsAnyOf("q_proj", "k_proj");
            assertThat(
                    LongStream.range(0, shape.sizes().getFirst())
                        .allMatch(row -> stored.applyAsLong(row) == row))
                .isTrue();
          }
        });
  }

  /// Head width 64: row 1 of a head's first half is the third of the pairs' rows, row 32 the
  /// second.
  @Test
  void halvesAreMadeOfPairs() {
    var config = config("config-1b-transformers-4.json");
    var info = new TensorInfo("layers.0.attention.wk.weight", DType.F32, Shape.of(512, 2048), FILE);
    var view = MetaNames.toCanonical(config).view(info).orElseThrow();
    var stored = ((RowOrder.Permuted) view.rows()).stored();
    assertThat(LongStream.of(0, 1, 31, 32, 33, 63, 64, 65).map(stored))
        .containsExactly(0L, 2L, 62L, 1L, 3L, 63L, 64L, 66L);
  }

  @Test
  void theTiedHeadIsASecondNameOfTheEmbeddingAndComputedTablesAreLeftOut() {
    var dialect = MetaNames.toCanonical(config("config-1b-transformers-4.json"));
    var shape = Shape.of(1);
    assertThat(dialect.view(new TensorInfo(MetaNames.TIED_HEAD, DType.F32, shape, FILE)))
        .hasValueSatisfying(view -> assertThat(view.name()).isEqualTo("lm_head.weight"));
    assertThat(dialect.view(new TensorInfo("rope.freqs", DType.F32, shape, FILE))).isEmpty();
  }
}
