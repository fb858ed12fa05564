package io.plm4j.media.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.plm4j.error.InputException;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimelineTest {
  /// 32 frames, one every 0.2 seconds.
  private static final Timeline CLIP =
      new Timeline(IntStream.range(0, 32).mapToObj(i -> i * 0.2).toList(), 6.4);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Frame 7 shows a dog.|Frame 7 (00:01.40) shows a dog.",
        "It happens in frame 7.|It happens in frame 7 (00:01.40).",
        "Frame #7|Frame #7 (00:01.40)",
        "FRAME NUMBER 7!|FRAME NUMBER 7 (00:01.40)!",
        "Frame 0 and frame 31|Frame 0 (00:00.00) and frame 31 (00:06.20)",
        "frames 3 to 12|frames 3 to 12 (00:00.60-00:02.40)",
        "Frames 3-12:|Frames 3-12 (00:00.60-00:02.40):",
        "frame 3 to frame 12|frame 3 to frame 12 (00:00.60-00:02.40)",
        "in frames 3 and 12 it|in frames 3 (00:00.60) and 12 (00:02.40) it",
        "frames 3, 5, and 7|frames 3 (00:00.60), 5 (00:01.00), and 7 (00:01.40)",
        "[3, 12]|[3, 12] (00:00.60-00:02.40)",
        "[3,12]: a dog. [12,12]: a cat|[3,12] (00:00.60-00:02.40): a dog. [12,12] (00:02.40): a cat",
        "within frames [3, 12]|within frames [3, 12] (00:00.60-00:02.40)",
      })
  void frameNumbersGetTheirTimes(String answer, String annotated) {
    assertThat(CLIP.annotate(answer).text()).isEqualTo(annotated);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A dog runs.",
        "At a frame rate of 30",
        "a frame 7x as large",
        "frame 7.5",
        "the 7th frame",
        "32 frames",
        "frames 30 fps",
        "the window frame, 3 panes",
        "timeframe 7",
        "[040,482,112,576]",
        "[12, 3]",
        "[100, 250]",
        "[1, 2, 3]",
        "[0.5, 0.7]",
        "frame",
        "frame -1",
        "frame 99999999999999999999",
      })
  void whatIsNoFrameNumberIsLeftAlone(String answer) {
    assertThat(CLIP.annotate(answer)).isEqualTo(new TimedText(answer, List.of()));
  }

  @Test
  void aNumberAfterACommaNeedNotBeAFrame() {
    assertThat(CLIP.annotate("In frames 3, 5 dogs run").text())
        .isEqualTo("In frames 3 (00:00.60), 5 dogs run");
    assertThat(CLIP.annotate("In frame 3 and 5 dogs").text())
        .isEqualTo("In frame 3 (00:00.60) and 5 dogs");
  }

  @Test
  void aFrameThatTheModelWasNotShownIsSaidToBeNone() {
    assertThat(CLIP.annotate("Frame 32").text()).isEqualTo("Frame 32 (no such frame)");
    assertThat(CLIP.annotate("frames 30 to 40").text())
        .isEqualTo("frames 30 to 40 (no such frame)");
    var timed = CLIP.annotate("[30, 40]");
    assertThat(timed.text()).isEqualTo("[30, 40] (no such frame)");
    assertThat(timed.mentions().getFirst().span()).isEmpty();
  }

  @Test
  void mentionsTellWhereAndWhen() {
    assertThat(CLIP.annotate("See frame 7 and [3, 12].").mentions())
        .containsExactly(
            new TimedText.Mention(
                "frame 7",
                4,
                7,
                7,
                Optional.of(new TimeSpan(CLIP.secondsOf(7), CLIP.secondsOf(7)))),
            new TimedText.Mention(
                "[3, 12]",
                16,
                3,
                12,
                Optional.of(new TimeSpan(CLIP.secondsOf(3), CLIP.secondsOf(12)))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "What happens at 00:01.40?|What happens at frame 7?",
        "Between 0:01 and 0:03, what?|Between frame 5 and frame 15, what?",
        "From 00:00.60 to 00:02.40|From frames 3 to 12",
        "00:00.60-00:02.40|frames 3 to 12",
        "at 0:00:05|at frame 25",
        "at 00:06.40|at frame 31",
      })
  void timesInAQuestionBecomeFrameNumbers(String question, String numbered) {
    assertThat(CLIP.numberFrames(question).text()).isEqualTo(numbered);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Is it 16:9?",
        "At 12:30 pm",
        "At 0:05 a.m. sharp",
        "at 00:07.00",
        "ratio 1:05:03:02",
        "a:05",
        "00:75",
        "00:01.2345",
      })
  void whatIsNoTimeInTheVideoIsLeftAlone(String question) {
    assertThat(CLIP.numberFrames(question).text()).isEqualTo(question);
  }

  @Test
  void aTimeBeyondTheVideoIsFoundButHasNoFrame() {
    var mention = CLIP.numberFrames("at 00:07.00").mentions().getFirst();

    assertThat(mention.words()).isEqualTo("00:07.00");
    assertThat(mention.span()).isEmpty();
  }

  @Test
  void everyFrameIsFoundAgainAtItsTime() {
    for (int i = 0; i < CLIP.frames(); i++) {
      assertThat(CLIP.frameAt(CLIP.secondsOf(i))).isEqualTo(i);
      var there = CLIP.annotate("Frame " + i).text();
      var time = there.substring(there.indexOf('(') + 1, there.indexOf(')'));
      assertThat(CLIP.numberFrames(time).text()).isEqualTo("frame " + i);
    }
  }

  @Test
  void aTimeBetweenTwoFramesBelongsToTheNearer() {
    var timeline = new Timeline(DoubleStream.of(0, 10, 11).boxed().toList(), 12);

    assertThat(timeline.frameAt(4.9)).isZero();
    assertThat(timeline.frameAt(5)).isZero();
    assertThat(timeline.frameAt(5.1)).isEqualTo(1);
    assertThat(timeline.frameAt(99)).isEqualTo(2);
  }

  @Test
  void longTextsAreNoTrouble() {
    var text = "frames 1, ".repeat(20_000) + "[1, ".repeat(20_000) + " ".repeat(50_000) + "frame 1";

    assertThat(CLIP.annotate(text).mentions()).isNotEmpty();
    assertThat(CLIP.numberFrames("00:01 to ".repeat(20_000)).mentions()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 00:00.00",
    "1.4, 00:01.40",
    "59.994, 00:59.99",
    "59.995, 01:00.00",
    "3599.999, 01:00:00.00",
    "7384.5, 02:03:04.50",
    "360000, 100:00:00.00",
  })
  void timesAreWrittenWithHundredths(double seconds, String written) {
    assertThat(TimeCode.format(seconds)).isEqualTo(written);
    assertThat(TimeCode.parse(written)).isCloseTo(seconds, offset(0.0051));
  }

  @ParameterizedTest
  @CsvSource({"12.5, 12.5", "90, 90", ".5, 0.5", "1:02, 62", "90:00, 5400", "1:02:03.5, 3723.5"})
  void timesAreReadInTheirUsualForms(String written, double seconds) {
    assertThat(TimeCode.parse(written)).isEqualTo(seconds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ":", "abc", "-1", "1:60", "1:61:00", "1:2:3:4", "1e3", "NaN", "9999999999"})
  void whatIsNoTimeIsRefused(String written) {
    assertThatThrownBy(() -> TimeCode.parse(written))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is not a time")
        .hasMessageContaining("mm:ss.ff");
  }
}
