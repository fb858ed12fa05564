package io.plm4j.train.config;

import io.plm4j.train.data.Source;
import io.plm4j.train.learn.Memory;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/// All that a fine-tuning run is to do. What it does not say is as in the model card's script.
///
/// @param model a folder, or a model of the Hugging Face Hub as `owner/name[@revision]`
/// @param memory what becomes of the values between the layers until gradients need them
/// @param dropPath chance that a block of the vision tower is left out for an example
/// @param threads cores to use; empty: all
/// @param output folder of the run
public record FineTuneSettings(
    String model,
    DataSettings data,
    Method method,
    Length length,
    Batches batches,
    Optimizer optimizer,
    LearningRate learningRate,
    Precision precision,
    Memory memory,
    double dropPath,
    Logging logging,
    Saving saving,
    Every evaluation,
    Samples samples,
    Seeds seeds,
    OptionalInt threads,
    Resume resume,
    Path output,
    Publication publication) {
  public FineTuneSettings {
    if (!(dropPath >= 0 && dropPath < 1)) {
      throw new IllegalArgumentException("drop_path %s is not in [0, 1)".formatted(dropPath));
    }
    boolean judged = !(data.validation() instanceof Validation.None);
    if (!judged && samples.count() == 0 && !(evaluation instanceof Every.Never)) {
      throw new IllegalArgumentException("nothing to validate with");
    }
  }

  /// The model card's recipe.
  public static FineTuneSettings card(String model, List<Source> sources, Path output) {
    return new FineTuneSettings(
        model,
        DataSettings.of(sources),
        Method.Full.CARD,
        new Length.Epochs(1),
        Batches.CARD,
        Optimizer.CARD,
        LearningRate.CARD,
        Precision.BF16,
        Memory.REMEMBER,
        0,
        Logging.CARD,
        Saving.CARD,
        new Every.Never(),
        Samples.NONE,
        Seeds.DEFAULT,
        OptionalInt.empty(),
        new Resume.Never(),
        output,
        Publication.NOWHERE);
  }
}
