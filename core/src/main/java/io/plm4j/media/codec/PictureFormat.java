package io.plm4j.media.codec;

import io.plm4j.error.InputException;

/// The file formats that are read, told apart by their first bytes, never by the file's name.
public enum PictureFormat {
  JPEG,
  PNG,
  WEBP,
  GIF,
  BMP,
  TIFF;

  /// Decodes a file of any of them.
  ///
  /// @param source what the user calls the file, for messages
  /// @throws InputException if it is none of them, damaged, or refused by `size`
  public static Picture decode(String source, byte[] bytes, SizeCheck size) {
    var format = of(source, bytes);
    var file = new FileBytes(source, format.name(), bytes);
    try {
      return switch (format) {
        case JPEG -> new JpegDecoder(file, size).decode();
        case PNG -> new PngDecoder(file, size).decode();
        case WEBP -> new WebpDecoder(file, size).decode();
        case GIF -> new GifDecoder(file, size).decode();
        case BMP -> new BmpDecoder(file, size).decode();
        case TIFF -> new TiffDecoder(file, size).decode();
      };
    } catch (IndexOutOfBoundsException e) {
      // Data that was compressed can lead anywhere; the arrays' own bounds are the last check.
      throw file.damaged("its data make no sense", e);
    }
  }

  /// The EXIF orientation that a file states, 1 if none. A TIFF file is always turned when it is
  /// decoded, as Pillow does, and so has 1.
  public static int orientation(String source, byte[] bytes) {
    var format = of(source, bytes);
    return Exif.orientation(format, new FileBytes(source, format.name(), bytes));
  }

  private static PictureFormat of(String source, byte[] bytes) {
    var file = new FileBytes(source, "picture", bytes);
    if (file.has(0, "\u00FF\u00D8\u00FF")) {
      return JPEG;
    }
    if (file.has(0, "\u0089PNG\r\n\u001A\n")) {
      return PNG;
    }
    if (file.has(0, "RIFF") && file.has(8, "WEBP")) {
      return WEBP;
    }
    if (file.has(0, "GIF87a") || file.has(0, "GIF89a")) {
      return GIF;
    }
    if (file.has(0, "BM")) {
      return BMP;
    }
    if (file.has(0, "II*\0") || file.has(0, "MM\0*")) {
      return TIFF;
    }
    throw new InputException(
        "%s is not a picture that can be read: %s. Use a JPEG, PNG, WebP, GIF, BMP or TIFF file."
            .formatted(source, describe(file)));
  }

  private static String describe(FileBytes file) {
    if (file.length() == 0) {
      return "it is empty";
    }
    if (file.has(4, "ftyp")) {
      return "it is a HEIC, AVIF or video file";
    }
    if (file.has(0, "II+\0") || file.has(0, "MM\0+")) {
      return "it is a BigTIFF file";
    }
    var start = new StringBuilder("it begins with the bytes");
    for (int i = 0; i < Math.min(8, file.length()); i++) {
      start.append(" %02X".formatted(file.u8(i)));
    }
    return start.toString();
  }
}
