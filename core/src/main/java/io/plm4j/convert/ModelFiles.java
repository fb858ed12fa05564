package io.plm4j.convert;

import io.plm4j.error.InputException;
import io.plm4j.generate.GenerationDefaults;
import io.plm4j.layout.Layout;
import io.plm4j.media.Bicubic;
import io.plm4j.media.MediaSettings;
import io.plm4j.media.VideoSettings;
import io.plm4j.model.PlmConfig;
import io.plm4j.text.ChatTemplate;
import io.plm4j.text.Tokenizer;
import io.plm4j.text.TokenizerFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Everything that a model folder holds beside the weights.
record ModelFiles(
    Path folder,
    PlmConfig config,
    MediaSettings media,
    Tokenizer tokenizer,
    ChatTemplate template,
    GenerationDefaults defaults) {

  static ModelFiles read(Path folder) {
    return new ModelFiles(
        folder,
        PlmConfig.read(folder),
        MediaSettings.read(folder),
        Tokenizer.read(folder),
        ChatTemplate.read(folder),
        GenerationDefaults.read(folder));
  }

  List<String> leftOut() {
    var keys = new ArrayList<String>();
    config.unknownKeys().forEach(key -> keys.add(Layout.of(folder).configFile() + ": " + key));
    defaults.unknownKeys().forEach(key -> keys.add("generation_config.json: " + key));
    return keys;
  }

  /// Refuses what the target has no place for. Hugging Face's has one for everything of Meta's but
  /// a tokenizer of another length than the vocabulary.
  void requireExpressible(Layout target) {
    var obstacles = new ArrayList<String>();
    if (target == Layout.ORIGINAL) {
      obstacles.addAll(OriginalFiles.obstacles(this));
    }
    for (var part : TokenizerFiles.obstacles(tokenizer)) {
      obstacles.add("the tokenizer has " + part);
    }
    if (tokenizer.size() != config.decoder().vocabSize()) {
      obstacles.add(
          "the tokenizer has %d tokens and the model %d"
              .formatted(tokenizer.size(), config.decoder().vocabSize()));
    }
    if (!tokenizer.specialToken("<|image|>").equals(OptionalInt.of(config.imageTokenId()))) {
      obstacles.add("the model's image token %d is not <|image|>".formatted(config.imageTokenId()));
    }
    if (!obstacles.isEmpty()) {
      throw new InputException(
          "%s cannot be converted without loss, so it is not: %s."
              .formatted(folder, String.join("; ", obstacles)));
    }
  }

  /// Reads what was written and holds it against what was to be written.
  void requireSame(Path written) {
    var copy = read(written);
    var differing = new ArrayList<String>();
    if (!essence(copy.config).equals(essence(config))) {
      differing.add(Layout.of(written).configFile());
    }
    if (!essence(copy.media).equals(essence(media))) {
      differing.add("what is done to pictures");
    }
    if (!copy.template.source().equals(template.source())) {
      differing.add("the chat template");
    }
    if (!TokenizerFiles.same(copy.tokenizer, tokenizer)) {
      differing.add("the tokenizer");
    }
    if (!ids(copy.defaults).equals(ids(defaults))) {
      differing.add("the tokens that end an answer");
    }
    if (!differing.isEmpty()) {
      throw new InputException(
          "%s cannot be converted without loss, so it is not: these come back changed: %s. Please report this."
              .formatted(folder, String.join(", ", differing)));
    }
  }

  /// The stored type is stated by the target's own rules, and unknown keys are no part of a model.
  private static PlmConfig essence(PlmConfig config) {
    return new PlmConfig(
        config.vision(),
        config.decoder(),
        config.poolingRatio(),
        config.imageTokenId(),
        config.videoTokenId(),
        Optional.empty(),
        List.of());
  }

  /// Whose arithmetic resizes goes with the layout, not with the file.
  private static MediaSettings essence(MediaSettings media) {
    var same = Bicubic.PILLOW;
    var video = media.video();
    return new MediaSettings(
        media.image().withBicubic(same),
        new VideoSettings(video.size(), video.frames(), video.normalization(), same),
        media.patchSize(),
        media.poolingRatio());
  }

  private static Set<Integer> ids(GenerationDefaults defaults) {
    return new HashSet<>(defaults.eosIds());
  }
}
