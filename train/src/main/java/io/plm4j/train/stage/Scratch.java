package io.plm4j.train.stage;

import io.plm4j.checkpoint.TensorSource;
import io.plm4j.convert.ModelText;
import io.plm4j.convert.NewModel;
import io.plm4j.model.PlmConfig;
import io.plm4j.tensor.DType;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/// A model of random numbers, to be trained from nothing.
///
/// ```java
/// Scratch.of(Path.of("nano.yaml"), Path.of("vocabulary"), DType.F32, 777).write(Path.of("start"), ...);
/// ```
public final class Scratch {
  private final NewModel model;
  private final double layerScale;
  private final long seed;

  private Scratch(NewModel model, double layerScale, long seed) {
    this.model = model;
    this.layerScale = layerScale;
    this.seed = seed;
  }

  /// @param shape a file as [ModelShape] reads it
  /// @param tokenizer a folder with tokenizer.json, tokenizer_config.json and chat_template.jinja
  /// @param type of the weights: F32, BF16 or F16
  /// @param seed equal seeds give equal models
  /// @throws io.plm4j.error.InputException if one of the two cannot be used, or both not together
  public static Scratch of(Path shape, Path tokenizer, DType type, long seed) {
    var read = ModelShape.read(shape);
    var text = ModelText.Copied.of(tokenizer);
    var ids = NewModel.Ids.of(text.tokenizer(), tokenizer);
    var config = read.config(text.tokenizer().size(), ids, type, shape);
    var media = NewModel.media(config, read.input(), read.maxTiles(), read.frames());
    return new Scratch(new NewModel(config, media, text, type), read.layerScale(), seed);
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
  /// @throws io.plm4j.error.InputException if the folder cannot be written
  public void write(Path to, long maxShardBytes, LongConsumer written) {
    var initial = new Initial(config(), layerScale);
    try (var numbers = new NewNumbers(model.type(), seed)) {
      var tensors =
          config().expectedTensors().entrySet().stream()
              .<TensorSource>map(tensor ->
                  numbers.drawn(
                      tensor.getKey(),
                      tensor.getValue(),
                      initial.of(tensor.getKey(), tensor.getValue())))
              .toList();
      model.write(to, tensors, maxShardBytes, written);
    }
  }
}
