package io.plm4j.hub;

import java.nio.file.Path;

/// Told how a download goes on, always by the thread that asked for it.
public interface DownloadListener {
  DownloadListener NONE = new DownloadListener() {};

  /// Files are missing and will now be fetched; not called where none is.
  ///
  /// @param bytes that are still to come
  /// @param folder where they will lie
  default void begins(ModelRef model, long bytes, Path folder) {}

  /// Called some times a second.
  default void progress(DownloadProgress progress) {}

  /// Something to know that stops nothing.
  default void warning(String message) {}

  /// Asked some times a second; once true, the download ends with a [CancellationException]. What
  /// has come is kept, and the next download goes on from there.
  ///
  /// [CancellationException]: java.util.concurrent.CancellationException
  default boolean cancelled() {
    return false;
  }
}
