package io.plm4j.text;

/// What becomes of a special token's spelling, such as `<|eot_id|>`, in text that a person typed.
public enum SpecialTokens {
  /// It stays what it is, characters: a question about `<|eot_id|>` cannot end the turn.
  AS_TEXT,

  /// It becomes the token, as in Hugging Face's tokenizers. Only for text whose author is trusted.
  PARSE
}
