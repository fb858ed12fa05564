package io.plm4j.train.data;

import io.plm4j.error.InputException;
import io.plm4j.text.Content;
import io.plm4j.text.MediaPlacement;
import io.plm4j.text.Message;
import io.plm4j.text.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Puts places for media into messages, where the tags `<image>` and `<video>` stand.
///
/// One picture, or a video, is shown in front of the words of the message that has the tag, or of
/// the first one if none has it. Several pictures are shown where their tags are, or if there are
/// no tags in front of the first message. Meta's code would leave tags without a picture in the
/// text, or strip them; here, where there are not as many tags as pictures, the row is an error,
/// because what it shows is not what it talks about.
///
/// @param messages the last one the assistant's
record MediaTags(List<Message> messages, int pictures, int videos) {
  private static final Pattern TAG = Pattern.compile("<image>|<video>");

  /// With the line break that belongs to it.
  private static final Pattern TAG_AND_BREAK =
      Pattern.compile("<(?:image|video)>\\n|\\n<(?:image|video)>|<(?:image|video)>");

  private static final String IMAGE = "<image>";

  record Placed(List<Message> messages, MediaPlacement placement) {}

  Placed place() {
    if (pictures > 0 && videos > 0) {
      throw new InputException("it shows pictures and a video; a row shows one or the other");
    }
    long slots =
        messages.stream().flatMap(m -> m.content().stream()).filter(MediaTags::isSlot).count();
    if (slots > 0) {
      return new Placed(messages, MediaPlacement.TEMPLATE);
    }
    int tags = messages.stream().mapToInt(MediaTags::tags).sum();
    if (pictures > 1 && tags > 0) {
      requireTags(tags, pictures);
      return new Placed(
          messages.stream().map(MediaTags::inPlace).toList(), MediaPlacement.IN_PLACE);
    }
    if (tags > Math.min(1, pictures + videos)) {
      requireTags(tags, pictures + videos);
    }
    return new Placed(inFront(tags), MediaPlacement.TEMPLATE);
  }

  private static void requireTags(int tags, int media) {
    if (tags != media) {
      throw new InputException(
          "its questions have %d tags <image> or <video>, but %d pictures or videos are shown"
              .formatted(tags, media));
    }
  }

  private static boolean isSlot(Content content) {
    return !(content instanceof Content.Text);
  }

  private static int tags(Message message) {
    return message.role() == Role.USER
        ? (int) message.content().stream().mapToLong(part -> count(text(part))).sum()
        : 0;
  }

  private static long count(String text) {
    return TAG.matcher(text).results().count();
  }

  private static String text(Content content) {
    return content instanceof Content.Text(String text) ? text : "";
  }

  private List<Message> inFront(int tags) {
    var placed = new ArrayList<Message>();
    boolean open = true;
    for (var message : messages) {
      if (open && message.role() == Role.USER && (tags == 0 || tags(message) > 0)) {
        open = false;
        placed.add(shown(message));
      } else {
        placed.add(message);
      }
    }
    return placed;
  }

  private Message shown(Message message) {
    var content = new ArrayList<Content>();
    for (int i = 0; i < pictures; i++) {
      content.add(Content.image());
    }
    for (int i = 0; i < videos; i++) {
      content.add(Content.video());
    }
    for (var part : message.content()) {
      content.add(Content.text(TAG_AND_BREAK.matcher(text(part)).replaceAll("")));
    }
    return new Message(message.role(), content);
  }

  private static Message inPlace(Message message) {
    if (message.role() != Role.USER) {
      return message;
    }
    var content = new ArrayList<Content>();
    for (var part : message.content()) {
      var pieces = text(part).split(IMAGE, -1);
      for (int i = 0; i < pieces.length; i++) {
        if (i > 0) {
          content.add(Content.image());
        }
        if (!pieces[i].isEmpty()) {
          content.add(Content.text(pieces[i]));
        }
      }
    }
    return new Message(message.role(), content);
  }
}
