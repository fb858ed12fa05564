package io.plm4j.media.video;

/// Follows the reading of a video; called on the thread that reads. Every method has a default that
/// does nothing.
public interface VideoListener {
  VideoListener NONE = new VideoListener() {};

  /// Part of the work is done.
  ///
  /// @param share from 0 to 1, never less than before
  default void progress(double share) {}

  /// Asked often; true ends the work soon with a [java.util.concurrent.CancellationException].
  default boolean cancelled() {
    return false;
  }
}
