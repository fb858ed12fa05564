package io.plm4j.cli;

import io.plm4j.Request;
import io.plm4j.error.InputException;
import io.plm4j.media.Image;
import io.plm4j.media.ImageSettings;
import io.plm4j.media.video.Video;
import io.plm4j.text.Content;
import io.plm4j.text.Message;
import io.plm4j.text.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// What was said so far, and what was shown, in the order of the places.
///
/// @param videos files; how they are read depends on the model
record Conversation(List<Message> messages, List<Image> images, List<Path> videos) {
  Conversation {
    messages = List.copyOf(messages);
    images = List.copyOf(images);
    videos = List.copyOf(videos);
  }

  /// One question, its pictures and videos before its words.
  static Conversation question(String words, List<Image> images, List<Path> videos) {
    var content = new ArrayList<Content>();
    images.forEach(_ -> content.add(Content.image()));
    videos.forEach(_ -> content.add(Content.video()));
    content.add(Content.text(words));
    return new Conversation(List.of(new Message(Role.USER, content)), images, videos);
  }

  /// Puts a system message in front.
  ///
  /// @throws InputException if there is one already
  Conversation withSystem(String text) {
    if (messages.stream().anyMatch(m -> m.role() == Role.SYSTEM)) {
      throw new InputException(
          "The conversation has a system message of its own; leave the other one out.");
    }
    var all = new ArrayList<Message>();
    all.add(Message.system(text));
    all.addAll(messages);
    return new Conversation(all, images, videos);
  }

  /// How many tiles each picture becomes.
  List<Integer> tiles(ImageSettings settings) {
    return images.stream().map(image -> settings.tileCount(image.width(), image.height())).toList();
  }

  Request request(Function<Path, Video> read) {
    return Request.of(messages, images, videos.stream().map(read).toList());
  }
}
