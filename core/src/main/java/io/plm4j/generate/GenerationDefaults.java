package io.plm4j.generate;

import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import io.plm4j.layout.Layout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// How a checkpoint wants its answers made where the caller does not say.
///
/// @param eosIds tokens that end an answer; at least one
/// @param bosId the token that begins a text
/// @param padId the token that fills up the rows of a batch
/// @param doSample whether to draw tokens at random; else the likeliest is taken
/// @param temperature positive, divides the logits before drawing
/// @param topK draw from this many of the likeliest tokens; 0 for all
/// @param topP draw from the likeliest tokens that together have this probability
/// @param unknownKeys paths in the file that plm4j does not know and does not obey, for a caller to
///   show
public record GenerationDefaults(
    List<Integer> eosIds,
    OptionalInt bosId,
    OptionalInt padId,
    boolean doSample,
    OptionalDouble temperature,
    OptionalInt topK,
    OptionalDouble topP,
    OptionalDouble repetitionPenalty,
    OptionalInt maxNewTokens,
    List<String> unknownKeys) {
  private static final String FILE = "generation_config.json";

  /// How many special tokens follow the vocabulary in Meta's layout, and which of them end an
  /// answer.
  private static final int SPECIAL = 256;

  private static final int END_OF_TEXT = 1;
  private static final int END_OF_TURN = 9;

  public GenerationDefaults {
    eosIds = List.copyOf(eosIds);
    unknownKeys = List.copyOf(unknownKeys);
    if (eosIds.isEmpty()) {
      throw new IllegalArgumentException("no token ends an answer");
    }
  }

  /// Reads `generation_config.json` of a model folder. Where the file or its `eos_token_id` is
  /// absent, the ids of `config.json`'s `text_config` count.
  ///
  /// In Meta's layout there is no such file: its code is greedy, and ends an answer at the end of
  /// the text or of the turn.
  public static GenerationDefaults read(Path folder) {
    return switch (Layout.of(folder)) {
      case HUGGING_FACE -> readHuggingFace(folder);
      case ORIGINAL -> readOriginal(folder);
    };
  }

  private static GenerationDefaults readOriginal(Path folder) {
    var json = JsonObject.read(folder.resolve(Layout.ORIGINAL.configFile()));
    int first = json.object("model").integer("vocab_size", SPECIAL, 1 << 24) - SPECIAL;
    return likeliest(List.of(first + END_OF_TEXT, first + END_OF_TURN), first, first + END_OF_TEXT);
  }

  /// What the published models have: always the likeliest token.
  ///
  /// @param eosIds tokens that end an answer
  public static GenerationDefaults likeliest(List<Integer> eosIds, int bosId, int padId) {
    return new GenerationDefaults(
        eosIds,
        OptionalInt.of(bosId),
        OptionalInt.of(padId),
        false,
        OptionalDouble.empty(),
        OptionalInt.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalInt.empty(),
        List.of());
  }

  private static GenerationDefaults readHuggingFace(Path folder) {
    var file = folder.resolve(FILE);
    return Files.exists(file)
        ? read(JsonObject.read(file), folder)
        : read(JsonObject.parse(file.toString(), new byte[] {'{', '}'}), folder);
  }

  private static GenerationDefaults read(JsonObject json, Path folder) {
    json.ignore("transformers_version", "_from_model_config", "max_length", "use_cache");
    var eosIds = json.integers("eos_token_id", 0, Integer.MAX_VALUE);
    var bosId = json.optionalInteger("bos_token_id", 0, Integer.MAX_VALUE);
    if (eosIds.isEmpty()) {
      var text = JsonObject.read(folder.resolve("config.json")).object("text_config");
      eosIds = text.integers("eos_token_id", 0, Integer.MAX_VALUE);
      if (bosId.isEmpty()) {
        bosId = text.optionalInteger("bos_token_id", 0, Integer.MAX_VALUE);
      }
    }
    if (eosIds.isEmpty()) {
      throw new InputException(
          "%s: eos_token_id is absent, and in config.json too, so no answer would end; add \"eos_token_id\": [128001, 128009], the Perception Language Model's."
              .formatted(folder.resolve(FILE)));
    }
    return new GenerationDefaults(
        eosIds,
        bosId,
        json.optionalInteger("pad_token_id", 0, Integer.MAX_VALUE),
        json.optionalFlag("do_sample").orElse(false),
        json.optionalNumber("temperature", Double.MIN_NORMAL, 1e6),
        json.optionalInteger("top_k", 0, Integer.MAX_VALUE),
        json.optionalNumber("top_p", Double.MIN_NORMAL, 1),
        json.optionalNumber("repetition_penalty", Double.MIN_NORMAL, 1e6),
        json.optionalInteger("max_new_tokens", 1, Integer.MAX_VALUE),
        json.unread());
  }
}
