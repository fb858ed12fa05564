package io.plm4j.train.run;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `metrics.jsonl`: a JSON object a line, with the names of transformers' `log_history`.
final class MetricsFile {
  static final String NAME = "metrics.jsonl";
  private static final JsonMapper MAPPER = new JsonMapper();

  private final Path file;
  private final Clock clock;

  MetricsFile(Path folder, Clock clock) {
    this.file = folder.resolve(NAME);
    this.clock = clock;
  }

  /// Drops the lines of steps after this one, and a line that a killed process cut, so that the
  /// file reads as if the run had not stopped.
  ///
  /// @return the lines that are kept
  List<JsonNode> keepUntil(long step) {
    try {
      var kept = new ArrayList<JsonNode>();
      var text = new StringBuilder();
      var lines = Files.exists(file) ? Files.readAllLines(file) : List.<String>of();
      for (var line : lines) {
        var entry = parse(line);
        if (entry.path("step").isIntegralNumber()
            && entry.path("step").longValue() <= step
            && !entry.has("train_runtime")) {
          kept.add(entry);
          text.append(line).append('\n');
        }
      }
      if (kept.size() < lines.size()) {
        DurableFiles.replace(file, text.toString());
      }
      return kept;
    } catch (IOException e) {
      throw new InputException("%s cannot be gone on with: %s".formatted(file, e), e);
    }
  }

  private static JsonNode parse(String line) {
    try {
      return MAPPER.readTree(line);
    } catch (JacksonException e) {
      return MAPPER.missingNode();
    }
  }

  void append(RunEntry entry) {
    var line = MAPPER.writeValueAsString(values(entry)) + "\n";
    try {
      Files.write(
          file,
          line.getBytes(StandardCharsets.UTF_8),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new InputException("%s cannot be written: %s".formatted(file, e), e);
    }
  }

  private Map<String, Object> values(RunEntry entry) {
    var values = new LinkedHashMap<String, Object>();
    values.put("step", entry.step());
    values.put("epoch", entry.epoch());
    switch (entry) {
      case RunEntry.Trained trained -> {
        values.put("loss", trained.loss());
        values.put("grad_norm", trained.gradientNorm());
        values.put("learning_rate", trained.learningRate());
        values.put("tokens_per_second", trained.tokensPerSecond());
        values.put("seconds", trained.seconds());
        values.put("data_seconds", trained.dataSeconds());
        trained.peakMemory().ifPresent(bytes -> values.put("memory", bytes));
      }
      case RunEntry.Judged judged -> values.put("eval_loss", judged.loss());
      case RunEntry.Finished finished -> {
        values.put("train_runtime", finished.seconds());
        values.put("train_loss", finished.loss());
        values.put("train_steps_per_second", finished.stepsPerSecond());
      }
    }
    values.put("created_at", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
    return values;
  }
}
