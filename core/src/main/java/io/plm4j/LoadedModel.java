package io.plm4j;

import io.plm4j.adapter.AdaptedWeights;
import io.plm4j.adapter.Adapter;
import io.plm4j.adapter.BaseModel;
import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.error.InputException;
import io.plm4j.generate.GenerationDefaults;
import io.plm4j.layout.Layout;
import io.plm4j.media.MediaSettings;
import io.plm4j.model.CheckpointReport;
import io.plm4j.model.PerceptionLm;
import io.plm4j.model.PlmCheckpoint;
import io.plm4j.model.PlmConfig;
import io.plm4j.model.QuantizedTensors;
import io.plm4j.model.QuantizedWeights;
import io.plm4j.model.StoredWeights;
import io.plm4j.nn.LowRank;
import io.plm4j.nn.Weights;
import io.plm4j.quant.Kernels;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Tensor;
import io.plm4j.text.ChatTemplate;
import io.plm4j.text.PromptRenderer;
import io.plm4j.text.Tokenizer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;

/// Everything that a folder of a model holds, loaded and found to belong together.
record LoadedModel(
    Checkpoint checkpoint,
    PerceptionLm model,
    List<Adapter> adapters,
    Language language,
    MediaSettings media)
    implements AutoCloseable {

  /// What turns words into tokens and back, read beside the weights.
  record Language(Tokenizer tokenizer, PromptRenderer renderer, GenerationDefaults defaults) {
    static Language read(Path folder) {
      var tokenizer = Tokenizer.read(folder);
      var renderer =
          new PromptRenderer(tokenizer, ChatTemplate.read(folder), Clock.systemDefaultZone());
      return new Language(tokenizer, renderer, GenerationDefaults.read(folder));
    }
  }

  /// @param given the folder, or one with Meta's layout in its subfolder
  /// @throws InputException if it does not hold a complete checkpoint of this model
  static LoadedModel load(Path given, LoadOptions options) {
    return load(given, options, weights -> weights);
  }

  /// @param around what stands between the model and its weights
  static LoadedModel load(Path given, LoadOptions options, UnaryOperator<Weights.Source> around) {
    var folder = Layout.locate(given);
    var config = PlmConfig.read(folder);
    var media = MediaSettings.read(folder);
    var checkpoint = PlmCheckpoint.open(folder, config);
    try {
      CheckpointReport.of(config, checkpoint).requireComplete();
      if (options.quantization().isPresent() && QuantizedTensors.areIn(checkpoint)) {
        throw new InputException(
            "%s is quantised already, and is used as it is; leave out the wish to quantise it."
                .formatted(folder));
      }
      // The vocabulary is read while the native library starts: either takes some tenths of a
      // second.
      var language = CompletableFuture.supplyAsync(() -> Language.read(folder));
      Tensor.setThreads(options.threads());
      var owner = new Owner();
      var adapters = adapters(options, config, owner);
      var model = model(config, checkpoint, adapters, owner, options, around);
      try {
        var loaded = new LoadedModel(checkpoint, model, adapters, join(language), media);
        loaded.requireConsistent();
        return loaded;
      } catch (RuntimeException | Error e) {
        model.close();
        throw e;
      }
    } catch (RuntimeException | Error e) {
      checkpoint.close();
      throw e;
    }
  }

  private static List<Adapter> adapters(LoadOptions options, PlmConfig config, Owner owner) {
    try {
      return options.adapters().stream()
          .map(adapter -> Adapter.read(adapter.name(), adapter.folder(), config, owner))
          .toList();
    } catch (RuntimeException | Error e) {
      owner.close();
      throw e;
    }
  }

  private static PerceptionLm model(
      PlmConfig config,
      Checkpoint checkpoint,
      List<Adapter> adapters,
      Owner owner,
      LoadOptions options,
      UnaryOperator<Weights.Source> around) {
    var type = type(options, config, checkpoint);
    var kernels = Kernels.create(options.threads());
    var stored = new StoredWeights(checkpoint, type, owner);
    Weights.Source weights =
        options
            .quantization()
            .<Weights.Source>map(recipe -> new QuantizedWeights(stored, recipe, kernels))
            .orElse(stored);
    if (!adapters.isEmpty()) {
      weights = new AdaptedWeights(weights, adapters, LowRank.Dropout.NONE, owner);
    }
    return new PerceptionLm(config, type, around.apply(weights), kernels, owner);
  }

  /// What the files say that speaks against using them together, but does not rule it out.
  List<String> warnings() {
    return adapters.stream()
        .flatMap(adapter -> BaseModel.warnings(adapter, checkpoint.folder()).stream())
        .toList();
  }

  private static <T> T join(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /// As stored where the most frequent stored type is F32 or BF16, else F32, which holds every F16
  /// exactly. Meta's files are of F32 whatever the model computes in; there `params.json` decides,
  /// as it does in Meta's code. It also decides where the weights are in few bits.
  static DType type(LoadOptions options, PlmConfig config, Checkpoint checkpoint) {
    var wanted = options.type();
    if (Layout.of(checkpoint.folder()) == Layout.ORIGINAL || QuantizedTensors.areIn(checkpoint)) {
      wanted = wanted.or(config::storedType);
    }
    boolean mostlyBf16 =
        checkpoint.countByType().getOrDefault(DType.BF16, 0L) * 2 > checkpoint.names().size();
    return wanted.filter(type -> type != DType.F16).orElse(mostlyBf16 ? DType.BF16 : DType.F32);
  }

  /// The parts of a checkpoint are files that people copy one by one; those that do not belong
  /// together are found here.
  private void requireConsistent() {
    var config = model.config();
    if (media.image().tileSize() != config.vision().imageSize()) {
      throw new InputException(
          "%s: the processor's tile_size is %d, but config.json's vision tower takes %d; these files do not belong together"
              .formatted(
                  checkpoint.folder(), media.image().tileSize(), config.vision().imageSize()));
    }
    var configFile = Layout.of(checkpoint.folder()).configFile();
    if (media.tokensPerTile() != config.tokensPerTile()) {
      throw new InputException(
          "%s: the processor's patch_size and pooling_ratio give %d tokens a tile, config.json's vision tower and projector %d; these files do not belong together"
              .formatted(checkpoint.folder(), media.tokensPerTile(), config.tokensPerTile()));
    }
    requirePlaceholder("image_token", config.imageTokenId());
    requirePlaceholder("video_token", config.videoTokenId());
    if (language.tokenizer().size() > config.decoder().vocabSize()) {
      throw new InputException(
          "%s: the tokenizer has %d tokens, but %s's vocab_size is %d; these files do not belong together"
              .formatted(
                  checkpoint.folder(),
                  language.tokenizer().size(),
                  configFile,
                  config.decoder().vocabSize()));
    }
  }

  private void requirePlaceholder(String name, int expected) {
    var id = language.tokenizer().named(name).map(language.tokenizer()::specialToken);
    if (id.isPresent() && !id.get().equals(OptionalInt.of(expected))) {
      throw new InputException(
          "%s: the tokenizer's %s has the id %s, but %s's %s_id is %d; these files do not belong together"
              .formatted(
                  checkpoint.folder(),
                  name,
                  id.get(),
                  Layout.of(checkpoint.folder()).configFile(),
                  name,
                  expected));
    }
  }

  /// Refuses videos where the files disagree about the size of a frame.
  void requireFrameSize() {
    int side = model.config().vision().imageSize();
    if (media.video().size() != side) {
      throw new InputException(
          "%s: the video processor's size is %d, but config.json's vision tower takes %d; these files do not belong together"
              .formatted(checkpoint.folder(), media.video().size(), side));
    }
  }

  @Override
  public void close() {
    model.close();
    checkpoint.close();
  }
}
