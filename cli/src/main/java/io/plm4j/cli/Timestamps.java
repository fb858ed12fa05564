package io.plm4j.cli;

import io.plm4j.Request;
import io.plm4j.error.InputException;
import io.plm4j.media.video.TimedText;
import io.plm4j.media.video.Timeline;
import io.plm4j.text.Content;
import io.plm4j.text.Message;
import java.util.ArrayList;

/// `--timestamps`: times in the question become frame numbers, which the model knows, and frame
/// numbers in the answer get their times.
record Timestamps(Timeline timeline) {
  /// @throws InputException if there is not exactly one video whose frames could be meant
  static Timestamps of(Request request) {
    int videos = request.videos().size();
    if (videos != 1) {
      throw new InputException(
          "--timestamps needs exactly one --video, found %d: frame numbers would be those of any."
              .formatted(videos));
    }
    return new Timestamps(request.videos().getFirst().timeline());
  }

  /// The request with frame numbers in the place of times in its last message.
  Request numberFrames(Request request) {
    var messages = new ArrayList<>(request.conversation());
    var last = messages.removeLast();
    var content =
        last.content().stream()
            .map(part ->
                switch (part) {
                  case Content.Text(String text) ->
                      Content.text(timeline.numberFrames(text).text());
                  case Content.ImageSlot slot -> slot;
                  case Content.VideoSlot slot -> slot;
                })
            .toList();
    messages.add(new Message(last.role(), content));
    return Request.of(messages, request.images(), request.videos());
  }

  TimedText annotate(String answer) {
    return timeline.annotate(answer);
  }
}
