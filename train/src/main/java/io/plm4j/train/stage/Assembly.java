package io.plm4j.train.stage;

import io.plm4j.checkpoint.Shape;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.convert.ConvertedNumbers;
import io.plm4j.convert.ModelText;
import io.plm4j.convert.NewModel;
import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.language.DecoderConfig;
import io.plm4j.language.RopeConfig;
import io.plm4j.language.RopeScaling;
import io.plm4j.media.MediaSettings;
import io.plm4j.media.VisionInput;
import io.plm4j.model.HfNames;
import io.plm4j.model.PlmConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/// The model that stage 1 starts from: a Llama's words, a Perception Encoder's eyes, and between
/// them a projector that knows nothing yet.
public final class Assembly implements AutoCloseable {
  /// With a gain of 1, a tower with LayerScale computes what one without it does.
  private static final double NEUTRAL_GAIN = 1;

  private final Llama llama;
  private final Encoder encoder;
  private final AssemblyOptions options;
  private final NewModel model;
  private final List<String> notes = new ArrayList<>();

  private Assembly(Llama llama, Encoder encoder, AssemblyOptions options, Path llamaPlace) {
    this.llama = llama;
    this.encoder = encoder;
    this.options = options;
    ModelText text = llama.text();
    model = model(text, NewModel.Ids.of(text.tokenizer(), llamaPlace));
    requireComplete();
    note();
  }

  /// Reads both checkpoints and finds out whether they can become one model.
  ///
  /// @param llama a folder of Hugging Face's or Meta's layout
  /// @param encoder a file of weights, or a folder with one
  /// @throws InputException if one of them is none, or they do not fit what is asked for
  @SuppressWarnings("MustBeClosedChecker") // the assembly owns both and closes them
  public static Assembly prepare(Path llama, Path encoder, AssemblyOptions options) {
    var words = Llama.open(llama);
    try {
      var eyes = Encoder.open(encoder);
      try {
        return new Assembly(words, eyes, options, llama);
      } catch (RuntimeException | Error e) {
        eyes.close();
        throw e;
      }
    } catch (RuntimeException | Error e) {
      words.close();
      throw e;
    }
  }

  private MediaSettings media(PlmConfig config) {
    return NewModel.media(
        config,
        VisionInput.THUMB_AND_TILES,
        options.maxTiles(),
        MediaSettings.DEFAULT.video().frames());
  }

  private NewModel model(ModelText text, NewModel.Ids ids) {
    int depth = options.blocks().orElseGet(encoder::usedBlocks);
    if (depth > encoder.storedBlocks()) {
      throw new InputException(
          "The encoder has %d blocks, but %d are asked for."
              .formatted(encoder.storedBlocks(), depth));
    }
    var vision = encoder.config(options.imageSize(), depth, options.encoderHeads());
    try {
      var config =
          new PlmConfig(
              vision,
              decoder(),
              options.pooling(),
              ids.image(),
              ids.video(),
              Optional.of(options.type()),
              List.of());
      return new NewModel(config, media(config), text, options.type());
    } catch (IllegalArgumentException e) {
      throw new InputException(
          "The two do not make a model of this kind: %s.".formatted(e.getMessage()), e);
    }
  }

  private DecoderConfig decoder() {
    var own = llama.config();
    var rope =
        options
            .ropeScaling()
            .map(scaling -> new RopeConfig(own.rope().theta(), scaling))
            .orElse(own.rope());
    return new DecoderConfig(
        own.hiddenSize(),
        own.intermediateSize(),
        own.layers(),
        own.heads(),
        own.kvHeads(),
        own.headDim(),
        own.vocabSize(),
        options.maxPositions(),
        own.normEps(),
        rope,
        own.tiedHead());
  }

  /// What is neither drawn nor computed is in one of the two, in its right shape.
  private void requireComplete() {
    var wrong = new ArrayList<String>();
    config()
        .expectedTensors()
        .forEach((name, shape) -> {
          boolean tower = name.startsWith(HfNames.TOWER);
          var checkpoint = tower ? encoder.checkpoint() : llama.checkpoint();
          if (name.startsWith(HfNames.PROJECTOR) || name.endsWith(".pos_embed")) {
            return;
          }
          if (!checkpoint.names().contains(name)) {
            if (!isGain(name)) {
              wrong.add(name + " is missing");
            }
          } else if (!checkpoint.info(name).shape().equals(shape)) {
            wrong.add("%s is %s, not %s".formatted(name, checkpoint.info(name).shape(), shape));
          } else if (!checkpoint.info(name).dtype().isFloatingPoint()) {
            wrong.add(name + " is " + checkpoint.info(name).dtype());
          }
        });
    if (!wrong.isEmpty()) {
      throw new InputException(
          "The weights are not those of a Llama and a Perception Encoder: %s. Fetch them again, or name another checkpoint."
              .formatted(Excerpt.of(wrong)));
    }
  }

  private static boolean isGain(String name) {
    return name.endsWith(".gamma_1") || name.endsWith(".gamma_2");
  }

  private double gain() {
    return options.layerScale().orElse(NEUTRAL_GAIN);
  }

  private void note() {
    var vision = config().vision();
    var unused = encoder.unused(vision, config().expectedTensors().keySet());
    if (!unused.isEmpty()) {
      notes.add("not used of the encoder: " + Excerpt.of(unused));
    }
    var table = encoder.checkpoint().info(HfNames.TOWER + "pos_embed").shape().sizes().get(1);
    int side = (int) Math.round(Math.sqrt(table - vision.classToken().count()));
    if (side != vision.gridSide()) {
      notes.add(
          "positions interpolated from %d x %d patches to %d x %d"
              .formatted(side, side, vision.gridSide(), vision.gridSide()));
    }
    if (!encoder.has(HfNames.TOWER + "blocks.0.gamma_1")) {
      notes.add("the encoder has no LayerScale; its gains begin with " + gain());
    }
    notes.add("rotary positions of the decoder: " + rope(config().decoder().rope()));
  }

  private static String rope(RopeConfig rope) {
    return switch (rope.scaling()) {
      case RopeScaling.None() -> "theta %s, not scaled".formatted(rope.theta());
      case RopeScaling.Llama3(double factor, double low, double high, int context) ->
          "theta %s, Llama 3's scaling by %s of %d positions, between %s and %s"
              .formatted(rope.theta(), factor, context, low, high);
    };
  }

  /// What was left out and what was chosen, a line each, for the user to see.
  public List<String> notes() {
    return List.copyOf(notes);
  }

  public PlmConfig config() {
    return model.config();
  }

  /// Bytes of all tensors as they will be written.
  public long tensorBytes() {
    return config().parameters() * options.type().bytes();
  }

  /// Writes the model's folder, which appears under its name when it is complete.
  ///
  /// @param to must not exist, or be empty
  /// @param maxShardBytes of the tensors in a file
  /// @param written told how many bytes of tensors were written, a few megabytes at a time; what it
  ///   throws ends the work
  /// @throws InputException if the folder cannot be written
  public void write(Path to, long maxShardBytes, LongConsumer written) {
    var type = Optional.of(options.type());
    try (var words = new ConvertedNumbers(llama.checkpoint(), type);
        var eyes = new ConvertedNumbers(encoder.checkpoint(), type);
        var drawn = new NewNumbers(options.type(), options.seed())) {
      var initial = new Initial(config(), gain());
      var tensors = new ArrayList<TensorSource>();
      config()
          .expectedTensors()
          .forEach((name, shape) -> tensors.add(source(name, shape, words, eyes, drawn, initial)));
      model.write(to, tensors, maxShardBytes, written);
    }
  }

  private TensorSource source(
      String name,
      Shape shape,
      ConvertedNumbers words,
      ConvertedNumbers eyes,
      NewNumbers drawn,
      Initial initial) {
    if (name.endsWith(".pos_embed")) {
      return drawn.given(name, shape, encoder.positions(config().vision()));
    }
    if (name.startsWith(HfNames.TOWER)) {
      return encoder.has(name)
          ? eyes.source(name)
          : drawn.drawn(name, shape, initial.of(name, shape));
    }
    return name.startsWith(HfNames.PROJECTOR)
        ? drawn.drawn(name, shape, initial.of(name, shape))
        : words.source(name);
  }

  @Override
  public void close() {
    llama.close();
    encoder.close();
  }
}
