package io.plm4j;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.error.InputException;
import io.plm4j.generate.GenerationDefaults;
import io.plm4j.generate.Listener;
import io.plm4j.generate.Listener.Phase;
import io.plm4j.generate.Session;
import io.plm4j.layout.Layout;
import io.plm4j.media.Image;
import io.plm4j.media.ImageSettings;
import io.plm4j.media.MediaSettings;
import io.plm4j.media.Tiles;
import io.plm4j.model.CheckpointReport;
import io.plm4j.model.PerceptionLm;
import io.plm4j.model.Pixels;
import io.plm4j.model.PlmCheckpoint;
import io.plm4j.model.PlmConfig;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Tensor;
import io.plm4j.text.ChatTemplate;
import io.plm4j.text.MediaTokens;
import io.plm4j.text.Prompt;
import io.plm4j.text.PromptRenderer;
import io.plm4j.text.Tokenizer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// A Perception Language Model that is ready to answer questions about pictures.
///
/// ```java
/// try (var plm = Plm.load(Path.of("Perception-LM-1B"))) {
///   var answer = plm.ask("What is the cat about to do?", Image.read(Path.of("cat.jpg")));
///   System.out.println(answer.text());
/// }
/// ```
///
/// It holds the weights, mapped from the checkpoint's files, until it is closed. Questions from
/// several threads are answered one after another.
public final class Plm implements AutoCloseable {
  private final Checkpoint checkpoint;
  private final PerceptionLm model;
  private final Language language;
  private final ImageSettings imageSettings;

  private Plm(
      Checkpoint checkpoint, PerceptionLm model, Language language, ImageSettings imageSettings) {
    this.checkpoint = checkpoint;
    this.model = model;
    this.language = language;
    this.imageSettings = imageSettings;
  }

  /// What turns words into tokens and back, read beside the weights.
  private record Language(
      Tokenizer tokenizer, PromptRenderer renderer, GenerationDefaults defaults) {
    static Language read(Path folder) {
      var tokenizer = Tokenizer.read(folder);
      var renderer =
          new PromptRenderer(tokenizer, ChatTemplate.read(folder), Clock.systemDefaultZone());
      return new Language(tokenizer, renderer, GenerationDefaults.read(folder));
    }
  }

  /// Loads a checkpoint, in Hugging Face's layout or in Meta's (also where that is in the subfolder
  /// `original`), in the type in which it is stored, for all cores.
  ///
  /// @throws InputException if the folder does not hold a complete checkpoint of this model
  public static Plm load(Path folder) {
    return load(folder, LoadOptions.DEFAULT);
  }

  /// @throws InputException if the folder does not hold a complete checkpoint of this model
  public static Plm load(Path given, LoadOptions options) {
    var folder = Layout.locate(given);
    var config = PlmConfig.read(folder);
    var media = MediaSettings.read(folder);
    var checkpoint = PlmCheckpoint.open(folder, config);
    try {
      CheckpointReport.of(config, checkpoint).requireComplete();
      // The vocabulary is read while the native library starts: either takes some tenths of a
      // second.
      var language = CompletableFuture.supplyAsync(() -> Language.read(folder));
      Tensor.setThreads(options.threads());
      var model =
          PerceptionLm.load(
              config, checkpoint, type(options, config, checkpoint), options.threads());
      try {
        var plm = new Plm(checkpoint, model, join(language), media.image());
        plm.requireConsistent(media);
        return plm;
      } catch (RuntimeException | Error e) {
        model.close();
        throw e;
      }
    } catch (RuntimeException | Error e) {
      checkpoint.close();
      throw e;
    }
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
  /// as it does in Meta's code.
  private static DType type(LoadOptions options, PlmConfig config, Checkpoint checkpoint) {
    var wanted = options.type();
    if (Layout.of(checkpoint.folder()) == Layout.ORIGINAL) {
      wanted = wanted.or(config::storedType);
    }
    boolean mostlyBf16 =
        checkpoint.countByType().getOrDefault(DType.BF16, 0L) * 2 > checkpoint.names().size();
    return wanted.filter(type -> type != DType.F16).orElse(mostlyBf16 ? DType.BF16 : DType.F32);
  }

  /// The parts of a checkpoint are files that people copy one by one; those that do not belong
  /// together are found here.
  private void requireConsistent(MediaSettings media) {
    var config = model.config();
    if (imageSettings.tileSize() != config.vision().imageSize()) {
      throw new InputException(
          "%s: the processor's tile_size is %d, but config.json's vision tower takes %d; these files do not belong together"
              .formatted(
                  checkpoint.folder(), imageSettings.tileSize(), config.vision().imageSize()));
    }
    var configFile = Layout.of(checkpoint.folder()).configFile();
    if (media.tokensPerTile() != config.tokensPerTile()) {
      throw new InputException(
          "%s: the processor's patch_size and pooling_ratio give %d tokens a tile, config.json's vision tower and projector %d; these files do not belong together"
              .formatted(checkpoint.folder(), media.tokensPerTile(), config.tokensPerTile()));
    }
    var placeholder =
        language.tokenizer().named("image_token").map(language.tokenizer()::specialToken);
    if (placeholder.isPresent()
        && !placeholder.get().equals(OptionalInt.of(config.imageTokenId()))) {
      throw new InputException(
          "%s: the tokenizer's image_token has the id %s, but %s's image_token_id is %d; these files do not belong together"
              .formatted(
                  checkpoint.folder(), placeholder.get(), configFile, config.imageTokenId()));
    }
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

  /// Answers a question about some pictures, greedily, in at most 256 tokens.
  public Answer ask(String question, Image... images) {
    return ask(Request.of(question, images), Listener.NONE);
  }

  /// Answers a request.
  ///
  /// @param listener told of progress and of every piece of text as it comes; may cancel
  /// @throws InputException if the request cannot be answered: nothing has been computed then
  public synchronized Answer ask(Request request, Listener listener) {
    var session = new Session(model, language.defaults().eosIds());
    var settings = request.imageSettings().orElse(imageSettings);
    var prompt = prompt(request);
    session.requireFits(prompt.length(), request.options().maxNewTokens());
    listener.phase(Phase.PREPROCESS);
    var media = new ArrayList<Session.Media>();
    for (var span : prompt.spans()) {
      media.add(
          new Session.Media(
              span.start(), pixels(settings.tiles(request.images().get(span.index())))));
    }
    var generation =
        session.answer(
            prompt.ids(), media, language.tokenizer().stream(), request.options(), listener);
    return new Answer(
        generation.text(),
        generation.tokens(),
        prompt.length(),
        generation.finishReason(),
        generation.firstScores());
  }

  /// The tokens of a request as the model would read them, without running it.
  public Prompt prompt(Request request) {
    var settings = request.imageSettings().orElse(imageSettings);
    int perTile = model.config().tokensPerTile();
    var tokens =
        request.images().stream()
            .map(image -> settings.tileCount(image.width(), image.height()) * perTile)
            .toList();
    return language
        .renderer()
        .prompt(
            request.conversation(), new MediaTokens(tokens, List.of()), request.specialTokens());
  }

  private static Pixels pixels(Tiles tiles) {
    return new Pixels() {
      @Override
      public int count() {
        return tiles.count();
      }

      @Override
      public void write(int from, int to, FloatBuffer out) {
        tiles.writeNormalized(from, to, out);
      }
    };
  }

  /// How this checkpoint's pictures are cut, for requests that want it otherwise.
  public ImageSettings imageSettings() {
    return imageSettings;
  }

  public PlmConfig config() {
    return model.config();
  }

  public Tokenizer tokenizer() {
    return language.tokenizer();
  }

  /// What the checkpoint says of sampling where a request does not.
  public GenerationDefaults generationDefaults() {
    return language.defaults();
  }

  /// Type of the weights in memory and of the computation.
  public DType type() {
    return model.type();
  }

  @Override
  public synchronized void close() {
    model.close();
    checkpoint.close();
  }
}
