package io.plm4j.text;

/// The ids of a prompt that stand for one picture or video.
///
/// @param index which picture, or which video, from 0 in the order of the conversation
/// @param start the first of its positions among the ids
/// @param length how many positions it has
public record MediaSpan(Kind kind, int index, int start, int length) {
  public enum Kind {
    IMAGE,
    VIDEO;

    /// The name under which tokenizer_config.json has the placeholder.
    String tokenName() {
      return this == IMAGE ? "image_token" : "video_token";
    }

    String plural() {
      return this == IMAGE ? "pictures" : "videos";
    }
  }
}
