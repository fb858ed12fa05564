package io.plm4j.cli;

import io.plm4j.cli.BenchCell.Reached;
import io.plm4j.cli.BenchCell.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.json.JsonMapper;

/// What `plm bench` prints: one measurement phase by phase, several as a table.
///
/// @param limits of the machine, a number of threads each, where they were measured
record BenchReport(List<BenchCell> cells, List<MachineLimits> limits, OptionalLong peakBytes) {
  BenchReport {
    cells = List.copyOf(cells);
    limits = List.copyOf(limits);
  }

  String text() {
    var text = new StringBuilder();
    if (cells.size() == 1) {
      single(text, cells.getFirst());
    } else if (!cells.isEmpty()) {
      table(text);
    }
    if (!cells.isEmpty()) {
      peakBytes.ifPresent(
          bytes -> text.append("%-18s %s%n".formatted("peak memory", Units.bytes(bytes))));
    }
    limits(text);
    return text.toString();
  }

  private void single(StringBuilder text, BenchCell cell) {
    text.append(
        "%s, %s, %d tiles, %s prompt tokens, %d more tokens decoded, %d runs%n"
            .formatted(
                cell.formats().map(formats -> name(cell) + ", " + formats).orElse(name(cell)),
                Units.count(cell.threads(), "thread"),
                cell.tiles(),
                Units.grouped(cell.promptTokens()),
                cell.decoded(),
                cell.runs().size()));
    text.append("%-18s %10s %10s%n".formatted("seconds", "best", "median"));
    text.append("%-18s %10.3f%n".formatted("load", cell.load()));
    line(text, "preprocess", cell.spread(BenchRun::preprocess), 0);
    line(text, "vision", cell.spread(BenchRun::vision), 0);
    line(text, "prefill", cell.spread(BenchRun::prefill), cell.readTokens());
    line(text, "vision + prefill", cell.spread(BenchRun::firstToken), 0);
    line(text, "decode, a token", cell.spread(BenchRun::decodePerToken), 1);
    for (var phase : cell.reached()) {
      text.append(
          String.format(
              Locale.ROOT, "%-18s %10.1f GFLOP/s", phase.phase() + " reached", phase.gigaflops()));
      if (phase.countsBytes()) {
        text.append(
            String.format(
                Locale.ROOT,
                " %8.1f GB/s of weights and cache%s",
                phase.gigabytes(),
                share(cell, phase)));
      }
      text.append("\n");
    }
  }

  /// What part of this machine's limit a phase reached, where that was measured.
  private String share(BenchCell cell, Reached phase) {
    return limit(cell)
        .map(limit ->
            String.format(
                Locale.ROOT,
                ", %.0f %% of what is possible",
                100 * phase.gigaflops() / limit.roof(cell.type(), phase.intensity())))
        .orElse("");
  }

  private Optional<MachineLimits> limit(BenchCell cell) {
    return limits.stream().filter(limit -> limit.threads() == cell.threads()).findFirst();
  }

  private void table(StringBuilder text) {
    text.append(
        "%-5s %7s %5s %6s %9s %9s %9s %9s %9s %9s%n"
            .formatted(
                "type", "threads", "tiles", "prompt", "vision", "GFLOP/s", "prefill", "GFLOP/s",
                "decode", "GB/s"));
    text.append(
        "%-5s %7s %5s %6s %9s %9s %9s %9s %9s %9s%n"
            .formatted("", "", "", "tokens", "s", "", "tokens/s", "", "tokens/s", ""));
    for (var cell : cells) {
      var reached = new LinkedHashMap<String, Reached>();
      cell.reached().forEach(phase -> reached.put(phase.phase(), phase));
      var vision = Optional.ofNullable(reached.get("vision"));
      var prefill = Optional.ofNullable(reached.get("prefill"));
      var decode = Optional.ofNullable(reached.get("decode"));
      text.append(
          "%-5s %7d %5d %6d %9s %9s %9s %9s %9s %9s%n"
              .formatted(
                  name(cell),
                  cell.threads(),
                  cell.tiles(),
                  cell.promptTokens(),
                  vision.map(p -> "%.3f".formatted(p.seconds())).orElse("-"),
                  vision.map(p -> Units.rate(p.gigaflops())).orElse("-"),
                  prefill.map(p -> Units.rate(cell.readTokens() / p.seconds())).orElse("-"),
                  prefill.map(p -> Units.rate(p.gigaflops())).orElse("-"),
                  decode.map(p -> Units.rate(1 / p.seconds())).orElse("-"),
                  decode
                      .filter(Reached::countsBytes)
                      .map(p -> Units.rate(p.gigabytes()))
                      .orElse("-")));
    }
    text.append("best of %d runs each%n".formatted(cells.getFirst().runs().size()));
  }

  private void limits(StringBuilder text) {
    for (var limit : limits) {
      text.append(
          String.format(
              Locale.ROOT,
              "this machine, %s: reads memory at %.1f GB/s, multiplies f32 at %.0f and bf16 at %.0f GFLOP/s%n",
              Units.count(limit.threads(), "thread"),
              limit.readGigabytes(),
              limit.f32Gigaflops(),
              limit.bf16Gigaflops()));
    }
  }

  private static String name(BenchCell cell) {
    return cell.type().name().toLowerCase(Locale.ROOT);
  }

  private static void line(StringBuilder text, String name, Spread spread, int tokens) {
    text.append(
        String.format(Locale.ROOT, "%-18s %10.4f %10.4f", name, spread.best(), spread.median()));
    if (tokens > 0 && spread.best() > 0) {
      text.append("   %s tokens a second".formatted(Units.rate(tokens / spread.best())));
    }
    text.append("\n");
  }

  /// One measurement is an object; several are a list in one.
  String json() {
    var json = new LinkedHashMap<String, Object>();
    if (cells.size() == 1) {
      json.putAll(json(cells.getFirst()));
    } else if (!cells.isEmpty()) {
      json.put("results", cells.stream().map(BenchReport::json).toList());
    }
    if (!cells.isEmpty()) {
      peakBytes.ifPresent(bytes -> json.put("peak_memory_bytes", bytes));
    }
    if (!limits.isEmpty()) {
      json.put("limits", limits.stream().map(BenchReport::json).toList());
    }
    return new JsonMapper().writeValueAsString(json);
  }

  private static Map<String, Object> json(BenchCell cell) {
    var seconds = new LinkedHashMap<String, Object>();
    seconds.put("load", AnswerJson.micros(cell.load()));
    seconds.put("preprocess", json(cell.spread(BenchRun::preprocess)));
    seconds.put("vision", json(cell.spread(BenchRun::vision)));
    seconds.put("prefill", json(cell.spread(BenchRun::prefill)));
    seconds.put("vision_and_prefill", json(cell.spread(BenchRun::firstToken)));
    seconds.put("decode_per_token", json(cell.spread(BenchRun::decodePerToken)));
    var reached = new ArrayList<Map<String, Object>>();
    for (var phase : cell.reached()) {
      var one = new LinkedHashMap<String, Object>();
      one.put("phase", phase.phase());
      one.put("flop", phase.flops());
      one.put("gflop_per_second", thousandths(phase.gigaflops()));
      if (phase.countsBytes()) {
        one.put("bytes", phase.bytes());
        one.put("gb_per_second", thousandths(phase.gigabytes()));
      }
      reached.add(one);
    }
    var json = new LinkedHashMap<String, Object>();
    json.put("dtype", name(cell));
    cell.formats().ifPresent(formats -> json.put("quantization", formats));
    json.put("threads", cell.threads());
    json.put("tiles", cell.tiles());
    json.put("prompt_tokens", cell.promptTokens());
    json.put("decoded_tokens", cell.decoded());
    json.put("runs", cell.runs().size());
    json.put("seconds", seconds);
    json.put("reached", reached);
    return json;
  }

  private static Map<String, Double> json(Spread spread) {
    var json = new LinkedHashMap<String, Double>();
    json.put("best", AnswerJson.micros(spread.best()));
    json.put("median", AnswerJson.micros(spread.median()));
    return json;
  }

  private static Map<String, Object> json(MachineLimits limit) {
    var json = new LinkedHashMap<String, Object>();
    json.put("threads", limit.threads());
    json.put("read_gb_per_second", thousandths(limit.readGigabytes()));
    json.put("f32_gflop_per_second", thousandths(limit.f32Gigaflops()));
    json.put("bf16_gflop_per_second", thousandths(limit.bf16Gigaflops()));
    return json;
  }

  private static double thousandths(double value) {
    return Math.round(value * 1e3) / 1e3;
  }
}
