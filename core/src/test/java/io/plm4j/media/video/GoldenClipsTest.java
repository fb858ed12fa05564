package io.plm4j.media.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GoldenClipsTest {
  /// What swscale's code for another processor may round otherwise.
  private static final int LEVELS = 2;

  private static final int[][] PLACES = {{5, 5}, {24, 16}, {40, 27}};
  private static final FrameSelection ALL = FrameSelection.DEFAULT.withCount(1000);

  @TempDir private static Path folder;

  @SuppressWarnings("unused") // by its name, below
  private static final List<String> NAMES = Clips.STORED;

  private static Path file(String name) throws IOException {
    return Files.write(folder.resolve(name), Clips.stored(name));
  }

  private static JsonNode golden(String name) {
    for (var clip : JsonMapper.shared().readTree(Clips.stored("frames.json")).get("clips")) {
      if (clip.get("file").stringValue().equals(name)) {
        return clip;
      }
    }
    throw new IllegalStateException(name);
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void framesTimesAndPixelsAreThoseOfPyAv(String name) throws IOException {
    var golden = golden(name);

    var video = Video.read(file(name), ALL, VideoReadOptions.DEFAULT);

    assertThat(video.warnings()).isEmpty();
    assertThat(video.info().frames()).isEqualTo(golden.get("frames").intValue());
    double zero = golden.get("seconds").get(0).doubleValue();
    for (var frame : video.frames()) {
      assertThat(frame.seconds() - video.frames().getFirst().seconds())
          .isCloseTo(golden.get("seconds").get(frame.index()).doubleValue() - zero, offset(1e-5));
      for (int i = 0; i < 9; i++) {
        int[] place = PLACES[i / 3];
        int level = frame.image().pixel(place[0], place[1]) >> 8 * (2 - i % 3) & 0xFF;
        assertThat(level)
            .as("frame %d, sample %d", frame.index(), i)
            .isCloseTo(golden.get("pixels").get(frame.index()).get(i).intValue(), offset(LEVELS));
      }
    }
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void anySelectionOfFramesIsWhatDecodingAllGives(String name) throws IOException {
    var file = file(name);
    var kept = new KeptFrames(name, VideoReadOptions.DEFAULT);
    var reading = new Reading(name, VideoListener.NONE, kept, 1);
    var all = new DecodingReader(file, VideoReadOptions.DEFAULT, reading).read(ALL);
    for (int count = 1; count <= 12; count++) {
      for (double start : new double[] {0, 0.21, 0.35}) {
        var some =
            Video.read(file, ALL.withCount(count).withSpan(start, 1.1), VideoReadOptions.DEFAULT);
        for (var frame : some.frames()) {
          var other = all.frames().get(frame.index());
          assertThat(frame.seconds()).isEqualTo(other.seconds());
          assertThat(frame.image().toRgb()).as(frame.toString()).isEqualTo(other.image().toRgb());
        }
      }
    }
  }

  @Test
  void whereDecodingMayBeginIsToldByThePacketsThemselves() throws IOException {
    assertThat(entries("h264-b.mp4")).isEqualTo(3);
    assertThat(entries("h264-b.mkv")).isEqualTo(3);
    assertThat(entries("h264-opengop.mp4")).isGreaterThan(1);
    assertThat(entries("h264-opengop.mkv")).isGreaterThan(1);
    assertThat(entries("h264-refresh.mkv")).isEqualTo(1);
    assertThat(entries("hevc-opengop.mp4")).isGreaterThan(1);
    assertThat(entries("hevc-10bit.mkv")).isEqualTo(3);
  }

  /// How many places there are at which decoding some frame begins.
  private static long entries(String name) throws IOException {
    try (var demuxer = Demuxer.open(file(name), VideoLimits.DEFAULT.frame())) {
      var kept = new KeptFrames(name, VideoReadOptions.DEFAULT);
      var table =
          PacketTable.read(demuxer, new Reading(name, VideoListener.NONE, kept, 1)).orElseThrow();
      return IntStream.range(0, table.times().count()).map(table::entry).distinct().count();
    }
  }
}
