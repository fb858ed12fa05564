package io.plm4j.nano.vocabulary;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// PLM's special tokens, without those that it keeps for later.
final class SpecialTokens {
  static final String BEGIN = "<|begin_of_text|>";

  /// In the order of their ids, which follow those of the pieces.
  static final List<String> ALL =
      List.of(
          BEGIN,
          "<|end_of_text|>",
          "<|image|>",
          "<|video|>",
          "<|start_header_id|>",
          "<|end_header_id|>",
          "<|eot_id|>");

  /// Who plays which part.
  static final Map<String, String> NAMES = names();

  private SpecialTokens() {}

  private static Map<String, String> names() {
    var names = new LinkedHashMap<String, String>();
    names.put("bos_token", BEGIN);
    names.put("eos_token", "<|eot_id|>");
    names.put("pad_token", "<|end_of_text|>");
    names.put("image_token", "<|image|>");
    names.put("video_token", "<|video|>");
    return Collections.unmodifiableMap(names);
  }
}
