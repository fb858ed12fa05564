package io.plm4j.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StopStringsTest {
  @Test
  void withoutStopStringsEverythingIsShownAtOnce() {
    var stops = new StopStrings(List.of());
    assertThat(stops.accept("abc")).isEqualTo("abc");
    assertThat(stops.found()).isFalse();
  }

  @Test
  void textEndsBeforeAStopStringThatComesInPieces() {
    var stops = new StopStrings(List.of("END"));
    assertThat(stops.accept("one E")).isEqualTo("one ");
    assertThat(stops.accept("N")).isEmpty();
    assertThat(stops.accept("D two")).isEmpty();
    assertThat(stops.found()).isTrue();
    assertThat(stops.finish()).isEmpty();
  }

  @Test
  void whatTurnsOutNotToBeAStopStringIsShown() {
    var stops = new StopStrings(List.of("END", "\n\n"));
    assertThat(stops.accept("a\nE")).isEqualTo("a\n");
    assertThat(stops.accept("NE")).isEqualTo("EN");
    assertThat(stops.accept("W")).isEqualTo("EW");
    assertThat(stops.accept("x\n")).isEqualTo("x");
    assertThat(stops.finish()).isEqualTo("\n");
  }

  @Test
  void theEarliestOfSeveralStopStringsCounts() {
    var stops = new StopStrings(List.of("late", "ly"));
    assertThat(stops.accept("early and late")).isEqualTo("ear");
    assertThat(stops.found()).isTrue();
  }
}
