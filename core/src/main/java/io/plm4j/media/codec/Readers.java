package io.plm4j.media.codec;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import io.plm4j.error.InputException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/// Runs a reader of Java's ImageIO on a file in memory.
final class Readers {
  private Readers() {}

  /// What is wanted of a reader.
  @FunctionalInterface
  interface Task<T> {
    T run(ImageReader reader) throws IOException;
  }

  /// The reader for a format that comes with Java itself, whatever else is on the class path.
  static ImageReaderSpi ofJava(String format) {
    var java = Object.class.getModule().getLayer().findModule("java.desktop").orElseThrow();
    Iterator<ImageReaderSpi> all =
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, false);
    while (all.hasNext()) {
      var one = all.next();
      if (one.getClass().getModule() == java
          && Arrays.asList(one.getFormatNames()).contains(format)) {
        return one;
      }
    }
    throw new IllegalStateException("this Java has no reader for " + format);
  }

  /// Gives a reader the bytes and takes what `task` makes of them. Readers show a damaged file in
  /// many ways, some with exceptions that are meant for mistakes of a program.
  ///
  /// @param file whose fault it is
  static <T> T read(ImageReaderSpi provider, FileBytes file, byte[] bytes, Task<T> task) {
    try (var in = new ByteArrayImageInputStream(bytes)) {
      var reader = provider.createReaderInstance();
      try {
        reader.setInput(in, true, true);
        return task.run(reader);
      } finally {
        reader.dispose();
      }
    } catch (InputException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw file.damaged("its compressed data are corrupt or incomplete", e);
    } catch (OutOfMemoryError e) {
      throw file.tooLarge(e);
    }
  }
}
