package io.plm4j.model;

import io.plm4j.checkpoint.Shape;
import io.plm4j.language.DecoderConfig;
import io.plm4j.vision.ClassToken;
import io.plm4j.vision.VisionConfig;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// All tensors of a model, by name and shape, as a checkpoint must have them.
///
/// The layers ask for the same names and shapes once more where they are built; this list is for
/// those who want to know before anything is built.
final class TensorLayout {
  private final SequencedMap<String, Shape> shapes = new LinkedHashMap<>();

  private TensorLayout() {}

  static SequencedMap<String, Shape> of(PlmConfig config) {
    var layout = new TensorLayout();
    layout.tower(config.vision());
    layout.projector(config.vision().width(), config.decoder().hiddenSize());
    layout.decoder(config.decoder());
    return layout.shapes;
  }

  private void tower(VisionConfig vision) {
    long w = vision.width();
    long hidden = vision.mlpHidden();
    long patch = vision.patchSize();
    if (vision.classToken() == ClassToken.PRESENT) {
      put(HfNames.TOWER + "cls_token", 1, 1, w);
    }
    put(HfNames.TOWER + "pos_embed", 1, vision.tokens(), w);
    put(HfNames.TOWER + "patch_embed.proj.weight", w, 3, patch, patch);
    withBias(HfNames.TOWER + "norm_pre", w);
    for (int i = 0; i < vision.depth(); i++) {
      var block = HfNames.TOWER + "blocks." + i + ".";
      put(block + "gamma_1", w);
      put(block + "gamma_2", w);
      withBias(block + "norm1", w);
      withBias(block + "attn.qkv", 3 * w, w);
      withBias(block + "attn.proj", w, w);
      withBias(block + "norm2", w);
      withBias(block + "mlp.fc1", hidden, w);
      withBias(block + "mlp.fc2", w, hidden);
    }
  }

  private void projector(long w, long e) {
    withBias(HfNames.PROJECTOR + "linear_1", e, w);
    withBias(HfNames.PROJECTOR + "linear_2", e, e);
  }

  private void decoder(DecoderConfig decoder) {
    long e = decoder.hiddenSize();
    long f = decoder.intermediateSize();
    long queries = (long) decoder.heads() * decoder.headDim();
    long keys = (long) decoder.kvHeads() * decoder.headDim();
    put(HfNames.EMBEDDING, decoder.vocabSize(), e);
    for (int i = 0; i < decoder.layers(); i++) {
      var layer = HfNames.DECODER + "layers." + i + ".";
      put(layer + "input_layernorm.weight", e);
      put(layer + "self_attn.q_proj.weight", queries, e);
      put(layer + "self_attn.k_proj.weight", keys, e);
      put(layer + "self_attn.v_proj.weight", keys, e);
      put(layer + "self_attn.o_proj.weight", e, queries);
      put(layer + "post_attention_layernorm.weight", e);
      put(layer + "mlp.gate_proj.weight", f, e);
      put(layer + "mlp.up_proj.weight", f, e);
      put(layer + "mlp.down_proj.weight", e, f);
    }
    put(HfNames.DECODER + "norm.weight", e);
    if (!decoder.tiedHead()) {
      put(HfNames.HEAD, decoder.vocabSize(), e);
    }
  }

  private void put(String name, long... sizes) {
    shapes.put(name, Shape.of(sizes));
  }

  /// A weight and a bias with as many elements as the weight has rows.
  private void withBias(String name, long... sizes) {
    put(name + ".weight", sizes);
    put(name + ".bias", sizes[0]);
  }
}
