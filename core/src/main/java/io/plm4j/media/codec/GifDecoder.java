package io.plm4j.media.codec;

/// GIF, through Java's reader: the first frame on its screen. What the frame does not cover has the
/// transparent colour, or the first if none is transparent, as in Pillow. The reader is given the
/// palettes and that frame and nothing else.
final class GifDecoder {
  /// A code of 12 bits can stand for the most pixels a byte; fewer bytes cannot hold the picture.
  private static final long MOST_PIXELS_PER_BYTE = 4096;

  private final FileBytes file;
  private final SizeCheck size;
  private int background;

  GifDecoder(FileBytes file, SizeCheck size) {
    this.file = file;
    this.size = size;
  }

  Picture decode() {
    int screen = 13;
    int palette = screen;
    int screenEnd = screen + paletteBytes(file.u8(10));
    file.require(screen, screenEnd - screen);
    int at = findFrame(screenEnd);
    int left = file.u16le(at + 1);
    int top = file.u16le(at + 3);
    int width = file.u16le(at + 5);
    int height = file.u16le(at + 7);
    if (paletteBytes(file.u8(at + 9)) > 0) {
      palette = at + 10;
    } else if (screenEnd == screen) {
      throw file.unsupported("no palette");
    }
    // A frame that reaches beyond the screen enlarges it.
    int fullWidth = Math.max(file.u16le(6), left + width);
    int fullHeight = Math.max(file.u16le(8), top + height);
    size.check(fullWidth, fullHeight);
    if (width == 0 || height == 0) {
      throw file.damaged("its first frame has no pixels");
    }
    if ((long) width * height > file.length() * MOST_PIXELS_PER_BYTE) {
      throw file.truncated();
    }
    byte[] plain = file.joined(0, screenEnd, at, file.length());
    var frame =
        Readers.read(Readers.ofJava("gif"), file, plain, reader -> Samples.rgb(reader.read(0)));
    if (width == fullWidth && height == fullHeight) {
      return frame;
    }
    int colour = palette + 3 * background;
    var canvas = Picture.blank(fullWidth, fullHeight);
    for (int pixel = 0; pixel < canvas.rgb().length; pixel += 3) {
      canvas.set(pixel, file.u8(colour), file.u8(colour + 1), file.u8(colour + 2));
    }
    return canvas.with(frame, left, top);
  }

  private static int paletteBytes(int flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
  }

  /// Passes extensions, of which one tells the transparent colour.
  private int findFrame(int at) {
    while (true) {
      int kind = file.u8(at);
      if (kind == ',') {
        return at;
      }
      if (kind == ';') {
        throw file.damaged("it holds no pixels");
      }
      at++;
      if (kind == '!') {
        int label = file.u8(at++);
        if (label == 0xF9 && file.u8(at) >= 4 && (file.u8(at + 1) & 1) != 0) {
          background = file.u8(at + 4);
        }
        while (file.u8(at) != 0) {
          at += 1 + file.u8(at);
        }
        at++;
      }
    }
  }
}
