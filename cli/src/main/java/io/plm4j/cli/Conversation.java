package io.plm4j.cli;

import io.plm4j.Request;
import io.plm4j.media.Image;
import io.plm4j.media.video.Video;
import io.plm4j.text.Message;
import java.nio.file.Path;
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

  Request request(Function<Path, Video> read) {
    return Request.of(messages, images, videos.stream().map(read).toList());
  }
}
