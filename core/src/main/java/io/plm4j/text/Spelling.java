package io.plm4j.text;

import io.plm4j.text.MediaSpan.Kind;
import io.plm4j.text.jinja.TracedText;
import java.util.List;

/// How the parts of messages are spelled for a chat template.
///
/// @param policy whether the words of messages are trusted to hold special tokens
/// @param placeholders the token that stands for a picture or a video, where there is one
record Spelling(SpecialTokens policy, MediaPlacement placement, Placeholders placeholders) {
  /// Finds the spelling of a placeholder, and fails if there is none.
  interface Placeholders {
    String of(Kind kind);
  }

  TracedText words(String text) {
    return switch (policy) {
      case AS_TEXT -> TracedText.typed(text);
      case PARSE -> TracedText.trusted(text);
    };
  }

  /// Words with placeholders between them, as one text.
  TracedText inPlace(List<Content> content) {
    return TracedText.join(
        content.stream()
            .map(part ->
                switch (part) {
                  case Content.Text(String text) -> words(text);
                  case Content.ImageSlot() -> TracedText.trusted(placeholders.of(Kind.IMAGE));
                  case Content.VideoSlot() -> TracedText.trusted(placeholders.of(Kind.VIDEO));
                })
            .toList());
  }
}
