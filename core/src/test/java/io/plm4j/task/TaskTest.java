package io.plm4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import io.plm4j.region.Box;
import io.plm4j.task.Finding.Moment;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TaskTest {
  private static final Scene PICTURE = new Scene.Picture(640, 480);
  private static final Scene FILM = new Scene.Film(32, 812);
  private static final List<Box> BOX = List.of(new Box(10, 20, 40, 60));

  @Test
  void questionsAreMetasWordForWord() {
    assertThat(
            Task.named("grounding").question(Given.NOTHING.withCaption("a {total} cat"), PICTURE))
        .isEqualTo(
            "Provide a bounding box of the region this sentence describes: 'a {total} cat'.\nUse the format [x1, y1, x2, y2].");
    assertThat(Task.named("region-caption").question(Given.NOTHING.withBoxes(BOX), PICTURE))
        .isEqualTo(
            "Please describe the region ([015,041,062,125]) in details.\nThe region is in the format of [x1, y1, x2, y2].");
    assertThat(Task.named("rcap").question(Given.NOTHING.withBoxes(BOX).withFrames(3, 12), FILM))
        .isEqualTo(
            "Give a detailed description of the events occurring in the region marked by the red rectangle within frames [3, 12] in this 812 frame video.");
    assertThat(Task.named("rdcap").question(Given.NOTHING.withBoxes(BOX), FILM))
        .isEqualTo(
            "Create a dense caption of the subject's actions within the red rectangles, including action frames ids and brief descriptions. For each item use the format [start, end]: [description] separated by a newline, where start and end are frame numbers between 0 and 31 in this 32 frame video.");
    assertThat(
            Task.named("rtloc")
                .question(Given.NOTHING.withBoxes(BOX).withCaption("a dog jumps"), FILM))
        .isEqualTo(
            "Given the region marked by the red rectangle in the video, please provide the start and end frame of when 'a dog jumps' happens. Use the format [start, end] where start and end are frame numbers between 0 and 31 in this 32 frame video.");
  }

  @Test
  void noBlankIsLeftInAnyQuestion() {
    for (var task : Task.all()) {
      var given =
          new Given(
              task.needsCaption() ? Optional.of("x") : Optional.empty(),
              task.needsBox() ? BOX : List.of(),
              task.needsFrames() ? Optional.of(new Given.Frames(0, 3)) : Optional.empty());
      var scene = task.shown() == Task.Shown.VIDEO ? FILM : PICTURE;
      assertThat(task.question(given, scene)).doesNotContain("{", "<|");
    }
  }

  @Test
  void whatIsMissingOrIdleIsNamed() {
    assertThatThrownBy(() -> Task.named("grounding").question(Given.NOTHING, PICTURE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("needs a caption");
    assertThatThrownBy(() -> Task.named("caption").question(Given.NOTHING.withBoxes(BOX), PICTURE))
        .hasMessageContaining("has no use for a box");
    assertThatThrownBy(() -> Task.named("caption").question(Given.NOTHING, FILM))
        .hasMessageContaining("is about pictures");
    assertThatThrownBy(
            () -> Task.named("rcap").question(Given.NOTHING.withBoxes(BOX).withFrames(3, 32), FILM))
        .hasMessageContaining("from 0 to 31, but the given frames go to 32");
    assertThatThrownBy(() -> Task.named("nothing"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("there are caption, detailed-caption, grounding");
  }

  @Test
  void answersAreRead() {
    assertThat(Task.named("grounding").read("[040,482,112,576]", PICTURE))
        .isEqualTo(
            new Finding.Boxes(List.of(new Box(0.04 * 640, 0.482 * 480, 0.112 * 640, 0.576 * 480))));
    assertThat(Task.named("grounding").read("There is none.", PICTURE))
        .isEqualTo(new Finding.Boxes(List.of()));
    assertThat(Task.named("rtloc").read("From [3,12.5] or [1, 2].", FILM))
        .isEqualTo(new Finding.Moments(List.of(new Moment(3, 12.5, ""))));
    assertThat(
            Task.named("rdcap").read("Frame [0, 8]: A dog: runs,\nFrame [9, 31]: It\njumps.", FILM))
        .isEqualTo(
            new Finding.Moments(
                List.of(new Moment(0, 8, "A dog  runs"), new Moment(9, 31, "It jumps."))));
    assertThat(Task.named("caption").read("A cat.", PICTURE))
        .isEqualTo(new Finding.Words("A cat."));
  }

  @Test
  void formsExistForEveryNumberOfFrames() {
    for (int frames : new int[] {1, 2, 32, 128, 129, 600}) {
      assertThat(Task.named("rtloc").form(new Scene.Film(frames, frames))).isPresent();
      assertThat(Task.named("rdcap").form(new Scene.Film(frames, frames))).isPresent();
    }
    assertThat(Task.named("caption").form(PICTURE)).isEmpty();
  }
}
