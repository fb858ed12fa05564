package io.plm4j.cli;

import io.plm4j.Answer;
import io.plm4j.media.video.TimedText;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// The one JSON object of `plm generate --json`.
final class AnswerJson {
  private static final JsonMapper MAPPER = new JsonMapper();

  private AnswerJson() {}

  /// @param timed the answer's frame numbers with their times, where these were asked for
  static String of(Answer answer, Optional<TimedText> timed, Timings timings) {
    var json = fields(answer);
    json.put("guessed_tokens", answer.guesses().made());
    json.put("guessed_right", answer.guesses().accepted());
    json.put("timings", seconds(timings));
    json.put(
        "first_logits_top5",
        answer.firstScores().stream().map(s -> new Object[] {s.id(), s.logit()}).toList());
    timed.ifPresent(
        text -> json.put("timestamps", text.mentions().stream().map(AnswerJson::mention).toList()));
    return MAPPER.writeValueAsString(json);
  }

  /// What is said of every answer.
  static Map<String, Object> fields(Answer answer) {
    var json = new LinkedHashMap<String, Object>();
    json.put("text", answer.text());
    json.put("tokens", answer.tokens());
    json.put("prompt_tokens", answer.promptTokens());
    json.put("reused_tokens", answer.reusedTokens());
    json.put("finish_reason", answer.finishReason().name().toLowerCase(Locale.ROOT));
    return json;
  }

  private static Map<String, Object> mention(TimedText.Mention mention) {
    var json = new LinkedHashMap<String, Object>();
    json.put("words", mention.words());
    json.put("position", mention.position());
    json.put("first_frame", mention.first());
    json.put("last_frame", mention.last());
    mention
        .span()
        .ifPresent(span -> {
          json.put("start", micros(span.start()));
          json.put("end", micros(span.end()));
        });
    return json;
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
