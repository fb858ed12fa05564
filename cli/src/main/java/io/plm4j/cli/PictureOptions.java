package io.plm4j.cli;

import io.plm4j.error.InputException;
import io.plm4j.media.Image;
import io.plm4j.media.ImageLimits;
import io.plm4j.media.ImageSettings;
import io.plm4j.media.Orientation;
import io.plm4j.media.ReadOptions;
import io.plm4j.media.VisionInput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Pictures, and how they are read and cut.
final class PictureOptions {
  @Option(
      names = "--image",
      paramLabel = "FILE",
      description = "A picture: JPEG, PNG, WebP, GIF, BMP or TIFF. May be given several times.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--exif",
      description = "Turn pictures upright as the camera noted. Default: as stored.")
  private boolean exif;

  @Option(
      names = "--vision-input-type",
      paramLabel = "TYPE",
      converter = InputName.class,
      description = "thumb+tile: the whole picture and its tiles. vanilla: the whole picture only.")
  private Optional<VisionInput> input = Optional.empty();

  @Option(
      names = "--max-num-tiles",
      paramLabel = "N",
      description = "The most tiles a picture is cut into, without the whole picture.")
  private Optional<Integer> maxTiles = Optional.empty();

  List<Path> files() {
    return files;
  }

  Image read(Path file) {
    return Image.read(file, readOptions());
  }

  ReadOptions readOptions() {
    return new ReadOptions(
        ImageLimits.DEFAULT, exif ? Orientation.APPLY_EXIF : Orientation.AS_STORED);
  }

  /// The given settings with what the user wants otherwise.
  ImageSettings applyTo(ImageSettings settings) {
    var changed = input.map(settings::withVisionInput).orElse(settings);
    if (maxTiles.isEmpty()) {
      return changed;
    }
    if (changed.visionInput() == VisionInput.VANILLA) {
      throw new InputException(
          "--max-num-tiles has no effect with vanilla pictures, which are one tile; leave it out or add --vision-input-type thumb+tile.");
    }
    return changed.withMaxTiles(maxTiles.get());
  }

  /// Refuses options that would do nothing because there is no picture.
  void requirePictures(int pictures) {
    if (pictures > 0) {
      return;
    }
    var idle = new ArrayList<String>();
    if (exif) {
      idle.add("--exif");
    }
    input.ifPresent(_ -> idle.add("--vision-input-type"));
    maxTiles.ifPresent(_ -> idle.add("--max-num-tiles"));
    if (!idle.isEmpty()) {
      throw new InputException(
          "%s: no effect without a picture; add --image FILE or leave it out."
              .formatted(String.join(", ", idle)));
    }
  }

  static final class InputName implements ITypeConverter<VisionInput> {
    @Override
    public VisionInput convert(String name) {
      return switch (name) {
        case "thumb+tile" -> VisionInput.THUMB_AND_TILES;
        case "vanilla" -> VisionInput.VANILLA;
        default ->
            throw new TypeConversionException("'" + name + "' is neither thumb+tile nor vanilla");
      };
    }
  }
}
