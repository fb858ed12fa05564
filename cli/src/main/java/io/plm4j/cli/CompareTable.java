package io.plm4j.cli;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;

/// What `plm compare` prints, a model a line, as it comes.
final class CompareTable {
  private static final int LEAST_WIDTH = 16;

  private final PrintStream out;
  private final boolean json;
  private final int width;
  private boolean begun;

  /// A model among those compared.
  ///
  /// @param bytes of its weights
  /// @param prefill tokens a second, without vision
  /// @param decode tokens a second
  record Row(String name, long bytes, Agreement agreement, double prefill, double decode) {}

  /// @param names of the models that will come, which share a column
  CompareTable(PrintStream out, boolean json, List<String> names) {
    this.out = out;
    this.json = json;
    width = names.stream().mapToInt(String::length).reduce(LEAST_WIDTH, Math::max);
  }

  void row(Row row) {
    if (json) {
      out.println(new JsonMapper().writeValueAsString(json(row)));
      return;
    }
    if (!begun) {
      out.printf(
          "%-" + width + "s %9s %9s %9s %7s %9s %9s%n",
          "tokens: %d".formatted(row.agreement().places()),
          "weights",
          "mean KL",
          "worst KL",
          "top 1",
          "prefill/s",
          "decode/s");
      begun = true;
    }
    out.printf(
        Locale.ROOT,
        "%-" + width + "s %9s %9.5f %9.5f %6.1f%% %9s %9s%n",
        row.name(),
        Units.bytes(row.bytes()),
        row.agreement().mean(),
        row.agreement().worst(),
        100 * row.agreement().topOne(),
        Units.rate(row.prefill()),
        Units.rate(row.decode()));
  }

  private static LinkedHashMap<String, Object> json(Row row) {
    var json = new LinkedHashMap<String, Object>();
    json.put("model", row.name());
    json.put("tokens", row.agreement().places());
    json.put("weight_bytes", row.bytes());
    json.put("mean_kl", row.agreement().mean());
    json.put("worst_kl", row.agreement().worst());
    json.put("top_1_agreement", row.agreement().topOne());
    json.put("prefill_tokens_per_second", row.prefill());
    json.put("decode_tokens_per_second", row.decode());
    return json;
  }
}
