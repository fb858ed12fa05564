package io.plm4j.cli;

import io.plm4j.media.Image;
import io.plm4j.text.Message;
import java.util.List;

/// What was said so far, and the pictures that were shown, in the order of their places.
record Conversation(List<Message> messages, List<Image> images) {
  Conversation {
    messages = List.copyOf(messages);
    images = List.copyOf(images);
  }
}
