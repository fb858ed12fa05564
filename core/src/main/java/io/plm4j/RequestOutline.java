package io.plm4j;

import io.plm4j.text.Content;
import io.plm4j.text.Message;
import io.plm4j.text.SpecialTokens;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A request as far as its size goes: what there is to see is counted, not there.
///
/// @param imageTiles of each picture, in the order of their places in the conversation
/// @param videoFrames of each video
/// @param newTokens that the answer may have
public record RequestOutline(
    List<Message> conversation,
    List<Integer> imageTiles,
    List<Integer> videoFrames,
    SpecialTokens specialTokens,
    int newTokens) {
  /// Tokens that a chat template adds, at most.
  private static final int TEMPLATE = 512;

  public RequestOutline {
    conversation = List.copyOf(conversation);
    imageTiles = List.copyOf(imageTiles);
    videoFrames = List.copyOf(videoFrames);
  }

  /// Tiles and frames.
  int tiles() {
    return imageTiles.stream().mapToInt(Integer::intValue).sum()
        + videoFrames.stream().mapToInt(Integer::intValue).sum();
  }

  /// A number of tokens that the words cannot exceed: each has a byte at least.
  int textTokensAtMost() {
    return TEMPLATE
        + conversation.stream()
            .flatMap(message -> message.content().stream())
            .mapToInt(RequestOutline::bytes)
            .sum();
  }

  private static int bytes(Content content) {
    return switch (content) {
      case Content.Text(String text) -> text.getBytes(StandardCharsets.UTF_8).length;
      case Content.ImageSlot() -> 0;
      case Content.VideoSlot() -> 0;
    };
  }
}
