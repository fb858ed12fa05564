package io.plm4j.text;

import java.util.List;

/// How many positions each medium of a conversation takes, in the order of the conversation.
///
/// @param images per picture: tiles times tokens of a tile
/// @param videos per video: frames times tokens of a frame
public record MediaTokens(List<Integer> images, List<Integer> videos) {
  /// For a conversation without media.
  public static final MediaTokens NONE = new MediaTokens(List.of(), List.of());

  public MediaTokens {
    images = List.copyOf(images);
    videos = List.copyOf(videos);
    if (images.stream().anyMatch(n -> n < 1) || videos.stream().anyMatch(n -> n < 1)) {
      throw new IllegalArgumentException(
          "a medium takes at least one position: images %s, videos %s".formatted(images, videos));
    }
  }

  List<Integer> of(MediaSpan.Kind kind) {
    return switch (kind) {
      case IMAGE -> images;
      case VIDEO -> videos;
    };
  }
}
