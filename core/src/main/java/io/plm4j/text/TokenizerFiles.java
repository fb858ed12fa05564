package io.plm4j.text;

import io.plm4j.error.InputException;
import io.plm4j.json.PrettyJson;
import io.plm4j.layout.Layout;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;

/// Writes a tokenizer in either layout. Both say the same: what only one of them can say is an
/// error, never left out.
public final class TokenizerFiles {
  private TokenizerFiles() {}

  /// What of a tokenizer Meta's layout has no place for, in words; empty if it can be written in
  /// both.
  public static List<String> obstacles(Tokenizer tokenizer) {
    return TiktokenFile.obstacles(tokenizer);
  }

  /// Whether two tokenizers that can be written in both layouts are the same.
  public static boolean same(Tokenizer one, Tokenizer other) {
    return one.vocabulary().sameAs(other.vocabulary())
        && obstacles(one).isEmpty()
        && obstacles(other).isEmpty();
  }

  /// A Llama 3 tokenizer with PLM's special tokens in the place of its own, as the published models
  /// have them: ids that Llama keeps in reserve stand for pictures and videos, and no id is new.
  ///
  /// @param tokens how many the language model has
  /// @param where the tokenizer is from, for messages
  /// @throws InputException if it is no such tokenizer, or the model has another number of tokens
  public static Tokenizer asPlm(Tokenizer llama, int tokens, Path where) {
    var vocabulary = llama.vocabulary();
    int first = vocabulary.count();
    if (vocabulary.size() != first || first + MetaTokens.SPELLINGS.size() != tokens) {
      throw new InputException(
          "The tokenizer of %s has %d pieces for a model of %d tokens; Llama 3 has %d special tokens behind its pieces, some of which become PLM's. Take the tokenizer of the same model."
              .formatted(where, first, tokens, MetaTokens.SPELLINGS.size()));
    }
    var plm =
        new Tokenizer(
            vocabulary,
            new AddedTokens(MetaTokens.after(first)),
            llama.splitters(),
            llama.encoder(),
            new Frame(new int[] {first}, new int[0]),
            new TokenNames(MetaTokens.NAMES));
    var obstacles = obstacles(plm);
    if (!obstacles.isEmpty()) {
      throw new InputException(
          "The tokenizer of %s is not Llama 3's: it has %s of its own."
              .formatted(where, String.join(", ", obstacles)));
    }
    return plm;
  }

  /// Writes `tokenizer.model`; or `tokenizer.json`, `tokenizer_config.json` and
  /// `special_tokens_map.json`.
  ///
  /// @param folder that exists
  /// @param maxLength the longest sequence of the model, in tokens
  /// @throws InputException if the tokenizer has [#obstacles], or the files cannot be written
  public static void write(Tokenizer tokenizer, Path folder, Layout layout, int maxLength) {
    switch (layout) {
      case ORIGINAL -> TiktokenFile.write(tokenizer, folder.resolve(TiktokenFile.NAME));
      case HUGGING_FACE -> writeHuggingFace(tokenizer, folder, maxLength);
    }
  }

  private static void writeHuggingFace(Tokenizer tokenizer, Path folder, int maxLength) {
    var obstacles = obstacles(tokenizer);
    if (!obstacles.isEmpty()) {
      throw new InputException(
          "%s: a tokenizer with %s of its own is not written; copy its files."
              .formatted(folder, String.join(", ", obstacles)));
    }
    TokenizerJson.write(tokenizer, folder.resolve("tokenizer.json"));
    PrettyJson.write(folder.resolve("special_tokens_map.json"), MetaTokens.NAMES);
    var config = new LinkedHashMap<String, Object>(MetaTokens.NAMES);
    // As published. Transformers 4 then takes the space before a full stop out of its output;
    // transformers 5 and plm4j do not.
    config.put("clean_up_tokenization_spaces", true);
    config.put("model_input_names", List.of("input_ids", "attention_mask"));
    config.put("model_max_length", maxLength);
    config.put("processor_class", "PerceptionLMProcessor");
    config.put("tokenizer_class", "PreTrainedTokenizerFast");
    // Where transformers 4 looks for the tokens that Llama's own tokenizer has not.
    var extra = new LinkedHashMap<>(MetaTokens.NAMES);
    extra.keySet().retainAll(List.of("image_token", "video_token", "pad_token"));
    config.put("extra_special_tokens", extra);
    PrettyJson.write(folder.resolve("tokenizer_config.json"), config);
  }
}
