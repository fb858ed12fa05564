package io.plm4j.train.stage;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.checkpoint.Dialect;
import io.plm4j.convert.ModelText;
import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import io.plm4j.language.DecoderConfig;
import io.plm4j.layout.Layout;
import io.plm4j.model.HfNames;
import io.plm4j.model.MetaNames;
import io.plm4j.text.ChatTemplate;
import io.plm4j.text.Tokenizer;
import io.plm4j.text.TokenizerFiles;
import java.nio.file.Path;
import java.util.Optional;

/// A Llama checkpoint, from Hugging Face or from Meta, under the names that a Perception Language
/// Model has for its decoder.
final class Llama implements AutoCloseable {
  private final Path folder;
  private final DecoderConfig config;
  private final Checkpoint checkpoint;

  private Llama(Path folder, DecoderConfig config, Checkpoint checkpoint) {
    this.folder = folder;
    this.config = config;
    this.checkpoint = checkpoint;
  }

  /// @param place a folder with config.json, or with params.json, or with `original` in it
  /// @throws InputException if it holds no Llama
  static Llama open(Path place) {
    var folder = Layout.locate(place);
    return switch (Layout.of(folder)) {
      case HUGGING_FACE -> openHuggingFace(folder);
      case ORIGINAL -> openOriginal(folder);
    };
  }

  private static Llama openHuggingFace(Path folder) {
    var json = JsonObject.read(folder.resolve(Layout.HUGGING_FACE.configFile()));
    if (!json.text("model_type").equals("llama")) {
      throw json.wrong(
          "model_type", "\"llama\": the decoder of a Perception Language Model is one");
    }
    var config = DecoderConfig.read(json, json);
    return new Llama(folder, config, Checkpoint.open(folder, Dialect.renaming(Llama::canonical)));
  }

  /// From the names of transformers' `LlamaForCausalLM`.
  private static Optional<String> canonical(String stored) {
    if (stored.endsWith(".rotary_emb.inv_freq")) {
      return Optional.empty(); // computed; older files store it
    }
    return Optional.of(
        stored.startsWith("model.")
            ? HfNames.DECODER + stored.substring("model.".length())
            : stored);
  }

  /// Which components of a head turn together differs, and so the width of heads must be known
  /// before the weights are opened; whether there is a head of its own only after that.
  private static Llama openOriginal(Path folder) {
    int headDim = LlamaParams.read(folder, false).headDim();
    var checkpoint = Checkpoint.open(folder, MetaNames.toCanonical(headDim));
    try {
      return new Llama(folder, LlamaParams.read(folder, isTied(checkpoint)), checkpoint);
    } catch (RuntimeException | Error e) {
      checkpoint.close();
      throw e;
    }
  }

  /// Meta stores the head of a model without one too: the embedding once more.
  private static boolean isTied(Checkpoint checkpoint) {
    if (!checkpoint.names().contains(HfNames.HEAD)) {
      return true;
    }
    return checkpoint.names().contains(HfNames.EMBEDDING)
        && checkpoint.data(HfNames.HEAD).mismatch(checkpoint.data(HfNames.EMBEDDING)) < 0;
  }

  DecoderConfig config() {
    return config;
  }

  Checkpoint checkpoint() {
    return checkpoint;
  }

  /// The tokenizer with PLM's special tokens, and PLM's way to write a conversation. Llama's own
  /// template knows no pictures.
  ///
  /// A tokenizer that has them already, of a small model of one's own, stays as it is.
  ModelText text() {
    var tokenizer = Tokenizer.read(folder);
    if (TokenizerFiles.obstacles(tokenizer).isEmpty()) {
      return new ModelText.Plm(tokenizer, ChatTemplate.plm());
    }
    if (tokenizer.specialToken("<|image|>").isPresent()
        && tokenizer.specialToken("<|video|>").isPresent()) {
      return ModelText.Copied.of(folder);
    }
    return new ModelText.Plm(
        TokenizerFiles.asPlm(tokenizer, config.vocabSize(), folder), ChatTemplate.plm());
  }

  @Override
  public void close() {
    checkpoint.close();
  }
}
