package io.plm4j.train.stage;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.convert.ConvertedNumbers;
import io.plm4j.convert.ModelText;
import io.plm4j.convert.NewModel;
import io.plm4j.error.InputException;
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
/// did, but has yet to learn where they lie.
public final class Resized implements AutoCloseable {
  private static final String POSITIONS = HfNames.TOWER + "pos_embed";

  private final Checkpoint checkpoint;
  private final PlmConfig before;
  private final NewModel model;
  private final OptionalDouble waves;

  private Resized(Checkpoint checkpoint, PlmConfig before, NewModel model, OptionalDouble waves) {
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
  public record Change(OptionalInt imageSize, OptionalInt pooling, OptionalDouble waves) {}

  /// @param folder of a complete model in Hugging Face's layout
  /// @param type of the weights: F32, BF16 or F16
  /// @throws InputException if the model is not complete or cannot have this size
  public static Resized of(Path folder, Change change, DType type) {
    var before = PlmConfig.read(folder);
    int imageSize = change.imageSize().orElse(before.vision().imageSize());
    int pooling = change.pooling().orElse(before.poolingRatio());
    var config = config(before, imageSize, pooling, type);
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
      return new Resized(checkpoint, before, model, change.waves());
    } catch (RuntimeException | Error e) {
      checkpoint.close();
      throw e;
    }
  }

  private static PlmConfig config(PlmConfig before, int imageSize, int pooling, DType type) {
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
          before.decoder(),
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
                      : kept.source(tensor.getKey()))
              .toList();
      model.write(to, tensors, maxShardBytes, written);
    }
  }

  private float[] positions() {
    var tower = before.vision();
    try (var _ = Scope.open()) {
      var info = checkpoint.info(POSITIONS);
      var stored = Tensor.over(checkpoint.data(POSITIONS), info.dtype(), info.shape().toArray());
      int side = config().vision().gridSide();
      int kept = tower.classToken().count();
      float[] table =
          PositionTable.resize(
              stored.to(DType.F32).toFloats(), tower.width(), kept, tower.gridSide(), side);
      if (waves.isPresent()) {
        var added = new GridWaves(side, tower.width(), waves.getAsDouble());
        for (int patch = 0; patch < side * side; patch++) {
          added.addTo(table, (kept + patch) * tower.width(), patch);
        }
      }
      return table;
    }
  }

  @Override
  public void close() {
    checkpoint.close();
  }
}
