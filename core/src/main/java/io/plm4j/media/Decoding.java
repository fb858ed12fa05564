package io.plm4j.media;

import io.plm4j.error.InputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// From a file's bytes to a picture.
final class Decoding {
  private Decoding() {}

  static Image decode(String source, byte[] file, ReadOptions options) {
    try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      var readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new InputException(
            "%s is not a JPEG, PNG, WebP, GIF, BMP or TIFF file.".formatted(source));
      }
      var reader = readers.next();
      try {
        reader.setInput(in, true, true);
        options.limits().checkSize(source, reader.getWidth(0), reader.getHeight(0));
        return BufferedImages.toImage(reader.read(0));
      } finally {
        reader.dispose();
      }
    } catch (IOException e) {
      throw new InputException("%s is damaged: %s.".formatted(source, e.getMessage()), e);
    }
  }
}
