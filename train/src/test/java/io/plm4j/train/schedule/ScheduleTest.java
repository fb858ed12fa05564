package io.plm4j.train.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The values of `factors.json`, whose note says who computed them.
class ScheduleTest {
  private static final JsonNode GOLDEN = golden();

  private static JsonNode golden() {
    try (var in = ScheduleTest.class.getResourceAsStream("factors.json")) {
      return new JsonMapper().readTree(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private record Case(Schedule schedule, JsonNode values) {
    @Override
    public String toString() {
      return "%s, %s, %s".formatted(schedule, values.get("warm_up"), values.get("steps"));
    }
  }

  static List<Case> cases() {
    var cases = new ArrayList<Case>();
    for (var values : GOLDEN.get("transformers")) {
      cases.add(new Case(transformers(values.get("name").stringValue()), values));
    }
    for (var values : GOLDEN.get("original")) {
      cases.add(new Case(OriginalSchedule.Cosine.to(0.01), values));
    }
    return cases;
  }

  private static Schedule transformers(String name) {
    return switch (name) {
      case "linear" -> new TransformersSchedule.Linear();
      case "cosine" -> TransformersSchedule.Cosine.TO_ZERO;
      case "cosine_1.5" -> new TransformersSchedule.Cosine(1.5, 0);
      case "cosine_min_0.2" -> new TransformersSchedule.Cosine(0.5, 0.2);
      case "constant_with_warmup" -> new TransformersSchedule.ConstantWithWarmUp();
      case "inverse_sqrt" -> new TransformersSchedule.InverseSqrt(OptionalLong.empty());
      case "inverse_sqrt_100" -> new TransformersSchedule.InverseSqrt(OptionalLong.of(100));
      case "wsd_cosine" -> stable(TransformersSchedule.Fall.COSINE);
      case "wsd_linear" -> stable(TransformersSchedule.Fall.LINEAR);
      case "wsd_1-sqrt" -> stable(TransformersSchedule.Fall.ONE_MINUS_SQRT);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Schedule stable(TransformersSchedule.Fall fall) {
    return new TransformersSchedule.WarmUpStableDecay(40, 0.1, fall);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theFactorsAreThoseOfTheReference(Case golden) {
    var span =
        new Span(
            golden.values().get("warm_up").longValue(), golden.values().get("steps").longValue());
    golden
        .values()
        .get("factors")
        .forEachEntry((step, factor) ->
            assertThat(golden.schedule().factor(Long.parseLong(step), span))
                .as(step)
                .isCloseTo(factor.doubleValue(), within(1e-12)));
  }

  @Test
  void theCardsScheduleRisesFor50StepsAndFallsToZero() {
    var span = new Span(new WarmUp.Steps(50).of(223), 223);
    GOLDEN
        .get("linear_w50_n223")
        .forEachEntry((step, factor) ->
            assertThat(new TransformersSchedule.Linear().factor(Long.parseLong(step), span))
                .as(step)
                .isCloseTo(factor.doubleValue(), within(1e-12)));
  }

  @Test
  void metasSchedulesDoNotJumpBackToThePeakInStepN() {
    var span = new Span(20, 100);
    for (double cycle : new double[] {1, 0.5, 0.25}) {
      var cosine = new OriginalSchedule.Cosine(0.1, cycle, 1);
      assertThat(cosine.factor(100, span)).isCloseTo(0.1, within(1e-9));
    }
    var stable = new OriginalSchedule.WarmUpStableDecay(0.1, 1, 0.1);
    assertThat(stable.factor(90, span)).isEqualTo(1);
    assertThat(stable.factor(95, span)).isCloseTo(1 / (0.05 / 0.1 + 0.95), within(1e-12));
    assertThat(stable.factor(100, span)).isCloseTo(1 / (0.1 / 0.1 + 0.9), within(1e-12));
    assertThat(stable.factor(101, span)).isEqualTo(0.1);
  }

  @Test
  void metasStraightLineAndRootFallToTheLeastRatio() {
    var span = new Span(4, 104);
    var line = new OriginalSchedule.Linear(0.2);
    assertThat(line.factor(2, span)).isEqualTo(0.5);
    assertThat(line.factor(54, span)).isCloseTo(0.6, within(1e-12));
    assertThat(line.factor(104, span)).isCloseTo(0.2, within(1e-12));
    assertThat(line.factor(105, span)).isEqualTo(0.2);
    var root = new OriginalSchedule.InverseSqrt(0.3, 0.5);
    assertThat(root.factor(4, span)).isEqualTo(1);
    assertThat(root.factor(16, span)).isCloseTo(0.5, within(1e-12));
    assertThat(root.factor(100, span)).isEqualTo(0.3);
  }

  @Test
  void noScheduleLeavesTheRangeFromZeroToOne() {
    var schedules =
        List.of(
            new TransformersSchedule.Linear(),
            TransformersSchedule.Cosine.TO_ZERO,
            new TransformersSchedule.Constant(),
            new TransformersSchedule.ConstantWithWarmUp(),
            new TransformersSchedule.InverseSqrt(OptionalLong.empty()),
            stable(TransformersSchedule.Fall.COSINE),
            new OriginalSchedule.Constant(),
            new OriginalSchedule.Linear(0),
            new OriginalSchedule.InverseSqrt(0, 0.5),
            new OriginalSchedule.Cosine(0, 0.3, 2),
            new OriginalSchedule.WarmUpStableDecay(0, 0.3, 0.5));
    for (var schedule : schedules) {
      for (long steps : new long[] {1, 2, 7, 33, 100}) {
        for (long warmUp : new long[] {0, 1, 7, 200}) {
          for (long step = 0; step <= steps + 2; step++) {
            assertThat(schedule.factor(step, new Span(warmUp, steps)))
                .as("%s, step %d of %d after %d", schedule, step, steps, warmUp)
                .isBetween(0.0, 1.0 + 1e-12);
          }
        }
      }
    }
  }

  @Test
  void aShareOfTheRunIsRoundedUpAsInTransformers() {
    assertThat(new WarmUp.Share(0.03).of(223)).isEqualTo(7);
    assertThat(new WarmUp.Share(0).of(223)).isZero();
    assertThat(new WarmUp.Steps(50).of(10)).isEqualTo(50);
  }
}
