package io.plm4j.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The special tokens of the Perception Language Model, which `tokenizer.model` does not hold: they
/// follow the vocabulary, always in the same order.
///
/// The fourth is `<|reserved_special_token_1|>` in Meta's code, which has no use for it, and
/// `<|video|>` in Hugging Face's; here it is the latter.
final class MetaTokens {
  static final String BEGIN = "<|begin_of_text|>";
  static final List<String> SPELLINGS = spellings();

  /// Who plays which part, as Hugging Face's tokenizer_config.json has it.
  static final Map<String, String> NAMES = names();

  private static final int COUNT = 256;

  private MetaTokens() {}

  private static List<String> spellings() {
    var spellings = new ArrayList<String>();
    spellings.add(BEGIN);
    spellings.add("<|end_of_text|>");
    spellings.add("<|image|>");
    spellings.add("<|video|>");
    spellings.add(reserved(2));
    spellings.add(reserved(3));
    spellings.add("<|start_header_id|>");
    spellings.add("<|end_header_id|>");
    spellings.add(reserved(4));
    spellings.add("<|eot_id|>");
    for (int i = 5; spellings.size() < COUNT; i++) {
      spellings.add(reserved(i));
    }
    return List.copyOf(spellings);
  }

  private static String reserved(int number) {
    return "<|reserved_special_token_" + number + "|>";
  }

  private static Map<String, String> names() {
    var names = new LinkedHashMap<String, String>();
    names.put("bos_token", BEGIN);
    names.put("eos_token", "<|eot_id|>");
    names.put("pad_token", "<|end_of_text|>");
    names.put("image_token", "<|image|>");
    names.put("video_token", "<|video|>");
    return Collections.unmodifiableMap(names);
  }

  /// The tokens behind a vocabulary of `first` pieces.
  static List<AddedToken> after(int first) {
    var tokens = new ArrayList<AddedToken>();
    for (String spelling : SPELLINGS) {
      tokens.add(new AddedToken(first + tokens.size(), spelling, true, false, false, false, false));
    }
    return List.copyOf(tokens);
  }
}
