package io.plm4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.testkit.TinyCheckpoint;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Every example runs, on a tiny model.
class ExamplesTest {
  @TempDir static Path folder;

  private static String model = "";
  private static String picture = "";
  private static String clip = "";

  @BeforeAll
  static void make() throws IOException {
    TinyCheckpoint.write(folder.resolve("model"));
    model = folder.resolve("model").toString();
    var file = folder.resolve("picture.png");
    ImageIO.write(new BufferedImage(30, 20, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
    picture = file.toString();
    clip = folder.resolve("clip.mp4").toString();
    io.plm4j.testkit.Clip.of("mpeg4").withSize(32, 32, 10).write(Path.of(clip));
  }

  @Test
  void aPicture() {
    assertThat(output(Picture::main, model, picture)).isNotBlank();
  }

  @Test
  void aVideo() {
    assertThat(output(Clip::main, model, clip)).isNotBlank();
  }

  @Test
  void aChat() {
    assertThat(output(Talk::main, model, picture)).contains("prompt tokens were in the cache");
  }

  @Test
  void manyPictures() {
    assertThat(output(Many::main, model, picture, picture)).contains(picture + ": ");
  }

  @Test
  void anAnswerThatStreams() {
    assertThat(output(Streaming::main, model, picture)).containsAnyOf("CANCELLED", "LENGTH", "END");
  }

  @Test
  void anAnswerThatKeepsASchema() {
    var json = new JsonMapper().readTree(output(Schema::main, model, picture));
    assertThat(json.get("animal").stringValue()).isIn("cat", "dog", "other");
    assertThat(json.get("count").intValue()).isBetween(0, 99);
    assertThat(json.get("indoors").isBoolean()).isTrue();
  }

  private static String output(Consumer<String[]> example, String... args) {
    var console = System.out;
    var printed = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      example.accept(args);
    } finally {
      System.setOut(console);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}
