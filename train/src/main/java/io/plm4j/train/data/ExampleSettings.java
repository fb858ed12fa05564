package io.plm4j.train.data;

import io.plm4j.error.InputException;
import io.plm4j.media.video.FrameSelection;
import io.plm4j.text.SpecialTokens;

/// How rows become examples.
///
/// @param maxLength the most positions, those of pictures and videos included
/// @param frames which frames of a video are shown; a row's own stretch replaces the one here
/// @param specialTokens whether spellings such as `<|eot_id|>` in a row are text or tokens
public record ExampleSettings(
    Format format,
    Labels labels,
    int maxLength,
    Overflow overflow,
    FrameSelection frames,
    SpecialTokens specialTokens) {
  /// Conversations by the chat template, of which the answers are learnt, of at most 6144
  /// positions, as Meta's last stage has them.
  public static final ExampleSettings DEFAULT =
      new ExampleSettings(
          Format.CHAT,
          Labels.ASSISTANT,
          6144,
          Overflow.DROP_TURNS,
          FrameSelection.DEFAULT,
          SpecialTokens.AS_TEXT);

  public ExampleSettings {
    if (maxLength < 2) {
      throw new InputException(
          "an example must be allowed 2 positions or more, but may have %d".formatted(maxLength));
    }
  }

  public ExampleSettings withFormat(Format other) {
    return new ExampleSettings(other, labels, maxLength, overflow, frames, specialTokens);
  }

  public ExampleSettings withLabels(Labels other) {
    return new ExampleSettings(format, other, maxLength, overflow, frames, specialTokens);
  }

  public ExampleSettings withMaxLength(int positions) {
    return new ExampleSettings(format, labels, positions, overflow, frames, specialTokens);
  }

  public ExampleSettings withOverflow(Overflow other) {
    return new ExampleSettings(format, labels, maxLength, other, frames, specialTokens);
  }

  public ExampleSettings withFrames(FrameSelection other) {
    return new ExampleSettings(format, labels, maxLength, overflow, other, specialTokens);
  }

  public ExampleSettings withSpecialTokens(SpecialTokens other) {
    return new ExampleSettings(format, labels, maxLength, overflow, frames, other);
  }
}
