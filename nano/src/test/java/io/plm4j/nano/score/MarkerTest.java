package io.plm4j.nano.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plm4j.nano.talk.Check;
import io.plm4j.nano.talk.Fact;
import io.plm4j.region.Box;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarkerTest {
  private static double points(Check check, String answer) {
    return Marker.mark(check, answer).points();
  }

  @Test
  void anExactAnswerMayDifferInCapitalsArticlesAndPunctuation() {
    var check = new Check.Exact("shape", List.of("A circle."));
    assertThat(points(check, "circle")).isEqualTo(1);
    assertThat(points(check, "The circle!")).isEqualTo(1);
    assertThat(points(check, "a red circle")).isZero();
    assertThat(points(check, "")).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "About 31, 1",
    "30.0, 1",
    "28.9, 1",
    "It is 32 or 50., 1",
    "'31,000', 0",
    "thirty, 0",
    "27.9, 0",
    "7:30, 0"
  })
  void aValueOffAnAxisHasATolerance(String answer, double points) {
    assertThat(points(new Check.Amount("value", 30, 2), answer)).isEqualTo(points);
  }

  @Test
  void aPrintedValueHasNone() {
    var check = new Check.Amount("value", 4, 0);
    assertThat(points(check, "4")).isEqualTo(1);
    assertThat(points(check, "four")).isEqualTo(1);
    assertThat(points(check, "4.1")).isZero();
    assertThat(points(new Check.Amount("value", 1200, 0), "1,200")).isEqualTo(1);
  }

  @Test
  void theErrorOfAValueIsAPartOfTheAxis() {
    // A tolerance of 5 is a twentieth of an axis of 100.
    var mark = Marker.mark(new Check.Amount("value", 40, 5), "About 50");
    assertThat(mark.points()).isZero();
    assertThat(mark.error().orElseThrow()).isCloseTo(0.1, within(1e-9));
  }

  @Test
  void aReadingCountsWrongSigns() {
    var check = new Check.Reading("read", "Open Daily");
    assertThat(points(check, "\"open  daily\".")).isEqualTo(1);
    var mark = Marker.mark(check, "open dally");
    assertThat(mark.points()).isZero();
    assertThat(mark.error().orElseThrow()).isCloseTo(0.1, within(1e-9));
  }

  @Test
  void aBoxMustCoverHalf() {
    var check = new Check.Region("box", new Box(100, 100, 200, 200), 1000, 1000);
    assertThat(points(check, "[100,100,200,200]")).isEqualTo(1);
    assertThat(points(check, "[100,100,200,160]")).isEqualTo(1);
    assertThat(points(check, "[100,100,200,140]")).isZero();
    assertThat(points(check, "at the left")).isZero();
  }

  @Test
  void aDescriptionGetsAPointForEachFact() {
    var check =
        new Check.Facts(
            "bars",
            List.of(
                new Fact.Mention("Sales"),
                new Fact.Amount("step", 12, 0),
                new Fact.Amount("horror", 30, 1.5),
                new Fact.Pointed(List.of("highest"), "horror", List.of("step"))));
    assertThat(
            points(
                check,
                "The plot \"Sales\": step (12) and horror (about 31). The highest is horror."))
        .isEqualTo(1);
    assertThat(points(check, "The plot \"Sales\": step (12) and horror (40). The highest is step."))
        .isEqualTo(0.5);
    assertThat(points(check, "Step is 12.")).isEqualTo(0.25);
  }

  @Test
  void aNameInTheTitleDoesNotHideItsValue() {
    var check = new Check.Facts("bars", List.of(new Fact.Amount("Fruit", 3, 0)));
    assertThat(points(check, "The bar plot titled \"Fruit\" shows one category: Fruit (3)."))
        .isEqualTo(1);
  }
}
