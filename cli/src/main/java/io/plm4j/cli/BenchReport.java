package io.plm4j.cli;

import io.plm4j.tensor.DType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.json.JsonMapper;

/// What `plm bench` prints.
///
/// @param load seconds, once
/// @param tiles that the picture became
record BenchReport(
    DType type, double load, int tiles, List<BenchRun> runs, OptionalLong peakBytes) {
  BenchReport {
    runs = List.copyOf(runs);
  }

  private record Spread(double best, double median) {
    static Spread of(List<BenchRun> runs, ToDoubleFunction<BenchRun> phase) {
      var sorted = runs.stream().mapToDouble(phase).sorted().toArray();
      int half = sorted.length / 2;
      double median = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
      return new Spread(sorted[0], median);
    }

    Map<String, Double> json() {
      var json = new LinkedHashMap<String, Double>();
      json.put("best", AnswerJson.micros(best));
      json.put("median", AnswerJson.micros(median));
      return json;
    }
  }

  private int promptTokens() {
    return runs.getFirst().promptTokens();
  }

  private int decoded() {
    return runs.getFirst().decoded();
  }

  String text() {
    var text = new StringBuilder();
    text.append(
        "%s, %d tiles, %s prompt tokens, %d more tokens decoded, %d runs%n"
            .formatted(
                type.name().toLowerCase(Locale.ROOT),
                tiles,
                Units.grouped(promptTokens()),
                decoded(),
                runs.size()));
    text.append("%-18s %10s %10s%n".formatted("seconds", "best", "median"));
    text.append("%-18s %10.3f%n".formatted("load", load));
    line(text, "preprocess", Spread.of(runs, BenchRun::preprocess), 0);
    line(text, "vision", Spread.of(runs, BenchRun::vision), 0);
    line(text, "prefill", Spread.of(runs, BenchRun::prefill), runs.getFirst().readTokens());
    line(text, "vision + prefill", Spread.of(runs, BenchRun::firstToken), 0);
    line(text, "decode, a token", Spread.of(runs, BenchRun::decodePerToken), 1);
    peakBytes.ifPresent(
        bytes -> text.append("%-18s %s%n".formatted("peak memory", Units.bytes(bytes))));
    return text.toString();
  }

  private static void line(StringBuilder text, String name, Spread spread, int tokens) {
    text.append(
        String.format(Locale.ROOT, "%-18s %10.4f %10.4f", name, spread.best, spread.median));
    if (tokens > 0 && spread.best > 0) {
      text.append("   %s tokens a second".formatted(Units.rate(tokens / spread.best)));
    }
    text.append("\n");
  }

  String json() {
    var seconds = new LinkedHashMap<String, Object>();
    seconds.put("load", AnswerJson.micros(load));
    seconds.put("preprocess", Spread.of(runs, BenchRun::preprocess).json());
    seconds.put("vision", Spread.of(runs, BenchRun::vision).json());
    seconds.put("prefill", Spread.of(runs, BenchRun::prefill).json());
    seconds.put("vision_and_prefill", Spread.of(runs, BenchRun::firstToken).json());
    seconds.put("decode_per_token", Spread.of(runs, BenchRun::decodePerToken).json());
    var json = new LinkedHashMap<String, Object>();
    json.put("dtype", type.name().toLowerCase(Locale.ROOT));
    json.put("tiles", tiles);
    json.put("prompt_tokens", promptTokens());
    json.put("decoded_tokens", decoded());
    json.put("runs", runs.size());
    json.put("seconds", seconds);
    peakBytes.ifPresent(bytes -> json.put("peak_memory_bytes", bytes));
    return new JsonMapper().writeValueAsString(json);
  }
}
