package io.plm4j.train.run;

import io.plm4j.json.JsonObject;
import io.plm4j.json.PrettyJson;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;

/// Where a run stands, beside the numbers that it learns: `trainer_state.json` of a checkpoint,
/// with transformers' names for what is also there.
///
/// @param step optimiser steps made
/// @param epoch passes over the data, with the fraction of the last
/// @param totalSteps of the whole run
/// @param best the validation with the lowest loss so far
/// @param feed where the data stand, as [io.plm4j.train.data.Feed#state] gave it
/// @param random where the draws stand, in the trainer's own words
public record TrainerState(
    long step, double epoch, long totalSteps, Optional<Best> best, String feed, String random) {
  static final String FILE = "trainer_state.json";
  private static final double MOST = 1e300;

  /// @param step after which the loss was that low
  public record Best(long step, double loss) {}

  /// Reads a checkpoint's.
  ///
  /// @throws io.plm4j.error.InputException if it is not there or damaged
  public static TrainerState read(Path checkpoint) {
    return of(JsonObject.read(checkpoint.resolve(FILE)));
  }

  private static TrainerState of(JsonObject json) {
    var loss = json.optionalNumber("best_metric", -MOST, MOST);
    var best =
        loss.isEmpty()
            ? Optional.<Best>empty()
            : Optional.of(new Best(step(json, "best_global_step"), loss.getAsDouble()));
    return new TrainerState(
        step(json, "global_step"),
        json.number("epoch", 0, MOST),
        step(json, "max_steps"),
        best,
        json.text("feed"),
        json.text("random"));
  }

  private static long step(JsonObject json, String key) {
    double number = json.number(key, 0, 1e15);
    if (number != Math.rint(number)) {
      throw json.wrong(key, "a whole number");
    }
    return (long) number;
  }

  static LogWindow.State window(Path checkpoint) {
    var json = JsonObject.read(checkpoint.resolve(FILE)).optionalObject("since_last_log");
    return json.map(sums ->
            new LogWindow.State(
                step(sums, "steps"),
                sums.number("loss", -MOST, MOST),
                step(sums, "tokens"),
                sums.number("seconds", 0, MOST),
                sums.number("data_seconds", 0, MOST)))
        .orElse(LogWindow.State.EMPTY);
  }

  void write(Path checkpoint, LogWindow.State window) {
    var json = new LinkedHashMap<String, Object>();
    json.put("global_step", step);
    json.put("epoch", epoch);
    json.put("max_steps", totalSteps);
    best.ifPresent(lowest -> {
      json.put("best_metric", lowest.loss());
      json.put("best_global_step", lowest.step());
      json.put("best_model_checkpoint", CheckpointFolders.name(lowest.step()));
    });
    json.put("log_history", "../" + MetricsFile.NAME);
    json.put("feed", feed);
    json.put("random", random);
    var sums = new LinkedHashMap<String, Object>();
    sums.put("steps", window.steps());
    sums.put("loss", window.lossSum());
    sums.put("tokens", window.tokens());
    sums.put("seconds", window.seconds());
    sums.put("data_seconds", window.dataSeconds());
    json.put("since_last_log", sums);
    PrettyJson.write(checkpoint.resolve(FILE), json);
  }
}
