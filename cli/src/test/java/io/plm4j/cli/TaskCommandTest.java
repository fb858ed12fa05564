package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.media.Image;
import io.plm4j.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TaskCommandTest {
  @TempDir private Path folder;

  private static Run task(String... args) {
    var line = new ArrayList<>(List.of("task"));
    line.addAll(List.of(args));
    line.addAll(List.of("--model", Samples.MODEL));
    return Run.of(line.toArray(String[]::new));
  }

  private static JsonNode json(Run run) {
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return JsonMapper.shared().readTree(run.out());
  }

  @Test
  void theListNamesEveryTaskAndItsNeeds() {
    var run = Run.of("task", "--list");
    assertThat(run.exitCode()).isZero();
    Task.all().forEach(task -> assertThat(run.out()).contains(task.name()));
    assertThat(run.out()).contains("(--box, --frames)", "(--caption)");
  }

  @Test
  void aBoxThatKeepsTheFormatIsDrawn() {
    var drawing = folder.resolve("drawn.png");
    var json =
        json(
            task(
                "grounding",
                "--image",
                Samples.CAT,
                "--caption",
                "a cat",
                "--keep-format",
                "--max-num-tiles",
                "1",
                "--json",
                "--draw",
                drawing.toString()));
    assertThat(json.get("text").stringValue()).matches("\\[\\d{3}(,\\d{3}){3}\\]");
    assertThat(json.get("boxes").size()).isEqualTo(1);
    assertThat(json.get("finish_reason").stringValue()).isEqualTo("end_of_turn");
    var drawn = Image.read(drawing);
    assertThat(drawn.width()).isEqualTo(100);
    assertThat(drawn.toRgb()).isNotEqualTo(Image.read(Path.of(Samples.CAT)).toRgb());
  }

  @Test
  void anAnswerWithoutABoxIsSaidSo() {
    var drawing = folder.resolve("drawn.png");
    var run =
        task(
            "grounding",
            "--image",
            Samples.CAT,
            "--caption",
            "a cat",
            "--max-num-tiles",
            "1",
            "--max-new-tokens",
            "2",
            "--draw",
            drawing.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("names no box").contains("--keep-format");
    assertThat(drawing).doesNotExist();
  }

  @Test
  void aDrawnRectangleChangesWhatTheModelSees() {
    var small =
        json(
            task(
                "region-caption-drawn",
                "--image",
                Samples.CAT,
                "--box",
                "10,10,30,30",
                "--max-new-tokens",
                "6",
                "--max-num-tiles",
                "1",
                "--json"));
    var large =
        json(
            task(
                "region-caption-drawn",
                "--image",
                Samples.CAT,
                "--box",
                "0,0,99,49",
                "--max-new-tokens",
                "6",
                "--max-num-tiles",
                "1",
                "--json"));
    assertThat(small.get("question").stringValue()).isEqualTo(large.get("question").stringValue());
    assertThat(small.get("text")).isNotEqualTo(large.get("text"));
  }

  @Test
  void aVideosMomentsComeWithTheirTimes() throws IOException {
    var frames = Files.createDirectory(folder.resolve("frames"));
    for (int i = 0; i < 3; i++) {
      Files.copy(Path.of(Samples.CAT), frames.resolve(i + ".png"));
    }
    var json =
        json(
            task(
                "rtloc",
                "--video",
                frames.toString(),
                "--picture-fps",
                "2",
                "--caption",
                "it moves",
                "--box",
                "10,10,60,40",
                "--keep-format",
                "--json"));
    assertThat(json.get("question").stringValue())
        .contains("between 0 and 2 in this 3 frame video");
    var moment = json.get("moments").get(0);
    assertThat(moment.get("start").doubleValue()).isBetween(0.0, 2.0);
    assertThat(moment.get("end_seconds").doubleValue())
        .isEqualTo(moment.get("end").doubleValue() / 2);
  }

  @Test
  void aBoxThatMovesIsDrawnWhereItIs() throws IOException {
    var still = boxes("{\"0\": [0, 0, 63, 47], \"15\": [0, 0, 63, 47]}");
    var moving = boxes("{\"0\": [20, 10, 30, 20], \"15\": [0, 0, 63, 47]}");
    var gone = boxes("{\"0\": null, \"15\": [0, 0, 63, 47]}");
    assertThat(List.of(rdcap("--boxes", still), rdcap("--boxes", moving), rdcap("--boxes", gone)))
        .doesNotHaveDuplicates();
    // The clip's two sampled frames are 0 and 15.
    assertThat(rdcap("--boxes", still)).isEqualTo(rdcap("--box", "0,0,63,47"));
  }

  private String boxes(String json) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "boxes", ".json"), json).toString();
  }

  private static String rdcap(String option, String value) {
    return json(task(
            "rdcap",
            "--video",
            Samples.CLIP,
            "--num-frames",
            "2",
            option,
            value,
            "--json",
            "--max-new-tokens",
            "60",
            "--temperature",
            "2",
            "--seed",
            "1"))
        .get("text")
        .stringValue();
  }

  @Test
  void aTrackIsForDrawnVideos() throws IOException {
    var track = boxes("{\"0\": [5, 5, 40, 40]}");
    assertThat(task("caption", "--image", Samples.CAT, "--boxes", track).err())
        .contains("draws no box");
    assertThat(task("rdcap", "--video", Samples.CLIP, "--boxes", track, "--box", "1,1,2,2").err())
        .contains("exclude each other");
  }

  @Test
  void whatDoesNotFitTheTaskIsRefused() {
    assertThat(task().err()).contains("plm task --list");
    assertThat(task("nonsense").err()).contains("there is no task nonsense");
    assertThat(task("caption").err()).contains("is about one picture");
    assertThat(task("difference", "--image", Samples.CAT).err()).contains("two pictures or more");
    assertThat(task("grounding", "--image", Samples.CAT).err()).contains("needs a caption");
    assertThat(task("caption", "--image", Samples.CAT, "--keep-format").err())
        .contains("--keep-format: no effect");
    assertThat(task("caption", "--image", Samples.CAT, "--draw", "x.png").err())
        .contains("--draw: no effect");
    assertThat(task("region-caption", "--image", Samples.CAT, "--box", "1,2,3").err())
        .contains("1,2,3 is no box");
    assertThat(task("rcap", "--video", "v.mp4", "--frames", "9,3").err()).contains("9 to 3");
  }
}
