package io.plm4j.text;

/// A part of a message. Pictures and videos live elsewhere; here are only the places where they are
/// shown, in the order in which they are given.
public sealed interface Content {
  /// Words.
  record Text(String text) implements Content {}

  /// The place of the next picture.
  record ImageSlot() implements Content {}

  /// The place of the next video.
  record VideoSlot() implements Content {}

  static Content text(String text) {
    return new Text(text);
  }

  static Content image() {
    return new ImageSlot();
  }

  static Content video() {
    return new VideoSlot();
  }
}
