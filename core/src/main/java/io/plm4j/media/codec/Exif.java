package io.plm4j.media.codec;

/// Finds the orientation that a camera noted.
final class Exif {
  private static final int ORIENTATION = 0x0112;

  private Exif() {}

  /// 1 to 8, or 1 where there is none or it cannot be read: it is an ornament, not a pixel.
  static int orientation(PictureFormat format, FileBytes file) {
    long at =
        switch (format) {
          case JPEG -> inJpeg(file);
          case PNG -> inPng(file);
          case WEBP -> inWebp(file);
          case GIF, BMP, TIFF -> -1;
        };
    return at < 0 ? 1 : inTiff(file, at);
  }

  private static long inJpeg(FileBytes file) {
    long at = 2;
    while (at + 4 <= file.length() && file.u8(at) == 0xFF && file.u8(at + 1) != 0xDA) {
      if (file.u8(at + 1) == 0xE1 && file.has(at + 4, "Exif\0\0")) {
        return at + 10;
      }
      at += 2L + file.u16be(at + 2);
    }
    return -1;
  }

  private static long inPng(FileBytes file) {
    long at = 8;
    while (at + 12 <= file.length()) {
      if (file.has(at + 4, "eXIf")) {
        return at + 8;
      }
      at += 12 + file.u32be(at);
    }
    return -1;
  }

  private static long inWebp(FileBytes file) {
    long at = 12;
    while (at + 8 <= file.length()) {
      if (file.has(at, "EXIF")) {
        return file.has(at + 8, "Exif\0\0") ? at + 14 : at + 8;
      }
      long length = file.u32le(at + 4);
      at += 8 + length + (length & 1);
    }
    return -1;
  }

  /// EXIF data are a TIFF file within the file.
  private static int inTiff(FileBytes file, long start) {
    boolean little = file.has(start, "II*\0");
    if ((!little && !file.has(start, "MM\0*")) || start + 8 > file.length()) {
      return 1;
    }
    long at = start + (little ? file.u32le(start + 4) : file.u32be(start + 4));
    if (at + 2 > file.length()) {
      return 1;
    }
    int entries = little ? file.u16le(at) : file.u16be(at);
    at += 2;
    for (int i = 0; i < entries && at + 12 <= file.length(); i++, at += 12) {
      int tag = little ? file.u16le(at) : file.u16be(at);
      if (tag == ORIENTATION) {
        int value = little ? file.u16le(at + 8) : file.u16be(at + 8);
        return value >= 1 && value <= 8 ? value : 1;
      }
    }
    return 1;
  }
}
