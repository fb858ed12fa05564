package io.plm4j.media.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PicturesTest {
  @TempDir private Path folder;

  private Path draw(String name, int level) throws IOException {
    var picture = new BufferedImage(8, 6, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 48; i++) {
      picture.setRGB(i % 8, i / 8, level * 0x010101);
    }
    var file = folder.resolve(name);
    ImageIO.write(picture, "png", file.toFile());
    return file;
  }

  private static List<Integer> levels(Video video) {
    return video.images().stream().map(image -> image.pixel(0, 0) & 0xFF).toList();
  }

  @Test
  void aFolderIsReadInTheNaturalOrderOfItsNames() throws IOException {
    draw("frame10.png", 10);
    draw("frame2.PNG", 2);
    draw("frame1.png", 1);
    draw(".hidden.png", 99);
    Files.writeString(folder.resolve("notes.txt"), "not a frame");
    Files.createDirectory(folder.resolve("frame0.png"));

    var video =
        Video.read(folder, FrameSelection.DEFAULT, VideoReadOptions.DEFAULT.withPictureFps(2));

    assertThat(levels(video)).containsExactly(1, 2, 10);
    assertThat(video.timeline().seconds()).containsExactly(0.0, 0.5, 1.0);
    assertThat(video.info()).isEqualTo(new VideoInfo(8, 6, 3, 2, 1.5, "pictures"));
    assertThat(Video.read(folder).timeline().seconds()).containsExactly(0.0, 1.0, 2.0);
  }

  @Test
  void aListIsReadInItsOwnOrder() throws IOException {
    var files = List.of(draw("b.png", 3), draw("a.png", 2), draw("c.png", 1), draw("d.png", 0));

    var video =
        Video.ofPictures(files, FrameSelection.DEFAULT.withCount(2), VideoReadOptions.DEFAULT);

    assertThat(levels(video)).containsExactly(3, 1);
    assertThat(video.frames().get(1).index()).isEqualTo(2);
  }

  @Test
  void aBadPictureIsNamed() throws IOException {
    draw("1.png", 1);
    Files.writeString(folder.resolve("2.png"), "not a picture");

    assertThatThrownBy(() -> Video.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("2.png is not a picture");
    assertThatThrownBy(
            () -> Video.ofPictures(List.of(), FrameSelection.DEFAULT, VideoReadOptions.DEFAULT))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("at least one frame");
  }

  @Test
  void readingCanBeCancelled() throws IOException {
    draw("1.png", 1);
    var listener =
        new VideoListener() {
          @Override
          public boolean cancelled() {
            return true;
          }
        };

    assertThatThrownBy(() ->
            Video.read(
                folder, FrameSelection.DEFAULT, VideoReadOptions.DEFAULT.withListener(listener)))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void namesAreOrderedByTheirNumbers() {
    assertThat(
            Stream.of("b", "a10", "a9", "a", "a010", "a9b", "10", "9", "a1.2", "a1.10", "")
                .sorted(NaturalOrder::compare))
        .containsExactly("", "9", "10", "a", "a1.2", "a1.10", "a9", "a9b", "a010", "a10", "b");
  }
}
