package io.plm4j.media.codec;

import com.luciad.imageio.webp.WebPImageReaderSpi;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// WebP, lossy or lossless, through libwebp. Of an animation the first frame is taken, on black
/// where it does not cover the canvas. Transparency is dropped.
final class WebpDecoder {
  private final FileBytes file;
  private final SizeCheck size;

  WebpDecoder(FileBytes file, SizeCheck size) {
    this.file = file;
    this.size = size;
  }

  Picture decode() {
    if (!file.has(12, "VP8X")) {
      checkStill(12);
      return still(file.array());
    }
    int width = 1 + u24(24);
    int height = 1 + u24(27);
    size.check(width, height);
    long at = 30;
    while (at + 8 <= file.length()) {
      long length = file.u32le(at + 4);
      if (file.has(at, "ANMF")) {
        file.require(at + 8, length);
        return frame(at + 8, at + 8 + length, width, height);
      }
      if (file.has(at, "VP8 ") || file.has(at, "VP8L")) {
        checkStill(at);
        return still(file.array());
      }
      at += 8 + length + (length & 1);
    }
    throw file.truncated();
  }

  private int u24(long at) {
    return file.u16le(at) | file.u8(at + 2) << 16;
  }

  /// Checks the size that a still picture's own data state.
  private void checkStill(long at) {
    file.require(at, 8 + file.u32le(at + 4));
    if (file.has(at, "VP8L")) {
      long sizes = file.u32le(at + 9);
      size.check(1 + (sizes & 0x3FFF), 1 + (sizes >> 14 & 0x3FFF));
    } else if (file.has(at, "VP8 ")) {
      size.check(file.u16le(at + 14) & 0x3FFF, file.u16le(at + 16) & 0x3FFF);
    } else {
      throw file.damaged("it holds no pixels");
    }
  }

  private Picture frame(long at, long end, int width, int height) {
    int left = u24(at) * 2;
    int top = u24(at + 3) * 2;
    long data = at + 16;
    for (long chunk = data; ; ) {
      if (chunk + 8 > end) {
        throw file.damaged("its first frame holds no pixels");
      }
      if (file.has(chunk, "VP8 ") || file.has(chunk, "VP8L")) {
        checkStill(chunk);
        break;
      }
      chunk += 8 + file.u32le(chunk + 4) + (file.u32le(chunk + 4) & 1);
    }
    var frame = still(wrapped((int) data, (int) (end - data), u24(at + 6), u24(at + 9)));
    if (left + frame.width() > width || top + frame.height() > height) {
      throw file.damaged("its first frame lies outside its canvas");
    }
    if (frame.width() == width && frame.height() == height) {
      return frame;
    }
    return Picture.blank(width, height).with(frame, left, top);
  }

  /// A frame of an animation as a file of its own.
  private byte[] wrapped(int at, int length, int widthLessOne, int heightLessOne) {
    var out = ByteBuffer.allocate(30 + length).order(ByteOrder.LITTLE_ENDIAN);
    out.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(22 + length);
    out.put("WEBPVP8X".getBytes(StandardCharsets.US_ASCII)).putInt(10);
    int withAlpha = 0x10;
    out.putInt(withAlpha);
    for (int side : new int[] {widthLessOne, heightLessOne}) {
      out.put((byte) side).put((byte) (side >> 8)).put((byte) (side >> 16));
    }
    return out.put(file.array(), at, length).array();
  }

  private Picture still(byte[] webp) {
    var reader = new WebPImageReaderSpi().createReaderInstance(null);
    try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(webp))) {
      reader.setInput(in, true, true);
      size.check(reader.getWidth(0), reader.getHeight(0));
      return Samples.rgb(reader.read(0));
    } catch (IOException | OutOfMemoryError e) {
      // libwebp reports a corrupt alpha plane as a lack of memory, and its binding throws that.
      throw file.damaged("its compressed data are corrupt", e);
    } catch (LinkageError e) {
      throw file.unsupported("a compression whose library cannot be loaded on this machine");
    } finally {
      reader.dispose();
    }
  }
}
