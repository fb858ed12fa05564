package io.plm4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HfNamesTest {
  private static final String TOWER = "model.vision_tower.timm_model.";

  @Test
  void canonicalNamesStayAsTheyAre() {
    for (var name : Resources.config("config-8b-transformers-5.json").expectedTensors().keySet()) {
      assertThat(HfNames.canonical(name)).contains(name);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "vision_tower.timm_model.pos_embed, model.vision_tower.timm_model.pos_embed",
    "vision_tower.pos_embed, model.vision_tower.timm_model.pos_embed",
    "model.vision_tower.pos_embed, model.vision_tower.timm_model.pos_embed",
    "multi_modal_projector.linear_1.bias, model.multi_modal_projector.linear_1.bias",
    "language_model.model.norm.weight, model.language_model.norm.weight",
    "language_model.norm.weight, model.language_model.norm.weight",
    "model.language_model.model.norm.weight, model.language_model.norm.weight",
    "language_model.lm_head.weight, lm_head.weight",
    "model.language_model.lm_head.weight, lm_head.weight",
    "something.else, something.else",
  })
  void variantsOfOtherExportersAreRenamed(String stored, String canonical) {
    assertThat(HfNames.canonical(stored)).contains(canonical);
  }

  @Test
  void computedTablesAreLeftOut() {
    assertThat(HfNames.canonical("model.language_model.layers.3.self_attn.rotary_emb.inv_freq"))
        .isEmpty();
    assertThat(HfNames.canonical("model.language_model.rotary_emb.inv_freq")).isEmpty();
  }

  @Test
  void noTwoVariantsOfATensorEscapeOneName() {
    assertThat(HfNames.canonical("model.vision_tower.norm_pre.bias"))
        .isEqualTo(HfNames.canonical(TOWER + "norm_pre.bias"));
  }
}
