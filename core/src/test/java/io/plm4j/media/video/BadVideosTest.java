package io.plm4j.media.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.media.ImageLimits;
import io.plm4j.testkit.Clip;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BadVideosTest {
  private static final FrameSelection ALL = FrameSelection.DEFAULT.withCount(1000);

  @TempDir private static Path folder;

  private static void refused(Path file, String... words) {
    assertThatThrownBy(() -> Video.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContainingAll(words);
  }

  private static Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static Path write(String name, String text) throws IOException {
    return write(name, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void whatIsNoVideoIsNamed() throws IOException {
    refused(folder.resolve("none.mp4"), "does not exist");
    refused(write("empty.mp4", ""), "is empty");
    refused(write("notes.mp4", "Dear diary,"), "is not a video that can be read", "MP4, MOV");
    refused(write("cat.png", Clips.stored("frames.json")), "is not a video");
    refused(Files.createDirectories(folder.resolve("hollow")), "holds no pictures");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"list.m3u8", "list.txt", "list.mpd", "list.sdp", "list.ffconcat", "list.mp4"})
  void filesThatNameOthersAreRefused(String name) throws IOException {
    var clip = Clip.of("mpeg4").write(folder.resolve("target.mp4"));
    for (var text :
        new String[] {
          "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n%s\n#EXT-X-ENDLIST\n".formatted(clip),
          "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
          "ffconcat version 1.0\nfile '%s'\n".formatted(clip),
          "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\"><Period><AdaptationSet mimeType=\"video/mp4\"><Representation id=\"1\"><BaseURL>%s</BaseURL></Representation></AdaptationSet></Period></MPD>"
              .formatted(clip),
          "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=a\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
        }) {
      refused(write(name, text), "is not a video that can be read");
    }
  }

  @Test
  void aNameIsAFileAndNothingElse() throws IOException {
    var clip = Clip.of("mpeg4").write(folder.resolve("a.mp4"));
    for (var name :
        new String[] {"concat:a.mp4|a.mp4", "http:x.mp4", "frame%03d.mp4", "-i ü é 猫.mp4"}) {
      var strange = Files.copy(clip, folder.resolve(name));
      assertThat(Video.read(strange).info().frames()).isEqualTo(30);
    }
  }

  @Test
  void anMp4FileWithoutItsIndexIsSaidToBeCutOff() throws IOException {
    byte[] whole = Clips.stored("h264-b.mp4"); // its index stands at its end

    refused(write("cut.mp4", Arrays.copyOf(whole, whole.length / 3)), "was cut off", "index");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mp4", "mov"})
  void anMp4FileThatLacksItsEndGivesWhatIsThereAndSaysSo(String ending) throws IOException {
    var clip =
        Clip.of("mpeg4")
            .withOptions(Map.of("g", "10"), Map.of("movflags", "+faststart"))
            .write(folder.resolve("whole." + ending));
    byte[] whole = Files.readAllBytes(clip);

    var video =
        Video.read(
            write("half." + ending, Arrays.copyOf(whole, whole.length * 3 / 4)),
            ALL,
            VideoReadOptions.DEFAULT);

    assertThat(video.info().frames()).isBetween(5, 29);
    assertThat(video.frames()).hasSize(video.info().frames());
    assertThat(video.warnings()).anyMatch(w -> w.contains("promises 30 frames"));
    for (var frame : video.frames().subList(0, 5)) {
      assertThat(Clip.number(frame.image().pixel(32, 24))).isEqualTo(frame.index());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mkv", "avi", "webm"})
  void otherFilesThatLackTheirEndGiveWhatIsThereAndSaySo(String ending) throws IOException {
    var clip =
        Clip.of(ending.equals("webm") ? "libvpx" : "mpeg4")
            .withSize(64, 48, 200)
            .write(folder.resolve("whole." + ending));
    byte[] whole = Files.readAllBytes(clip);

    var video =
        Video.read(
            write("half." + ending, Arrays.copyOf(whole, whole.length / 2)),
            ALL,
            VideoReadOptions.DEFAULT);

    assertThat(video.info().frames()).isBetween(20, 180);
    assertThat(video.warnings())
        .anyMatch(w -> w.contains("promises 200 frames") || w.contains("header says it lasts"));
  }

  @Test
  void everyLimitIsNamedWhenItIsExceeded() {
    var clip = Clip.of("mpeg4").write(folder.resolve("limits.mp4"));
    var avi = Clip.of("mpeg4").write(folder.resolve("limits.avi"));
    var pixels = VideoLimits.DEFAULT.frame();
    for (var file : new Path[] {clip, avi}) {
      limited(file, new VideoLimits(pixels, 29, 1 << 20), "limit maxFrames = 29");
      limited(file, new VideoLimits(pixels, 30, 64 * 48 * 30 - 1), "limit maxKeptPixels");
      limited(file, new VideoLimits(new ImageLimits(1, 63, 99, 9999), 30, 1 << 20), "at most 63");
    }
    limited(clip, new VideoLimits(new ImageLimits(1, 99, 99, 64 * 48 - 1), 30, 1 << 20), "pixels");
    var enough = new VideoLimits(new ImageLimits(1, 64, 48, 64 * 48), 30, 64 * 48 * 30);
    assertThat(Video.read(clip, ALL, VideoReadOptions.DEFAULT.withLimits(enough)).frames())
        .hasSize(30);
    assertThatThrownBy(() -> new VideoLimits(pixels, 0, 1)).isInstanceOf(InputException.class);
  }

  private static void limited(Path file, VideoLimits limits, String words) {
    assertThatThrownBy(() -> Video.read(file, ALL, VideoReadOptions.DEFAULT.withLimits(limits)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(words)
        .hasMessageContaining(file.getFileName().toString());
  }

  @Test
  void optionsAreChecked() {
    assertThatThrownBy(() -> VideoReadOptions.DEFAULT.withThreads(0))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(() -> VideoReadOptions.DEFAULT.withPictureFps(Double.NaN))
        .isInstanceOf(InputException.class);
  }
}
