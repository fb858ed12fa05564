package io.plm4j.cli;

import io.plm4j.testkit.Clip;
import io.plm4j.testkit.TinyCheckpoint;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import javax.imageio.ImageIO;

/// A model and pictures that all tests of a run share; made once, removed at the end.
final class Samples {
  private static final Path FOLDER = makeFolder();
  static final String MODEL = FOLDER.resolve("model").toString();
  static final String CAT = FOLDER.resolve("cat.png").toString();
  static final String DOG = FOLDER.resolve("dog.jpg").toString();

  /// Thirty frames, 25 a second.
  static final String CLIP = FOLDER.resolve("clip.mp4").toString();

  static {
    Clip.of("mpeg4").write(Path.of(CLIP));
    TinyCheckpoint.write(Path.of(MODEL));
    draw(CAT, "png", 100, 50, Color.ORANGE);
    draw(DOG, "jpg", 64, 128, Color.BLUE);
  }

  private Samples() {}

  /// A copy of the model that a test may damage.
  static Path copyOfModel(Path target) {
    try (var files = Files.list(Path.of(MODEL))) {
      Files.createDirectories(target);
      for (var file : files.toList()) {
        Files.copy(file, target.resolve(file.getFileName()));
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void draw(String file, String format, int width, int height, Color color) {
    var picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    var graphics = picture.createGraphics();
    graphics.setPaint(new GradientPaint(0, 0, color, width, height, Color.BLACK));
    graphics.fillRect(0, 0, width, height);
    graphics.dispose();
    try {
      ImageIO.write(picture, format, Path.of(file).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path makeFolder() {
    try {
      var folder = Files.createTempDirectory("plm4j-cli");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder)));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(Path folder) {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
