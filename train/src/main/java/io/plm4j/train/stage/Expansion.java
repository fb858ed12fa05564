package io.plm4j.train.stage;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.checkpoint.Shape;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.convert.ConvertedNumbers;
import io.plm4j.error.InputException;
import io.plm4j.language.DecoderConfig;
import io.plm4j.model.HfNames;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A decoder with more layers, or more heads of keys and values, that says what the smaller one
/// does until it learns more.
///
/// A new layer is a copy of the one before it that adds nothing yet: what its attention and its
/// feed-forward put into the residual stream begins with zeros. New layers are spread evenly. A
/// head of keys and values that several heads of queries shared becomes one for each few of them,
/// all alike at first.
///
/// Source of the layers: block expansion, Wu et al. 2024, LLaMA Pro.
record Expansion(DecoderConfig before, DecoderConfig config) {
  private static final Pattern LAYER =
      Pattern.compile(Pattern.quote(HfNames.DECODER + "layers.") + "(\\d+)(\\..*)");

  /// @throws InputException if a decoder cannot grow so
  static Expansion of(DecoderConfig before, OptionalInt layers, OptionalInt kvHeads) {
    int depth = layers.orElse(before.layers());
    int heads = kvHeads.orElse(before.kvHeads());
    if (depth < before.layers()) {
      throw new InputException(
          "The decoder has %d layers and cannot have %d, only more."
              .formatted(before.layers(), depth));
    }
    if (heads % before.kvHeads() != 0) {
      throw new InputException(
          "The decoder has %d heads of keys and values; it can have a multiple of that, not %d."
              .formatted(before.kvHeads(), heads));
    }
    try {
      return new Expansion(
          before,
          new DecoderConfig(
              before.hiddenSize(),
              before.intermediateSize(),
              depth,
              before.heads(),
              heads,
              before.headDim(),
              before.vocabSize(),
              before.maxPositions(),
              before.normEps(),
              before.rope(),
              before.tiedHead()));
    } catch (IllegalArgumentException e) {
      throw new InputException(
          "The decoder cannot have %d layers and %d heads of keys and values: %s."
              .formatted(depth, heads, e.getMessage()),
          e);
    }
  }

  /// The layer that one comes from: with 4 that become 6 these are 0, 1, 1, 2, 3, 3.
  int origin(int layer) {
    return ((layer + 1) * before.layers() - 1) / config.layers();
  }

  /// Whether one is new: the same as the layer before it, and silent.
  private boolean isAdded(int layer) {
    return layer > 0 && origin(layer) == origin(layer - 1);
  }

  /// A tensor of the larger model.
  ///
  /// @param from the smaller model
  TensorSource source(
      String name, Shape shape, Checkpoint from, ConvertedNumbers kept, NewNumbers made) {
    var matcher = LAYER.matcher(name);
    return matcher.matches() ? ofLayer(matcher, shape, from, kept, made) : kept.source(name);
  }

  private TensorSource ofLayer(
      Matcher name, Shape shape, Checkpoint from, ConvertedNumbers kept, NewNumbers made) {
    int layer = Integer.parseInt(name.group(1));
    var what = name.group(2);
    var origin = HfNames.DECODER + "layers." + origin(layer) + what;
    boolean toResidual = what.endsWith("o_proj.weight") || what.endsWith("down_proj.weight");
    if (isAdded(layer) && toResidual) {
      return made.given(name.group(), shape, new float[Math.toIntExact(shape.elements())]);
    }
    boolean keys = what.endsWith("k_proj.weight") || what.endsWith("v_proj.weight");
    if (keys && config.kvHeads() > before.kvHeads()) {
      return made.given(name.group(), shape, repeated(origin, from));
    }
    return kept.source(origin).named(name.group());
  }

  /// Each head's rows as often as there are heads of it now.
  private float[] repeated(String name, Checkpoint from) {
    float[] stored = Resized.numbers(from, name);
    int head = stored.length / before.kvHeads();
    int times = config.kvHeads() / before.kvHeads();
    float[] all = new float[stored.length * times];
    for (int i = 0; i < config.kvHeads(); i++) {
      System.arraycopy(stored, i / times * head, all, i * head, head);
    }
    return all;
  }
}
