package io.plm4j.media.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FrameSelectionTest {
  private static final FrameSelection ORIGINAL =
      FrameSelection.DEFAULT.withSampling(FrameSampling.ORIGINAL);

  private static JsonNode golden() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            FrameSelectionTest.class.getResourceAsStream("/media/frame_indices.json"))) {
      return JsonMapper.shared().readTree(in);
    }
  }

  private static int[] numbers(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).intValue()).toArray();
  }

  @Test
  void transformersFramesAreThoseOfTransformers() throws IOException {
    for (var row : golden().get("transformers")) {
      var times = FrameTimes.regular(row.get("T").intValue(), 30);
      assertThat(FrameSelection.DEFAULT.withCount(row.get("n").intValue()).indices(times))
          .as(row.toString())
          .containsExactly(numbers(row.get("idx")));
    }
  }

  @Test
  void originalFramesAreThoseOfMetasCode() throws IOException {
    for (var row : golden().get("original")) {
      var times = FrameTimes.regular(row.get("T").intValue(), row.get("fps").doubleValue());
      var selection = ORIGINAL.withCount(row.get("max").intValue());
      if (row.get("s").isNumber()) {
        selection = selection.withSpan(row.get("s").doubleValue(), row.get("e").doubleValue());
      }
      assertThat(selection.indices(times))
          .as(row.toString())
          .containsExactly(numbers(row.get("idx")));
    }
  }

  @Test
  void indicesOfAnyVideoAscendAndLieInIt() {
    for (var sampling : FrameSampling.values()) {
      for (int total : new int[] {1, 2, 3, 7, 32, 33, 100, 1001}) {
        for (int count : new int[] {1, 2, 7, 32, 33}) {
          for (double fps : new double[] {0.1, 1, 12.5, 29.97, 60}) {
            var indices =
                new FrameSelection(count, sampling, 0, Double.POSITIVE_INFINITY)
                    .indices(FrameTimes.regular(total, fps));
            assertThat(indices).hasSize(Math.min(count, total));
            assertThat(indices[0]).isZero();
            assertThat(IntStream.range(1, indices.length))
                .allMatch(i -> indices[i - 1] < indices[i] && indices[i] < total);
          }
        }
      }
    }
  }

  @Test
  void aStretchHoldsTheFrameOnTheScreenAtItsStartAndNoneFromItsEndOn() {
    var slides = new FrameTimes(new double[] {0, 5, 10, 15}, 20);

    assertThat(FrameSelection.DEFAULT.withSpan(7, 9).indices(slides)).containsExactly(1);
    assertThat(FrameSelection.DEFAULT.withSpan(5, 10).indices(slides)).containsExactly(1);
    assertThat(FrameSelection.DEFAULT.withSpan(5, 10.1).indices(slides)).containsExactly(1, 2);
    assertThat(FrameSelection.DEFAULT.withSpan(0, 99).indices(slides)).containsExactly(0, 1, 2, 3);
  }

  @Test
  void aStretchBeforeALateFirstFrameHoldsThatFrame() {
    var late = new FrameTimes(new double[] {2, 3}, 4);

    assertThat(FrameSelection.DEFAULT.withSpan(0, 1).indices(late)).containsExactly(0);
    assertThat(ORIGINAL.withSpan(0, 0.1).indices(late)).containsExactly(0, 1);
  }

  @Test
  void originalFramesOfAShortStretchAtTheEndStayInTheVideo() {
    assertThat(ORIGINAL.withSpan(1.99, 2).indices(FrameTimes.regular(20, 10))).containsExactly(19);
    assertThat(ORIGINAL.withSpan(1, 1.01).indices(FrameTimes.regular(20, 10)))
        .containsExactly(10, 11);
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> FrameSelection.DEFAULT.withCount(0))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("1 or greater, but is 0");
    assertThatThrownBy(() -> FrameSelection.DEFAULT.withSpan(-1, 2))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("0 seconds or later");
    assertThatThrownBy(() -> FrameSelection.DEFAULT.withSpan(65, 65))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("starts at 01:05.00 and ends at 01:05.00");
    assertThatThrownBy(() -> FrameSelection.DEFAULT.withSpan(0, Double.NaN))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(() -> FrameSelection.DEFAULT.withSpan(Double.NaN, 1))
        .isInstanceOf(InputException.class);
  }
}
