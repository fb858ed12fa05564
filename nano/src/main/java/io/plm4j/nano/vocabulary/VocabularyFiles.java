package io.plm4j.nano.vocabulary;

import io.plm4j.error.InputException;
import io.plm4j.json.PrettyJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Writes a vocabulary as the files of a checkpoint: `tokenizer.json`, `tokenizer_config.json`,
/// `special_tokens_map.json` and `chat_template.jinja`.
public final class VocabularyFiles {
  /// What stands in the template for conversations that bring no system message: short, because
  /// positions are dear to a small model.
  public static final String SYSTEM_MESSAGE = "You see and answer.";

  private static final String TEMPLATE = "chat_template.jinja";

  private VocabularyFiles() {}

  /// How many of a vocabulary's ids are special tokens.
  public static int specialTokens() {
    return SpecialTokens.ALL.size();
  }

  /// The published chat template with the shorter system message.
  static String template() {
    try (var in =
        Objects.requireNonNull(VocabularyFiles.class.getResourceAsStream(TEMPLATE), TEMPLATE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// @param maxLength the longest sequence of the model, in tokens
  /// @throws InputException if a file cannot be written
  public static void write(Bpe bpe, Path folder, int maxLength) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(TEMPLATE), template());
    } catch (IOException e) {
      throw new InputException("%s cannot be written: %s".formatted(folder, e), e);
    }
    PrettyJson.write(folder.resolve("tokenizer.json"), tokenizer(bpe));
    PrettyJson.write(folder.resolve("special_tokens_map.json"), SpecialTokens.NAMES);
    PrettyJson.write(folder.resolve("tokenizer_config.json"), config(maxLength));
  }

  private static Map<String, @Nullable Object> config(int maxLength) {
    var config = new LinkedHashMap<String, @Nullable Object>(SpecialTokens.NAMES);
    config.put("clean_up_tokenization_spaces", false);
    config.put("model_input_names", List.of("input_ids", "attention_mask"));
    config.put("model_max_length", maxLength);
    config.put("processor_class", "PerceptionLMProcessor");
    config.put("tokenizer_class", "PreTrainedTokenizerFast");
    // Where transformers 4 looks for the tokens that Llama's own tokenizer has not.
    var extra = new LinkedHashMap<>(SpecialTokens.NAMES);
    extra.keySet().retainAll(List.of("image_token", "video_token", "pad_token"));
    config.put("extra_special_tokens", extra);
    return config;
  }

  private static Map<String, @Nullable Object> tokenizer(Bpe bpe) {
    var file = new LinkedHashMap<String, @Nullable Object>();
    file.put("version", "1.0");
    file.put("truncation", null);
    file.put("padding", null);
    file.put("added_tokens", added(bpe.tokens().size()));
    file.put("normalizer", null);
    file.put(
        "pre_tokenizer",
        object(
            "type",
            "Sequence",
            "pretokenizers",
            List.of(
                object(
                    "type",
                    "Split",
                    "pattern",
                    object("Regex", Pieces.EXPRESSION),
                    "behavior",
                    "Isolated",
                    "invert",
                    false),
                byteLevel(false))));
    file.put("post_processor", postProcessor(bpe.tokens().size()));
    file.put("decoder", byteLevel(true));
    file.put("model", model(bpe));
    return file;
  }

  private static List<Map<String, @Nullable Object>> added(int first) {
    var added = new ArrayList<Map<String, @Nullable Object>>();
    for (int i = 0; i < SpecialTokens.ALL.size(); i++) {
      added.add(
          object(
              "id",
              first + i,
              "content",
              SpecialTokens.ALL.get(i),
              "single_word",
              false,
              "lstrip",
              false,
              "rstrip",
              false,
              "normalized",
              false,
              "special",
              true));
    }
    return added;
  }

  private static Map<String, @Nullable Object> byteLevel(boolean regex) {
    return object(
        "type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true, "use_regex", regex);
  }

  /// Begins each text, as the published tokenizer does.
  private static Map<String, @Nullable Object> postProcessor(int begin) {
    BiFunction<String, Integer, Map<String, @Nullable Object>> text =
        (id, type) -> object("Sequence", object("id", id, "type_id", type));
    BiFunction<String, Integer, Map<String, @Nullable Object>> token =
        (id, type) -> object("SpecialToken", object("id", id, "type_id", type));
    return object(
        "type",
        "TemplateProcessing",
        "single",
        List.of(token.apply(SpecialTokens.BEGIN, 0), text.apply("A", 0)),
        "pair",
        List.of(
            token.apply(SpecialTokens.BEGIN, 0),
            text.apply("A", 0),
            token.apply(SpecialTokens.BEGIN, 1),
            text.apply("B", 1)),
        "special_tokens",
        object(
            SpecialTokens.BEGIN,
            object(
                "id",
                SpecialTokens.BEGIN,
                "ids",
                List.of(begin),
                "tokens",
                List.of(SpecialTokens.BEGIN))));
  }

  /// Pieces that are tokens as a whole, and single bytes: without the merges that found the tokens,
  /// a word that is none is spelled letter by letter, as it is seen in a picture.
  private static Map<String, @Nullable Object> model(Bpe bpe) {
    var vocabulary = new LinkedHashMap<String, @Nullable Object>();
    for (int id = 0; id < bpe.tokens().size(); id++) {
      vocabulary.put(ByteLetters.spell(bpe.tokens().get(id)), id);
    }
    return object(
        "type",
        "BPE",
        "dropout",
        null,
        "unk_token",
        null,
        "continuing_subword_prefix",
        null,
        "end_of_word_suffix",
        null,
        "fuse_unk",
        false,
        "byte_fallback",
        false,
        "ignore_merges",
        true,
        "vocab",
        vocabulary,
        "merges",
        List.of());
  }

  private static Map<String, @Nullable Object> object(@Nullable Object... keysAndValues) {
    var object = new LinkedHashMap<String, @Nullable Object>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      object.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
    }
    return object;
  }
}
