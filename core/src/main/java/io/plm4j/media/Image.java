package io.plm4j.media;

import io.plm4j.error.InputException;
import io.plm4j.media.codec.PictureFormat;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A decoded picture: rows of red, green, blue bytes from the top left. It never changes.
///
/// Decoding gives the values that Pillow's `Image.open(file).convert("RGB")` gives: transparency is
/// dropped, not blended; palettes are looked up; colour profiles are ignored; of an animation the
/// first frame is taken. JPEG, PNG, WebP, GIF, BMP and TIFF are read. JPEG files whose colours have
/// half the rows but all columns (4:4:0) are the one exception: they differ by some levels.
public final class Image {
  private final int width;
  private final int height;
  private final byte[] rgb; // [height, width, 3]
  private @Nullable String fingerprint;

  private Image(int width, int height, byte[] rgb) {
    this.width = width;
    this.height = height;
    this.rgb = rgb;
  }

  /// Reads a picture file with [ReadOptions#DEFAULT].
  ///
  /// @throws InputException if it cannot be read, is no picture, is damaged or exceeds a limit
  public static Image read(Path file) {
    return read(file, ReadOptions.DEFAULT);
  }

  /// Reads a picture file.
  ///
  /// @throws InputException if it cannot be read, is no picture, is damaged or exceeds a limit
  public static Image read(Path file, ReadOptions options) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new InputException(
            "The picture %s %s. Name a JPEG, PNG, WebP, GIF, BMP or TIFF file."
                .formatted(file, Files.exists(file) ? "is not a file" : "does not exist"));
      }
      options.limits().checkBytes(file.toString(), Files.size(file));
      try (var in = Files.newInputStream(file)) {
        // One byte beyond the limit shows a file that grew since its size was asked for.
        byte[] bytes = in.readNBytes((int) options.limits().maxBytes() + 1);
        return decode(file.toString(), bytes, options);
      }
    } catch (NoSuchFileException e) {
      throw new InputException("The picture %s does not exist.".formatted(file), e);
    } catch (IOException e) {
      throw new InputException(
          "The picture %s cannot be read: %s.".formatted(file, e.getMessage()), e);
    }
  }

  /// Decodes a picture file that is already in memory.
  ///
  /// @throws InputException if it is no picture, is damaged or exceeds a limit
  public static Image decode(byte[] file, ReadOptions options) {
    return decode("The picture", file, options);
  }

  private static Image decode(String source, byte[] file, ReadOptions options) {
    options.limits().checkBytes(source, file.length);
    var picture =
        PictureFormat.decode(
            source, file, (width, height) -> options.limits().checkSize(source, width, height));
    if (options.orientation() == Orientation.APPLY_EXIF) {
      picture = picture.upright(PictureFormat.orientation(source, file));
    }
    return new Image(picture.width(), picture.height(), picture.rgb());
  }

  /// A picture that Java already holds. Alpha is dropped.
  public static Image of(BufferedImage picture) {
    return BufferedImages.toImage(picture);
  }

  /// A picture of samples that are already decoded, such as a frame of a video.
  ///
  /// @param rgb rows of red, green, blue bytes, `width * height * 3` of them; copied
  public static Image ofRgb(int width, int height, byte[] rgb) {
    if (width < 1 || height < 1 || rgb.length != (long) width * height * 3) {
      throw new InputException(
          "A picture of %d x %d pixels needs %d bytes of RGB, got %d."
              .formatted(width, height, (long) width * height * 3, rgb.length));
    }
    return new Image(width, height, rgb.clone());
  }

  /// Pictures side by side on black, their upper edges in one line.
  public static Image sideBySide(List<Image> pictures) {
    if (pictures.isEmpty()) {
      throw new IllegalArgumentException("no pictures");
    }
    long width = pictures.stream().mapToLong(Image::width).sum();
    int height = pictures.stream().mapToInt(Image::height).max().orElse(0);
    ImageLimits.DEFAULT.checkSize("Pictures side by side", width, height);
    var rgb = new byte[byteCount((int) width, height)];
    int left = 0;
    for (var picture : pictures) {
      for (int y = 0; y < picture.height; y++) {
        System.arraycopy(
            picture.rgb,
            byteCount(picture.width, y),
            rgb,
            byteCount((int) width, y) + byteCount(left, 1),
            byteCount(picture.width, 1));
      }
      left += picture.width;
    }
    return new Image((int) width, height, rgb);
  }

  /// Wraps an array that nobody else will change.
  static Image adopt(int width, int height, byte[] rgb) {
    return new Image(width, height, rgb);
  }

  static int byteCount(int width, int height) {
    return Math.multiplyExact(Math.multiplyExact(width, height), 3);
  }

  /// The same for pictures of the same size and samples, and different for all others: SHA-256 of
  /// them.
  public String fingerprint() {
    // Two threads may both compute it; they find the same.
    var known = fingerprint;
    if (known == null) {
      known = hash();
      fingerprint = known;
    }
    return known;
  }

  private String hash() {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      sha.update(ByteBuffer.allocate(2 * Integer.BYTES).putInt(width).putInt(height).flip());
      return HexFormat.of().formatHex(sha.digest(rgb));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /// The pixel in column `x` and row `y` as 0xRRGGBB.
  public int pixel(int x, int y) {
    int at = (y * width + x) * 3;
    return (rgb[at] & 0xFF) << 16 | (rgb[at + 1] & 0xFF) << 8 | (rgb[at + 2] & 0xFF);
  }

  /// A copy of all samples: rows of red, green, blue bytes.
  public byte[] toRgb() {
    return rgb.clone();
  }

  /// Saves the picture as a PNG file.
  ///
  /// @throws InputException if the file cannot be written
  public void writePng(Path file) {
    BufferedImages.writePng(BufferedImages.fromRgb(rgb, width, height), file);
  }

  /// The samples themselves; not to be changed.
  byte[] bytes() {
    return rgb;
  }

  @Override
  public String toString() {
    return "Image[" + width + " x " + height + "]";
  }
}
