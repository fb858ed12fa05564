package io.plm4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.Request;
import io.plm4j.error.InputException;
import io.plm4j.media.Image;
import io.plm4j.media.video.Video;
import io.plm4j.text.Content;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `plm generate --timestamps`.
class TimestampsTest {
  private static final Video VIDEO =
      Video.of(Collections.nCopies(8, Image.ofRgb(1, 1, new byte[3])), 2);

  @Test
  void timesInTheQuestionBecomeFrameNumbers() {
    var request = Request.of("What happens at 00:01.50?", VIDEO);
    var numbered = Timestamps.of(request).numberFrames(request);
    assertThat(numbered.conversation().getLast().content())
        .containsExactly(Content.video(), Content.text("What happens at frame 3?"));
    assertThat(numbered.videos()).containsExactly(VIDEO);
  }

  @Test
  void frameNumbersInTheAnswerGetTheirTimes() {
    var timestamps = Timestamps.of(Request.of("When?", VIDEO));
    assertThat(timestamps.annotate("In frame 3.").text()).isEqualTo("In frame 3 (00:01.50).");
  }

  @Test
  void framesOfSeveralVideosCannotBeToldApart() {
    var two = Request.of("When?", List.of(), List.of(VIDEO, VIDEO));
    assertThatThrownBy(() -> Timestamps.of(two))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("found 2");
  }

  @Test
  void theCommandSaysWhatIsMissing() {
    var run = Run.of("generate", "--model", Samples.MODEL, "--prompt", "When?", "--timestamps");
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains("--video");
  }

  @Test
  void jsonListsTheFramesThatWereFound() {
    var run =
        Run.of(
            "generate",
            "--model",
            Samples.MODEL,
            "--video",
            Samples.CLIP,
            "--prompt",
            "When?",
            "--timestamps",
            "--json",
            "--max-new-tokens",
            "4");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("\"timestamps\":[");
  }
}
