package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
}
