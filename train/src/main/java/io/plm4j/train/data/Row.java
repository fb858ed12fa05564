package io.plm4j.train.data;

import io.plm4j.region.BoxTrack;
import io.plm4j.text.MediaPlacement;
import io.plm4j.text.Message;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A row as it is meant: a conversation and what is shown in it.
///
/// @param messages with a place for every picture and video; the last one is the assistant's
/// @param pictures in the order of their places
/// @param videos in the order of their places
/// @param seen what lies at each position of the one picture, of which the first token is learnt
///   there; null where nothing is. Absent for most
/// @param asking what a question sees of the others
record Row(
    List<Message> messages,
    List<Picture> pictures,
    List<Footage> videos,
    MediaPlacement placement,
    Optional<List<@Nullable String>> seen,
    Asking asking) {
  sealed interface Picture {
    record Stored(Path file) implements Picture {}

    /// @param bytes of a picture file
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Embedded(byte[] bytes) implements Picture {}
  }

  /// @param start in seconds
  /// @param end in seconds; infinite for the video's end
  /// @param marked where something is, which is drawn onto the frames
  record Footage(Path file, double start, double end, Optional<BoxTrack> marked) {}

  Row {
    messages = List.copyOf(messages);
    pictures = List.copyOf(pictures);
    videos = List.copyOf(videos);
  }
}
