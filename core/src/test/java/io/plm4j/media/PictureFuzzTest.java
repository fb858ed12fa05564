package io.plm4j.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.plm4j.error.InputException;
import io.plm4j.testkit.Mutant;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import org.junit.jupiter.api.Test;

/// Damaged picture files of every format end in a picture within the limits or in a message, soon.
class PictureFuzzTest {
  private static final int CASES = Mutant.cases(1200);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final ReadOptions SMALL =
      new ReadOptions(new ImageLimits(1 << 20, 2048, 2048, 1 << 21), Orientation.APPLY_EXIF);

  @Test
  void mutatedFilesEndInAPictureOrInAMessage() throws IOException {
    var random = new SplittableRandom(Long.getLong("plm.fuzz.seed", 11));
    var originals = List.copyOf(originals().entrySet());
    int read = 0;
    for (int i = 0; i < CASES; i++) {
      var original = originals.get(i % originals.size());
      byte[] mutant = Mutant.of(original.getValue(), 200, random);
      var what = "case %d, of %s".formatted(i, original.getKey());
      read += assertTimeoutPreemptively(PATIENCE, () -> decode(mutant), what);
    }
    assertThat(read).isBetween(CASES / 10, CASES);
  }

  private static int decode(byte[] file) {
    try {
      var image = Image.decode(file, SMALL);
      assertThat((long) image.width() * image.height()).isBetween(1L, 1L << 21);
      return 1;
    } catch (InputException e) {
      assertThat(e.getMessage()).isNotBlank();
      return 0;
    }
  }

  private static Map<String, byte[]> originals() throws IOException {
    var files = new LinkedHashMap<String, byte[]>();
    for (var format : List.of("png", "jpg", "gif", "bmp", "tiff", "webp")) {
      files.put(format, write(format, picture(BufferedImage.TYPE_INT_RGB), false));
    }
    files.put("palette png", write("png", picture(BufferedImage.TYPE_BYTE_INDEXED), false));
    files.put("alpha png", write("png", picture(BufferedImage.TYPE_INT_ARGB), false));
    files.put("deep png", write("png", picture(BufferedImage.TYPE_USHORT_GRAY), false));
    files.put("interlaced png", write("png", picture(BufferedImage.TYPE_INT_RGB), true));
    files.put("progressive jpg", write("jpg", picture(BufferedImage.TYPE_INT_RGB), true));
    files.put("grey jpg", write("jpg", picture(BufferedImage.TYPE_BYTE_GRAY), false));
    return files;
  }

  private static BufferedImage picture(int type) {
    var picture = new BufferedImage(50, 40, type);
    var graphics = picture.createGraphics();
    graphics.setPaint(new GradientPaint(0, 0, Color.RED, 50, 40, Color.CYAN));
    graphics.fillRect(0, 0, 50, 40);
    graphics.setColor(Color.BLACK);
    graphics.drawString("text", 5, 25);
    graphics.dispose();
    return picture;
  }

  private static byte[] write(String format, BufferedImage picture, boolean progressive)
      throws IOException {
    var writer = ImageIO.getImageWritersByFormatName(format).next();
    var bytes = new ByteArrayOutputStream();
    try (var out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      var how = writer.getDefaultWriteParam();
      if (progressive) {
        how.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      }
      writer.write(null, new IIOImage(picture, null, null), how);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
