package io.plm4j.task;

/// What is shown, as far as a question or an answer depends on it.
public sealed interface Scene {
  /// A picture, or several of which the first one counts.
  ///
  /// @param width in pixels
  /// @param height in pixels
  record Picture(int width, int height) implements Scene {}

  /// Frames of a video.
  ///
  /// @param frames how many the model sees
  /// @param total how many the video has
  record Film(int frames, int total) implements Scene {}
}
