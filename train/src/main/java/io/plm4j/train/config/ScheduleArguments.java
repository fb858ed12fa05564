package io.plm4j.train.config;

import io.plm4j.train.schedule.OriginalSchedule;
import io.plm4j.train.schedule.Schedule;
import io.plm4j.train.schedule.TransformersSchedule;
import io.plm4j.train.schedule.WarmUp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// `lr_scheduler_type`, `lr_scheduler_kwargs`, `learning_rate` and the warm-up.
final class ScheduleArguments {
  private static final double TINIEST = Double.MIN_NORMAL;

  /// Reads what a schedule is shaped by, by the schedule's name.
  private static final Map<String, Function<Section, Schedule>> SCHEDULES = schedules();

  private static final Map<String, TransformersSchedule.Fall> FALLS =
      Map.of(
          "cosine", TransformersSchedule.Fall.COSINE,
          "linear", TransformersSchedule.Fall.LINEAR,
          "1-sqrt", TransformersSchedule.Fall.ONE_MINUS_SQRT);

  private ScheduleArguments() {}

  static String nameOf(TransformersSchedule.Fall fall) {
    return FALLS.entrySet().stream()
        .filter(entry -> entry.getValue() == fall)
        .map(Map.Entry::getKey)
        .findAny()
        .orElseThrow();
  }

  private static Map<String, Function<Section, Schedule>> schedules() {
    var readers = new LinkedHashMap<String, Function<Section, Schedule>>();
    readers.put("linear", _ -> new TransformersSchedule.Linear());
    readers.put("cosine", shape -> new TransformersSchedule.Cosine(cycles(shape), 0));
    readers.put(
        "cosine_with_min_lr",
        shape ->
            new TransformersSchedule.Cosine(
                cycles(shape),
                shape
                    .number("min_lr_rate", 0, 1)
                    .orElseThrow(() -> shape.wrong("min_lr_rate", "a number from 0 to 1"))));
    readers.put("constant", _ -> new TransformersSchedule.Constant());
    readers.put("constant_with_warmup", _ -> new TransformersSchedule.ConstantWithWarmUp());
    readers.put(
        "inverse_sqrt",
        shape -> new TransformersSchedule.InverseSqrt(shape.whole("timescale", 1, 1L << 40)));
    readers.put("warmup_stable_decay", ScheduleArguments::stable);
    readers.put("original_constant", _ -> new OriginalSchedule.Constant());
    readers.put("original_linear", shape -> new OriginalSchedule.Linear(lowest(shape)));
    readers.put(
        "original_inv_sqrt",
        shape ->
            new OriginalSchedule.InverseSqrt(
                lowest(shape), shape.number("exp_factor", TINIEST, 10).orElse(0.5)));
    readers.put(
        "original_cosine",
        shape ->
            new OriginalSchedule.Cosine(
                lowest(shape), cycle(shape), shape.number("cosine_theta", TINIEST, 100).orElse(1)));
    readers.put(
        "original_wsd",
        shape ->
            new OriginalSchedule.WarmUpStableDecay(
                lowest(shape), cycle(shape), shape.number("decay_fraction", 0, 1).orElse(0.1)));
    return readers;
  }

  private static double cycles(Section shape) {
    return shape.number("num_cycles", TINIEST, 1e6).orElse(0.5);
  }

  private static double lowest(Section shape) {
    return shape.number("lr_min_ratio", 0, 1).orElse(0.1);
  }

  private static double cycle(Section shape) {
    return shape.number("cycle_length", TINIEST, 1).orElse(1);
  }

  private static Schedule stable(Section shape) {
    return new TransformersSchedule.WarmUpStableDecay(
        shape
            .whole("num_decay_steps", 0, 1L << 40)
            .orElseThrow(() -> shape.wrong("num_decay_steps", "how many steps the rate falls for")),
        shape.number("min_lr_ratio", 0, 1).orElse(0),
        shape.choice("decay_type", FALLS).orElse(TransformersSchedule.Fall.COSINE));
  }

  static LearningRate read(Section section) {
    var names = new LinkedHashMap<String, String>();
    SCHEDULES.keySet().forEach(name -> names.put(name, name));
    var name = section.choice("lr_scheduler_type", names).orElse("linear");
    var shape = section.section("lr_scheduler_kwargs");
    var schedule = java.util.Objects.requireNonNull(SCHEDULES.get(name)).apply(shape);
    shape.requireNoMore(List.of());
    var rate = section.number("learning_rate", 0, 1e6).orElse(LearningRate.CARD.peak());
    return new LearningRate(rate, schedule, warmUp(section, name));
  }

  private static WarmUp warmUp(Section section, String schedule) {
    boolean steps = section.has("warmup_steps");
    boolean share = section.has("warmup_ratio");
    if (steps && share) {
      throw section.wrong("warmup_ratio", "nothing, as warmup_steps is there; remove one of them");
    }
    if (schedule.equals("constant") || schedule.equals("original_constant")) {
      for (var key : List.of("warmup_steps", "warmup_ratio")) {
        if (section.number(key, 0, 1L << 40).orElse(0) > 0) {
          throw section.wrong(
              key, "nothing or 0: %s has no warm-up, constant_with_warmup has".formatted(schedule));
        }
      }
      return new WarmUp.Steps(0);
    }
    if (share) {
      return new WarmUp.Share(section.number("warmup_ratio", 0, 1).orElseThrow());
    }
    // transformers 5 reads a warmup_steps below 1 as a part of the run.
    double given = section.number("warmup_steps", 0, 1L << 40).orElse(-1);
    if (given < 0) {
      return LearningRate.CARD.warmUp();
    }
    return given > 0 && given < 1
        ? new WarmUp.Share(given)
        : new WarmUp.Steps(section.whole("warmup_steps", 0, 1L << 40).orElseThrow());
  }
}
