package io.plm4j.train.stage;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.convert.ConvertedNumbers;
import io.plm4j.convert.ModelText;
import io.plm4j.convert.NewModel;
import io.plm4j.error.InputException;
import io.plm4j.language.DecoderConfig;
import io.plm4j.media.ImageSettings;
import io.plm4j.media.MediaSettings;
import io.plm4j.media.VideoSettings;
import io.plm4j.model.CheckpointReport;
import io.plm4j.model.HfNames;
import io.plm4j.model.PlmCheckpoint;
import io.plm4j.model.PlmConfig;
import io.plm4j.model.QuantizedTensors;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import io.plm4j.vision.GridRope;
import io.plm4j.vision.GridWaves;
import io.plm4j.vision.VisionConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.LongConsumer;

/// A model brought to tiles of another size, or to more or fewer tokens a tile: what was learnt on
/// small pictures, which cost little, goes on with large ones. The tower's learned positions are
/// interpolated, and waves may be added to them; every other number stays. It sees patches as it
/// did, but has yet to learn where they lie. And a decoder of more layers, which begins with saying
/// what the smaller one does: see [Expansion].
public final class Resized implements AutoCloseable {
  private static final String POSITIONS = HfNames.TOWER + "pos_embed";

  private final Checkpoint checkpoint;
  private final PlmConfig before;
  private final NewModel model;
  private final OptionalDouble waves;
  private final Expansion expansion;

  private Resized(
      Checkpoint checkpoint,
      PlmConfig before,
      NewModel model,
      OptionalDouble waves,
      Expansion expansion) {
    this.expansion = expansion;
    this.waves = waves;
    this.checkpoint = checkpoint;
    this.before = before;
    this.model = model;
  }

  /// What becomes another.
  ///
  /// @param imageSize side of a tile in pixels, a multiple of the patches' side; empty: as it was
  /// @param pooling how many columns, and rows, of patch vectors are averaged to one; empty: as it
  ///   was
  /// @param waves amplitude of the [GridWaves] that are added to the tower's learned positions;
  ///   empty: none are
  /// @param layers how many the decoder has, no fewer than it had; empty: as many. See [Expansion]
  /// @param kvHeads how many heads of keys and values the decoder has, a multiple of what it had;
  ///   empty: as many
  public record Change(
      OptionalInt imageSize,
      OptionalInt pooling,
      OptionalDouble waves,
      OptionalInt layers,
      OptionalInt kvHeads) {
    /// Nothing becomes another.
    public static final Change NONE =
        new Change(
            OptionalInt.empty(),
            OptionalInt.empty(),
            OptionalDouble.empty(),
            OptionalInt.empty(),
            OptionalInt.empty());

    public Change withImageSize(int pixels) {
      return new Change(OptionalInt.of(pixels), pooling, waves, layers, kvHeads);
    }

    public Change withPooling(int ratio) {
      return new Change(imageSize, OptionalInt.of(ratio), waves, layers, kvHeads);
    }

    public Change withWaves(double amplitude) {
      return new Change(imageSize, pooling, OptionalDouble.of(amplitude), layers, kvHeads);
    }

    public Change withLayers(int count) {
      return new Change(imageSize, pooling, waves, OptionalInt.of(count), kvHeads);
    }

    public Change withKvHeads(int count) {
      return new Change(imageSize, pooling, waves, layers, OptionalInt.of(count));
    }
  }

  /// @param folder of a complete model in Hugging Face's layout
  /// @param type of the weights: F32, BF16 or F16
  /// @throws InputException if the model is not complete or cannot have this size
  public static Resized of(Path folder, Change change, DType type) {
    var before = PlmConfig.read(folder);
    int imageSize = change.imageSize().orElse(before.vision().imageSize());
    int pooling = change.pooling().orElse(before.poolingRatio());
    var expansion = Expansion.of(before.decoder(), change.layers(), change.kvHeads());
    var config = config(before, imageSize, pooling, expansion.config(), type);
    var text = ModelText.Copied.of(folder);
    var media = media(MediaSettings.read(folder), imageSize, pooling);
    if (change.waves().isPresent() && config.vision().width() < 16) {
      throw new InputException(
          "A tower of width %d has no room for waves, which take 4 of 16 numbers."
              .formatted(config.vision().width()));
    }
    var model = new NewModel(config, media, text, type);
    var checkpoint = PlmCheckpoint.open(folder, before);
    try {
      CheckpointReport.of(before, checkpoint).requireComplete();
      if (QuantizedTensors.areIn(checkpoint)) {
        throw new InputException(
            "%s is quantised, and its weights cannot be made dense without loss; resize the model that it was made from."
                .formatted(folder));
      }
      return new Resized(checkpoint, before, model, change.waves(), expansion);
    } catch (RuntimeException | Error e) {
      checkpoint.close();
      throw e;
    }
  }

  private static PlmConfig config(
      PlmConfig before, int imageSize, int pooling, DecoderConfig decoder, DType type) {
    var vision = before.vision();
    try {
      return new PlmConfig(
          new VisionConfig(
              vision.width(),
              vision.depth(),
              vision.heads(),
              vision.mlpHidden(),
              imageSize,
              vision.patchSize(),
              vision.classToken(),
              vision.normEps(),
              GridRope.of(imageSize / vision.patchSize(), vision.classToken())),
          decoder,
          pooling,
          before.imageTokenId(),
          before.videoTokenId(),
          Optional.of(type),
          List.of());
    } catch (IllegalArgumentException e) {
      throw new InputException(
          "The model cannot have tiles of %d pixels a side and a pooling of %d: %s."
              .formatted(imageSize, pooling, e.getMessage()),
          e);
    }
  }

  private static MediaSettings media(MediaSettings before, int imageSize, int pooling) {
    var image = before.image();
    var video = before.video();
    return new MediaSettings(
        new ImageSettings(
            image.visionInput(),
            imageSize,
            image.maxTiles(),
            image.normalization(),
            image.bicubic()),
        new VideoSettings(imageSize, video.frames(), video.normalization(), video.bicubic()),
        before.patchSize(),
        pooling);
  }

  public PlmConfig config() {
    return model.config();
  }

  /// Bytes of all tensors as they will be written.
  public long tensorBytes() {
    return config().parameters() * model.type().bytes();
  }

  /// Writes the model's folder, which appears under its name when it is complete.
  ///
  /// @param to must not exist, or be empty
  /// @param maxShardBytes of the tensors in a file
  /// @param written told how many bytes of tensors were written, a few megabytes at a time; what it
  ///   throws ends the work
  /// @throws InputException if the folder cannot be written
  public void write(Path to, long maxShardBytes, LongConsumer written) {
    try (var kept = new ConvertedNumbers(checkpoint, Optional.of(model.type()));
        var made = new NewNumbers(model.type(), 0)) {
      var tensors =
          config().expectedTensors().entrySet().stream()
              .<TensorSource>map(tensor ->
                  tensor.getKey().equals(POSITIONS)
                      ? made.given(POSITIONS, tensor.getValue(), positions())
                      : expansion.source(
                          tensor.getKey(), tensor.getValue(), checkpoint, kept, made))
              .toList();
      model.write(to, tensors, maxShardBytes, written);
    }
  }

  private float[] positions() {
    var tower = before.vision();
    int side = config().vision().gridSide();
    int kept = tower.classToken().count();
    float[] table =
        PositionTable.resize(
            numbers(checkpoint, POSITIONS), tower.width(), kept, tower.gridSide(), side);
    if (waves.isPresent()) {
      var added = new GridWaves(side, tower.width(), waves.getAsDouble());
      for (int patch = 0; patch < side * side; patch++) {
        added.addTo(table, (kept + patch) * tower.width(), patch);
      }
    }
    return table;
  }

  /// A tensor's numbers in 32 bits, row-major.
  static float[] numbers(Checkpoint checkpoint, String name) {
    try (var _ = Scope.open()) {
      var info = checkpoint.info(name);
      return Tensor.over(checkpoint.data(name), info.dtype(), info.shape().toArray())
          .to(DType.F32)
          .toFloats();
    }
  }

  @Override
  public void close() {
    checkpoint.close();
  }
}
