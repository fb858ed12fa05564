package io.plm4j.language;

import io.plm4j.json.JsonObject;

/// The rotary position embedding of the decoder.
///
/// @param theta the longest wave is about `2π·theta` tokens
public record RopeConfig(double theta, RopeScaling scaling) {
  public RopeConfig {
    if (!(theta > 0) || Double.isInfinite(theta)) {
      throw new IllegalArgumentException("rope_theta %s is not positive".formatted(theta));
    }
  }

  /// Reads `rope_theta` and `rope_scaling` (transformers 4) or `rope_parameters` (transformers 5,
  /// with the theta inside) of a `text_config`.
  ///
  /// Both may be there if they agree; transformers 4 and 5 would choose differently where they do
  /// not.
  static RopeConfig read(JsonObject text) {
    var scaling = text.optionalObject("rope_scaling").filter(o -> !o.keys().isEmpty());
    var parameters = text.optionalObject("rope_parameters").filter(o -> !o.keys().isEmpty());
    if (text.optionalNumber("partial_rotary_factor", 0, 1).orElse(1) != 1) {
      throw text.wrong("partial_rotary_factor", "1: the whole head rotates in this decoder");
    }
    var outside = text.optionalNumber("rope_theta", Double.MIN_NORMAL, Double.MAX_VALUE);
    var read = parameters.map(p -> read(p, outside.orElse(Double.NaN), text));
    var older = scaling.map(s -> read(s, outside.orElse(Double.NaN), text));
    if (read.isPresent() && older.isPresent() && !read.equals(older)) {
      throw text.inconsistent(
          "rope_scaling and rope_parameters are both there and differ; keep the one that the"
              + " weights were trained with");
    }
    return read.or(() -> older)
        .orElseGet(() ->
            new RopeConfig(
                outside.orElseThrow(
                    () -> text.wrong("rope_theta", "a number, or rope_parameters with one")),
                new RopeScaling.None()));
  }

  private static RopeConfig read(JsonObject rope, double outside, JsonObject text) {
    // Files from before transformers 4.43 say `type`.
    var type = rope.optionalText("rope_type").or(() -> rope.optionalText("type")).orElse("default");
    rope.ignore("type");
    var inside = rope.optionalNumber("rope_theta", Double.MIN_NORMAL, Double.MAX_VALUE);
    double theta = inside.orElse(outside);
    if (Double.isNaN(theta)) {
      throw text.wrong("rope_theta", "a number, or rope_parameters with one");
    }
    if (!Double.isNaN(outside) && theta != outside) {
      throw text.wrong("rope_theta", "%s, as in the rotary parameters".formatted(theta));
    }
    if (rope.optionalNumber("partial_rotary_factor", 0, 1).orElse(1) != 1) {
      throw rope.wrong("partial_rotary_factor", "1: the whole head rotates in this decoder");
    }
    var scaling =
        switch (type) {
          case "default" -> new RopeScaling.None();
          case "llama3" -> llama3(rope);
          default ->
              throw rope.wrong(
                  rope.has("rope_type") ? "rope_type" : "type",
                  "\"default\" or \"llama3\"; plm4j knows no other rotary scaling");
        };
    return new RopeConfig(theta, scaling);
  }

  private static RopeScaling llama3(JsonObject rope) {
    try {
      return new RopeScaling.Llama3(
          rope.number("factor", 1, 1e6),
          rope.number("low_freq_factor", Double.MIN_NORMAL, 1e6),
          rope.number("high_freq_factor", Double.MIN_NORMAL, 1e6),
          rope.integer("original_max_position_embeddings", 1, DecoderConfig.MAX_SIZE));
    } catch (IllegalArgumentException e) {
      throw rope.inconsistent(e.getMessage());
    }
  }
}
