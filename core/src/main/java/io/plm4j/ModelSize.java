package io.plm4j;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.checkpoint.Shape;
import io.plm4j.error.InputException;
import io.plm4j.language.KvFormat;
import io.plm4j.layout.Layout;
import io.plm4j.memory.AnswerSize;
import io.plm4j.memory.MemoryDemand;
import io.plm4j.memory.WeightBytes;
import io.plm4j.model.HfNames;
import io.plm4j.model.PlmCheckpoint;
import io.plm4j.model.PlmConfig;
import io.plm4j.model.QuantizationRecipe;
import io.plm4j.tensor.DType;
import io.plm4j.text.MediaTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a model's files say of its size, without loading it: from the configuration and the headers
/// of the weights.
///
/// ```java
/// var size = ModelSize.read(folder, LoadOptions.DEFAULT);
/// var plan = MemoryPlan.of(size.demand(request.outline(ImageSettings.DEFAULT, 256)));
/// System.out.println(plan.needed() + " bytes");
/// ```
///
/// @param folder that holds the model
/// @param type that it would compute in
/// @param keysAndValues in which numbers it would keep them
public record ModelSize(
    Path folder, PlmConfig config, DType type, KvFormat keysAndValues, WeightBytes weights) {
  private static final String ADAPTER = "adapter_model.safetensors";

  /// @param given the folder, or one with Meta's layout in its subfolder
  /// @throws InputException if there is no model
  public static ModelSize read(Path given, LoadOptions options) {
    var folder = Layout.locate(given);
    var config = PlmConfig.read(folder);
    try (Checkpoint checkpoint = PlmCheckpoint.open(folder, config)) {
      var type = LoadedModel.type(options, config, checkpoint);
      var weights = WeightBytes.of(checkpoint, type, options.quantization());
      if (config.decoder().tiedHead()) {
        // A copy of it, beside the embedding.
        weights =
            weights.plusConverted(
                options.quantization().map(recipe -> head(config, recipe)).orElse(0L));
      }
      return new ModelSize(folder, config, type, options.caches().keysAndValues(), weights);
    }
  }

  private static long head(PlmConfig config, QuantizationRecipe recipe) {
    var shape = Shape.of(config.decoder().vocabSize(), config.decoder().hiddenSize());
    return recipe.bytes(HfNames.HEAD, shape).orElse(0);
  }

  /// Bytes of keys and values a position.
  ///
  /// @param format they are kept in
  public long cacheBytesPerToken(KvFormat format) {
    return switch (format) {
      case COMPUTED -> config.decoder().kvCacheBytesPerToken(type);
      case INT8 -> config.decoder().kvCacheBytesPerTokenInInt8();
    };
  }

  private static long bytes(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0; // one that is missing is found by the load
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What it takes to answer a request, its words counted by the model's own tokenizer, which is
  /// read for it.
  public MemoryDemand demand(RequestOutline request) {
    int perTile = config.tokensPerTile();
    var prompt =
        LoadedModel.Language.read(folder)
            .renderer()
            .prompt(
                request.conversation(),
                new MediaTokens(
                    request.imageTiles().stream().map(n -> n * perTile).toList(),
                    request.videoFrames().stream().map(n -> n * perTile).toList()),
                request.specialTokens());
    return demand(request, Math.max(0, prompt.length() - request.tiles() * perTile));
  }

  /// At least what it takes to answer a request: words are not counted but taken to be as many
  /// tokens as they could be, which takes no time.
  public MemoryDemand demandAtMost(RequestOutline request) {
    return demand(request, request.textTokensAtMost());
  }

  private MemoryDemand demand(RequestOutline request, int textTokens) {
    var size = new AnswerSize(textTokens, request.tiles(), request.newTokens());
    return new MemoryDemand(config, weights, type, cacheBytesPerToken(keysAndValues), size);
  }
}
