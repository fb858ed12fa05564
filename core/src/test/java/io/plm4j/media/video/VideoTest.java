package io.plm4j.media.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.plm4j.media.Bicubic;
import io.plm4j.media.Image;
import io.plm4j.media.Normalization;
import io.plm4j.media.VideoSettings;
import io.plm4j.testkit.Clip;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VideoTest {
  private static final FrameSelection ALL = FrameSelection.DEFAULT.withCount(1000);

  @TempDir private static Path folder;

  private static int number(Image picture) {
    return Clip.number(picture.pixel(picture.width() / 2, picture.height() / 2));
  }

  @ParameterizedTest
  @CsvSource({
    "libopenh264, yuv420p, mp4, libopenh264|h264",
    "libopenh264, yuv420p, mov, h264",
    "libopenh264, yuv420p, mkv, h264",
    "libopenh264, yuv420p, avi, h264",
    "libopenh264, yuv420p, ts, h264",
    "libvpx, yuv420p, webm, vp8",
    "libvpx-vp9, yuv420p, webm, vp9",
    "libvpx-vp9, yuv444p, mp4, vp9",
    "libaom-av1, yuv420p, mp4, libaom-av1",
    "libaom-av1, yuv420p10le, mkv, libaom-av1",
    "mpeg4, yuv420p, mp4, mpeg4",
    "mpeg4, yuv420p, avi, mpeg4",
    "mpeg2video, yuv420p, mkv, mpeg2video",
    "mpeg1video, yuv420p, mpg, mpeg1video",
    "mjpeg, yuvj420p, avi, mjpeg",
    "prores_ks, yuv422p10le, mov, prores",
    "gif, gray, gif, gif",
    "apng, rgb24, apng, apng",
  })
  void everyFrameIsFoundWithItsTime(
      String encoder, String pixelFormat, String ending, String codec) {
    var options =
        encoder.equals("libaom-av1") ? Map.of("g", "10", "cpu-used", "8") : Map.of("g", "10");
    var file =
        Clip.of(encoder)
            .withPixelFormat(pixelFormat)
            .withOptions(options, Map.of())
            .write(folder.resolve(encoder + "." + ending));

    var video = Video.read(file, ALL, VideoReadOptions.DEFAULT);

    assertThat(video.warnings()).isEmpty();
    assertThat(video.info().frames()).isEqualTo(30);
    assertThat(codec).contains(video.info().codec());
    // Animated PNG does not say how long its last frame is shown.
    assertThat(video.info().averageFps()).isCloseTo(25, offset(ending.equals("apng") ? 1 : 0.2));
    for (int i = 0; i < 30; i++) {
      var frame = video.frames().get(i);
      assertThat(frame.index()).isEqualTo(i);
      assertThat(frame.seconds()).isCloseTo(i * 0.04, offset(0.0011));
      assertThat(number(frame.image())).as("frame %d", i).isEqualTo(i);
      assertThat(frame.image().pixel(3, 3) & 0xFF).isGreaterThan(235);
    }
  }

  @ParameterizedTest
  @CsvSource({"mp4, mpeg4, 2", "mkv, mpeg2video, 2", "mp4, libopenh264, 0", "webm, libvpx-vp9, 0"})
  void anySelectionOfFramesIsWhatDecodingAllGives(String ending, String encoder, String between) {
    var file =
        Clip.of(encoder)
            .withOptions(Map.of("g", "7", "bf", between), Map.of())
            .write(folder.resolve("selection-" + encoder + "." + ending));
    var kept = new KeptFrames(file.toString(), VideoReadOptions.DEFAULT);
    var reading = new Reading(file.toString(), VideoListener.NONE, kept, 1);
    var all = new DecodingReader(file, VideoReadOptions.DEFAULT, reading).read(ALL);
    for (int count = 1; count <= 30; count++) {
      try (var demuxer = Demuxer.open(file, VideoLimits.DEFAULT.frame())) {
        var table = PacketTable.read(demuxer, reading).orElseThrow();
        var some =
            new SeekingReader(demuxer, table, VideoReadOptions.DEFAULT, reading)
                .read(ALL.withCount(count))
                .orElseThrow();

        assertThat(some.info()).isEqualTo(all.info());
        assertThat(some.frames()).hasSize(count);
        for (var frame : some.frames()) {
          var other = all.frames().get(frame.index());
          assertThat(frame.seconds()).isEqualTo(other.seconds());
          assertThat(frame.image().toRgb()).isEqualTo(other.image().toRgb());
        }
      }
    }
  }

  @Test
  void framesThatAreShownForDifferentTimesKeepTheirs() {
    var file =
        Clip.of("mpeg4")
            .withMillis(i -> 41 * i + i % 3 * 5 + i / 10 * 700)
            .write(folder.resolve("variable.mp4"));

    var video = Video.read(file, ALL, VideoReadOptions.DEFAULT);

    for (int i = 0; i < 30; i++) {
      assertThat(video.frames().get(i).seconds())
          .isCloseTo((41 * i + i % 3 * 5 + i / 10 * 700) / 1000.0, offset(0.0006));
    }
  }

  @Test
  void aStretchIsCutOut() {
    var file = Clip.of("mpeg4").write(folder.resolve("stretch.mp4"));

    var video = Video.read(file, ALL.withSpan(0.4, 0.6), VideoReadOptions.DEFAULT);

    assertThat(video.frames().stream().map(VideoFrame::index)).containsExactly(10, 11, 12, 13, 14);
    assertThat(video.info().frames()).isEqualTo(30);
    assertThat(number(video.images().getFirst())).isEqualTo(10);
    assertThatThrownBy(() -> Video.read(file, ALL.withSpan(1.2, 9), VideoReadOptions.DEFAULT))
        .hasMessageContaining("ends at 00:01.20, before the stretch");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, 0, 1, 1, left top",
    "0, 1, -1, 0, 6, right top",
    "-1, 0, 0, -1, 3, right bottom",
    "0, -1, 1, 0, 8, left bottom",
    "-1, 0, 0, 1, 2, right top",
    "1, 0, 0, -1, 4, left bottom",
    "0, 1, 1, 0, 5, left top",
    "0, -1, -1, 0, 7, right bottom",
  })
  void turnedClipsStandUpright(int a, int b, int c, int d, int exif, String square) {
    int one = 1 << 16;
    int[] matrix = {a * one, b * one, 0, c * one, d * one, 0, 0, 0, 1 << 30};
    assertThat(RgbConverter.orientation(matrix)).isEqualTo(exif);
    var file =
        Clip.of("mpeg4").withDisplayMatrix(matrix).write(folder.resolve("turned" + exif + ".mp4"));

    var picture = Video.read(file).images().getFirst();

    assertThat(picture.width()).isEqualTo(exif < 5 ? 64 : 48);
    assertThat(picture.height()).isEqualTo(exif < 5 ? 48 : 64);
    int x = square.contains("left") ? 3 : picture.width() - 4;
    int y = square.contains("top") ? 3 : picture.height() - 4;
    assertThat(picture.pixel(x, y) & 0xFF).as(square).isGreaterThan(235);
    assertThat(picture.pixel(picture.width() - 1 - x, y) & 0xFF).isLessThan(100);
    assertThat(picture.pixel(x, picture.height() - 1 - y) & 0xFF).isLessThan(100);
  }

  @ParameterizedTest
  @CsvSource({"65, 49, yuv444p", "2, 2, yuv420p", "66, 34, yuv422p", "33, 17, yuv420p"})
  void oddSizesAreKept(int width, int height, String pixelFormat) {
    var file =
        Clip.of("ffv1")
            .withPixelFormat(pixelFormat)
            .withSize(width, height, 3)
            .write(folder.resolve("odd" + width + ".mkv"));

    var video = Video.read(file);

    assertThat(video.info().width()).isEqualTo(width);
    assertThat(video.info().height()).isEqualTo(height);
    assertThat(video.images()).allMatch(i -> i.width() == width && i.height() == height);
  }

  @Test
  void framesCanBeMadeSmallerAsTheyCome() {
    var settings = new VideoSettings(14, 32, Normalization.DEFAULT, Bicubic.TORCHVISION_BYTES);
    var file = Clip.of("mpeg4").write(folder.resolve("small.mp4"));
    var seen = new ArrayList<Integer>();

    var small =
        Video.read(
            file,
            FrameSelection.DEFAULT.withCount(4),
            VideoReadOptions.DEFAULT.withOnFrame(frame -> {
              seen.add(frame.index());
              return settings.resize(frame.image());
            }));

    assertThat(seen).containsExactly(0, 7, 15, 22);
    assertThat(small.info().width()).isEqualTo(64);
    assertThat(small.images()).allMatch(image -> image.width() == 14);
    var whole = Video.read(file, FrameSelection.DEFAULT.withCount(4), VideoReadOptions.DEFAULT);
    for (int i = 0; i < 4; i++) {
      assertThat(small.images().get(i).toRgb())
          .isEqualTo(settings.resize(whole.images().get(i)).toRgb());
    }
  }

  @Test
  void progressGoesUpToOneAndCancellingEndsIt() {
    var file = Clip.of("mpeg4").write(folder.resolve("progress.avi"));
    var shares = new ArrayList<Double>();
    var listener =
        new VideoListener() {
          private int left = Integer.MAX_VALUE;

          @Override
          public void progress(double share) {
            shares.add(share);
          }

          @Override
          public boolean cancelled() {
            return left-- <= 0;
          }
        };
    Video.read(file, FrameSelection.DEFAULT, VideoReadOptions.DEFAULT.withListener(listener));
    assertThat(shares).isSorted().last().isEqualTo(1.0);

    int asked = Integer.MAX_VALUE - listener.left;
    for (int after : new int[] {0, 1, 5, asked / 2, asked - 1}) {
      listener.left = after;
      assertThatThrownBy(
              () -> Video.read(file, ALL, VideoReadOptions.DEFAULT.withListener(listener)))
          .as("after %d of %d", after, asked)
          .isInstanceOf(CancellationException.class)
          .hasMessageContaining("progress.avi");
    }
  }

  @Test
  void aListenersExceptionComesThrough() {
    var file = Clip.of("mpeg4").write(folder.resolve("exception.mp4"));
    var listener =
        new VideoListener() {
          @Override
          public boolean cancelled() {
            throw new IllegalStateException("mine");
          }
        };

    assertThatThrownBy(() -> Video.read(file, ALL, VideoReadOptions.DEFAULT.withListener(listener)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("mine");
  }

  @Test
  void threadsDoNotChangeTheFrames() {
    var file = Clip.of("mpeg4").write(folder.resolve("threads.mp4"));
    var one = Video.read(file, ALL, VideoReadOptions.DEFAULT.withThreads(1));
    var four = Video.read(file, ALL, VideoReadOptions.DEFAULT.withThreads(4));

    for (int i = 0; i < 30; i++) {
      assertThat(four.images().get(i).toRgb()).isEqualTo(one.images().get(i).toRgb());
    }
  }

  @Test
  void picturesInMemoryAreAVideoToo() {
    var black = Image.ofRgb(1, 1, new byte[3]);

    var video = Video.of(List.of(black, black, black), 2);

    assertThat(video.timeline().seconds()).containsExactly(0.0, 0.5, 1.0);
    assertThat(video.info().duration()).isEqualTo(1.5);
    assertThatThrownBy(() -> Video.of(List.of(), 2)).hasMessageContaining("at least one frame");
    assertThatThrownBy(() -> Video.of(List.of(black), 0)).hasMessageContaining("greater than 0");
  }
}
