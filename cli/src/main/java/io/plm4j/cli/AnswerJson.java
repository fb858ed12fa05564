package io.plm4j.cli;

import io.plm4j.Answer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// The one JSON object of `plm generate --json`.
final class AnswerJson {
  private static final JsonMapper MAPPER = new JsonMapper();

  private AnswerJson() {}

  static String of(Answer answer, Timings timings) {
    var json = new LinkedHashMap<String, Object>();
    json.put("text", answer.text());
    json.put("tokens", answer.tokens());
    json.put("prompt_tokens", answer.promptTokens());
    json.put("reused_tokens", answer.reusedTokens());
    json.put("finish_reason", answer.finishReason().name().toLowerCase(Locale.ROOT));
    json.put("timings", seconds(timings));
    json.put(
        "first_logits_top5",
        answer.firstScores().stream().map(s -> new Object[] {s.id(), s.logit()}).toList());
    return MAPPER.writeValueAsString(json);
  }

  private static Map<String, Double> seconds(Timings timings) {
    var json = new LinkedHashMap<String, Double>();
    json.put("load", micros(timings.load()));
    json.put("preprocess", micros(timings.preprocess()));
    json.put("vision", micros(timings.vision()));
    json.put("prefill", micros(timings.prefill()));
    json.put("decode", micros(timings.decode()));
    return json;
  }

  /// Nobody reads more digits than microseconds.
  static double micros(double seconds) {
    return Math.round(seconds * 1e6) / 1e6;
  }
}
