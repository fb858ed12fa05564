package io.plm4j.language;

import io.plm4j.json.JsonObject;
import io.plm4j.tensor.DType;
import java.util.List;

/// The shape of a Llama decoder.
///
/// @param hiddenSize width of a token's vector, E
/// @param intermediateSize width inside the feed-forward, F
/// @param layers number of blocks
/// @param heads number of query heads, H
/// @param kvHeads number of key and value heads, KH; divides `heads`
/// @param headDim width of a head, D; even, because pairs of its components rotate
/// @param vocabSize number of token ids, V
/// @param maxPositions the longest sequence, prompt and answer together, in tokens
/// @param normEps what RMS norms add to the mean square
/// @param tiedHead whether the output head is the embedding matrix
public record DecoderConfig(
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    int vocabSize,
    int maxPositions,
    double normEps,
    RopeConfig rope,
    boolean tiedHead) {

  /// Larger sizes are mistakes: products of two of these, times 8 bytes, stay inside a long.
  static final int MAX_SIZE = 1 << 24;

  /// The deepest published Llama has 126 layers.
  private static final int MAX_LAYERS = 1024;

  /// Keys that transformers writes for training and generation; the forward pass has no use of
  /// them.
  private static final String[] WITHOUT_EFFECT = {
    "architectures",
    "attention_dropout",
    "bos_token_id",
    "dtype",
    "eos_token_id",
    "initializer_range",
    "pad_token_id",
    "pretraining_tp",
    "torch_dtype",
    "transformers_version",
    "use_cache",
    "_name_or_path",
  };

  public DecoderConfig {
    requireSize("hidden_size", hiddenSize, MAX_SIZE);
    requireSize("intermediate_size", intermediateSize, MAX_SIZE);
    requireSize("num_hidden_layers", layers, MAX_LAYERS);
    requireSize("num_attention_heads", heads, MAX_SIZE);
    requireSize("num_key_value_heads", kvHeads, MAX_SIZE);
    requireSize("head_dim", headDim, MAX_SIZE);
    requireSize("vocab_size", vocabSize, MAX_SIZE);
    requireSize("max_position_embeddings", maxPositions, MAX_SIZE);
    requireSize("num_attention_heads * head_dim", (long) heads * headDim, MAX_SIZE);
    if (heads % kvHeads != 0) {
      throw new IllegalArgumentException(
          "num_attention_heads %d is not a multiple of num_key_value_heads %d"
              .formatted(heads, kvHeads));
    }
    if (headDim % 2 != 0) {
      throw new IllegalArgumentException(
          "head_dim %d is odd, but pairs of components rotate".formatted(headDim));
    }
    if (!(normEps > 0 && normEps < 1)) {
      throw new IllegalArgumentException(
          "rms_norm_eps %s is not between 0 and 1".formatted(normEps));
    }
  }

  /// Reads a `text_config` of model type `llama`.
  ///
  /// Absent `head_dim` and `num_key_value_heads` mean `hidden_size / num_attention_heads` and
  /// `num_attention_heads`; everything else that decides the computation must be there.
  ///
  /// @param whole the configuration around it: its `tie_word_embeddings` counts too
  public static DecoderConfig read(JsonObject text, JsonObject whole) {
    requireLlama(text);
    text.ignore(WITHOUT_EFFECT);
    int hidden = text.integer("hidden_size", 1, MAX_SIZE);
    int heads = text.integer("num_attention_heads", 1, MAX_SIZE);
    var headDim = text.optionalInteger("head_dim", 1, MAX_SIZE);
    if (headDim.isEmpty() && hidden % heads != 0) {
      throw text.inconsistent(
          "hidden_size %d is not a multiple of num_attention_heads %d, and head_dim is absent"
              .formatted(hidden, heads));
    }
    try {
      return new DecoderConfig(
          hidden,
          text.integer("intermediate_size", 1, MAX_SIZE),
          text.integer("num_hidden_layers", 1, MAX_LAYERS),
          heads,
          text.optionalInteger("num_key_value_heads", 1, MAX_SIZE).orElse(heads),
          headDim.orElse(hidden / heads),
          text.integer("vocab_size", 1, MAX_SIZE),
          text.integer("max_position_embeddings", 1, MAX_SIZE),
          text.number("rms_norm_eps", Double.MIN_NORMAL, 1),
          RopeConfig.read(text),
          tiedHead(text, whole));
    } catch (IllegalArgumentException e) {
      throw text.inconsistent(e.getMessage());
    }
  }

  private static void requireLlama(JsonObject text) {
    if (!text.optionalText("model_type").orElse("llama").equals("llama")) {
      throw text.wrong("model_type", "\"llama\", the decoder of the Perception Language Model");
    }
    if (!text.optionalText("hidden_act").orElse("silu").equals("silu")) {
      throw text.wrong("hidden_act", "\"silu\"; plm4j computes no other activation here");
    }
    for (var key : List.of("attention_bias", "mlp_bias")) {
      if (text.optionalFlag(key).orElse(false)) {
        throw text.wrong(key, "false; this decoder's projections have no biases");
      }
    }
  }

  /// transformers 4.57 obeys the inner key (absent: false), 5.18 the outer one, and the inner one
  /// where the outer is absent. Files that both read alike are the only ones taken.
  private static boolean tiedHead(JsonObject text, JsonObject whole) {
    var inner = text.optionalFlag("tie_word_embeddings");
    var outer = whole.optionalFlag("tie_word_embeddings");
    if (inner.isPresent() && outer.isPresent() && !inner.equals(outer)) {
      throw whole.wrong(
          "tie_word_embeddings",
          "%s, as in text_config; make both true if the checkpoint has no lm_head.weight, else false"
              .formatted(inner.get()));
    }
    return outer.or(() -> inner).orElse(false);
  }

  /// Bytes that the key/value cache grows by with each token.
  public long kvCacheBytesPerToken(DType type) {
    return 2L * layers * kvHeads * headDim * type.bytes();
  }

  /// Bytes that a position takes in the cache with keys and values in 8 bits: a number each, and a
  /// scale of 32 bits a head.
  public long kvCacheBytesPerTokenInInt8() {
    return 2L * layers * kvHeads * (headDim + Float.BYTES);
  }

  private static void requireSize(String key, long size, long max) {
    if (size < 1 || size > max) {
      throw new IllegalArgumentException(
          "%s is %d; wanted an integer from 1 to %d".formatted(key, size, max));
    }
  }
}
