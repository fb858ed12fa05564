package io.plm4j.convert;

import io.plm4j.checkpoint.CheckpointWriter;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.error.InputException;
import io.plm4j.generate.GenerationDefaults;
import io.plm4j.media.ImageSettings;
import io.plm4j.media.MediaSettings;
import io.plm4j.media.Normalization;
import io.plm4j.media.VideoSettings;
import io.plm4j.media.VisionInput;
import io.plm4j.model.CheckpointReport;
import io.plm4j.model.PlmCheckpoint;
import io.plm4j.model.PlmConfig;
import io.plm4j.tensor.DType;
import io.plm4j.text.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SequencedCollection;
import java.util.function.LongConsumer;

/// A model that no folder holds yet, on its way into one of Hugging Face's layout.
///
/// @param media what is done to pictures; fits the tower
/// @param type what the model is to be computed in
public record NewModel(PlmConfig config, MediaSettings media, ModelText text, DType type) {
  /// Beside the weights there is a tokenizer of 17 MB at most, and small files.
  private static final long SIDE_FILES_BYTES = 20_000_000;

  /// The ids that a tokenizer gives to what a model must tell apart.
  ///
  /// @param end of an answer: of the text, of the turn
  public record Ids(int begin, List<Integer> end, int image, int video) {
    /// @param where the tokenizer is from, for the message
    /// @throws InputException if it lacks one of PLM's special tokens
    public static Ids of(Tokenizer tokenizer, Path where) {
      return new Ids(
          id(tokenizer, where, "<|begin_of_text|>"),
          List.of(id(tokenizer, where, "<|end_of_text|>"), id(tokenizer, where, "<|eot_id|>")),
          id(tokenizer, where, "<|image|>"),
          id(tokenizer, where, "<|video|>"));
    }

    private static int id(Tokenizer tokenizer, Path where, String token) {
      return tokenizer
          .specialToken(token)
          .orElseThrow(() ->
              new InputException(
                  "The tokenizer of %s has no special token %s, which PLM needs. Add it to the added_tokens of tokenizer.json."
                      .formatted(where, token)));
    }
  }

  /// How pictures are cut for a tower; what is not said is as in the published models.
  ///
  /// @param input whether pictures are cut at all
  /// @param maxTiles the most tiles of a picture, without the thumbnail
  /// @param frames the most of a video where nobody says how many
  public static MediaSettings media(PlmConfig config, VisionInput input, int maxTiles, int frames) {
    var published = MediaSettings.DEFAULT;
    int size = config.vision().imageSize();
    return new MediaSettings(
        new ImageSettings(
            input, size, maxTiles, Normalization.DEFAULT, published.image().bicubic()),
        new VideoSettings(size, frames, Normalization.DEFAULT, published.video().bicubic()),
        config.vision().patchSize(),
        config.poolingRatio());
  }

  /// Writes the folder. It appears under its name only when it is complete and can be read.
  ///
  /// @param to must not exist, or be empty
  /// @param tensors all that the configuration asks for
  /// @param maxShardBytes of the tensors in a file
  /// @param written told how many bytes of tensors were written, a few megabytes at a time; what it
  ///   throws ends the work
  /// @throws InputException if the folder is not empty, there is no space, or it cannot be written
  public void write(
      Path to,
      SequencedCollection<TensorSource> tensors,
      long maxShardBytes,
      LongConsumer written) {
    long bytes = tensors.stream().mapToLong(TensorSource::bytes).sum();
    var ids = Ids.of(text.tokenizer(), to);
    var defaults = GenerationDefaults.likeliest(ids.end(), ids.begin(), ids.end().getFirst());
    try (var staging = StagingFolder.create(to, bytes + SIDE_FILES_BYTES)) {
      var folder = staging.path();
      HuggingFaceFiles.write(config, media, defaults, type, folder);
      text.write(folder, config.decoder().maxPositions());
      CheckpointWriter.write(folder, tensors, maxShardBytes, written);
      requireReadable(folder);
      staging.complete();
    }
  }

  /// What was written is what was meant: a difference would be a defect here, not the user's.
  private void requireReadable(Path folder) {
    var read = PlmConfig.read(folder);
    var meant =
        new PlmConfig(
            config.vision(),
            config.decoder(),
            config.poolingRatio(),
            config.imageTokenId(),
            config.videoTokenId(),
            Optional.of(type),
            List.of());
    if (!read.equals(meant)) {
      throw new IllegalStateException("written as " + read + ", meant as " + meant);
    }
    try (var checkpoint = PlmCheckpoint.open(folder, read)) {
      CheckpointReport.of(read, checkpoint).requireComplete();
    }
  }
}
