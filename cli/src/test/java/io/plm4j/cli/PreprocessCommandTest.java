package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.testkit.Clip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreprocessCommandTest {
  private static List<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void tilesAreFilesNamedByRowAndColumn(@TempDir Path folder) throws IOException {
    var out = folder.resolve("deep/tiles");
    var run =
        Run.of(
            "preprocess",
            "--model",
            Samples.MODEL,
            "--image",
            Samples.CAT,
            "--max-num-tiles",
            "2",
            "--out",
            out.toString());
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("100 x 50 pixels, the whole picture and 2 x 1 tiles of 56 x 56");
    assertThat(names(out))
        .containsExactly("row-01-column-01.png", "row-01-column-02.png", "whole.png");
    var tile = ImageIO.read(out.resolve("whole.png").toFile());
    assertThat(tile.getWidth()).isEqualTo(56);
    assertThat(tile.getHeight()).isEqualTo(56);
  }

  @Test
  void withoutAModelThePublishedSizesCount(@TempDir Path folder) {
    var run =
        Run.of(
            "preprocess",
            "--image",
            Samples.CAT,
            "--vision-input-type",
            "vanilla",
            "--out",
            folder.toString());
    assertThat(run.out()).contains("the whole picture as 1 tile of 448 x 448");
  }

  @Test
  void severalPicturesAreToldApart(@TempDir Path folder) throws IOException {
    Run.of(
        "preprocess",
        "--image",
        Samples.CAT,
        "--image",
        Samples.DOG,
        "--vision-input-type",
        "vanilla",
        "--out",
        folder.toString());
    assertThat(names(folder)).containsExactly("picture-1-whole.png", "picture-2-whole.png");
  }

  @Test
  void aBadPictureLeavesNothingBehind(@TempDir Path folder) {
    var out = folder.resolve("tiles");
    var run =
        Run.of("preprocess", "--image", Samples.CAT, "--image", "/no.png", "--out", out.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(out).doesNotExist();
  }

  @Test
  void framesOfAVideoAreFilesNamedByNumberIndexAndTime(@TempDir Path folder) throws IOException {
    var out = folder.resolve("frames");
    var run =
        Run.of(
            "preprocess",
            "--model",
            Samples.MODEL,
            "--video",
            Samples.CLIP,
            "--num-frames",
            "3",
            "--out",
            out.toString());
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains("64 x 48 pixels, mpeg4, 30 frames in 00:01.20 (25.00 a second), 3 of them at 56");
    assertThat(names(out))
        .containsExactly(
            "frame-00-index-000000-time-00.00.00.png",
            "frame-01-index-000010-time-00.00.40.png",
            "frame-02-index-000020-time-00.00.80.png");
    var picture = ImageIO.read(out.resolve("frame-01-index-000010-time-00.00.40.png").toFile());
    assertThat(Clip.number(picture.getRGB(28, 28) & 0xFFFFFF)).isEqualTo(10);
  }

  @Test
  void aStretchAndMetasSamplingCanBeChosen(@TempDir Path folder) throws IOException {
    var out = folder.resolve("frames").toString();
    var run =
        Run.of(
            "preprocess",
            "--video",
            Samples.CLIP,
            "--start",
            "00:00.4",
            "--end",
            ".6",
            "--out",
            out);
    assertThat(run.out()).contains("5 of them at 448 x 448");
    var original = folder.resolve("original");
    Run.of(
        "preprocess",
        "--video",
        Samples.CLIP,
        "--num-frames",
        "2",
        "--frame-sampling",
        "original",
        "--image",
        Samples.CAT,
        "--vision-input-type",
        "vanilla",
        "--out",
        original.toString());
    assertThat(names(original))
        .containsExactly(
            "frame-00-index-000000-time-00.00.00.png",
            "frame-01-index-000025-time-00.01.00.png",
            "whole.png");
  }

  @Test
  void aFolderOfPicturesIsAVideo(@TempDir Path folder) throws IOException {
    var pictures = Files.createDirectory(folder.resolve("pictures"));
    Files.copy(Path.of(Samples.CAT), pictures.resolve("10.png"));
    Files.copy(Path.of(Samples.DOG), pictures.resolve("9.jpg"));
    var out = folder.resolve("out");
    var run =
        Run.of(
            "preprocess",
            "--video",
            pictures.toString(),
            "--picture-fps",
            "4",
            "--out",
            out.toString());
    assertThat(run.out()).contains("64 x 128 pixels, pictures, 2 frames in 00:00.50");
    assertThat(names(out))
        .containsExactly(
            "frame-00-index-000000-time-00.00.00.png", "frame-01-index-000001-time-00.00.25.png");
  }

  @Test
  void aFileThatWasCutOffGivesAWarning(@TempDir Path folder) throws IOException {
    var whole =
        Clip.of("mpeg4")
            .withOptions(Map.of("g", "10"), Map.of("movflags", "+faststart"))
            .write(folder.resolve("whole.mp4"));
    var bytes = Files.readAllBytes(whole);
    var cut = Files.write(folder.resolve("cut.mp4"), Arrays.copyOf(bytes, bytes.length * 3 / 4));
    var run =
        Run.of("preprocess", "--video", cut.toString(), "--out", folder.resolve("out").toString());
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).contains("plm: warning: ", "cut.mp4 was cut off", "promises 30 frames");
  }

  @Test
  void whatHasNoEffectOrMakesNoSenseIsRefused() {
    assertRefused("--num-frames: no effect without", "--image", Samples.CAT, "--num-frames", "3");
    assertRefused("--start, --end: no effect", "--image", Samples.CAT, "--start=1", "--end=2");
    assertRefused("--picture-fps has no effect", "--video", Samples.CLIP, "--picture-fps", "2");
    assertRefused("is not a time", "--video", Samples.CLIP, "--start", "soon");
    assertRefused(
        "starts at 00:02.00 and ends at 00:01.00", "--video", "x", "--start=2", "--end=1");
    assertRefused("1 or greater, but is 0", "--video", Samples.CLIP, "--num-frames", "0");
    assertRefused("neither transformers nor original", "--video", "x", "--frame-sampling", "all");
    assertRefused("/no.mp4 does not exist", "--video", "/no.mp4");
    assertRefused("ends at 00:01.20", "--video", Samples.CLIP, "--start", "1:00");
    assertRefused("--exif: no effect", "--video", Samples.CLIP, "--exif");
    assertRefused("No picture");
  }

  private static void assertRefused(String words, String... args) {
    var line = new ArrayList<>(List.of("preprocess", "--out", "/no/such/out"));
    line.addAll(List.of(args));
    var run = Run.of(line.toArray(String[]::new));
    assertThat(run.err()).startsWith("plm: ").contains(words);
    assertThat(run.exitCode()).isEqualTo(2);
  }
}
