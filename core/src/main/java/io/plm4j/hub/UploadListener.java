package io.plm4j.hub;

/// Told how an upload goes on, always by the thread that asked for it.
public interface UploadListener {
  UploadListener NONE = new UploadListener() {};

  /// What an upload is at.
  enum Activity {
    /// It asks the Hub what it has and how it wants the rest.
    ASKING,
    /// It computes the checksums of large files.
    CHECKING,
    SENDING,
    /// All files are there and become a commit.
    COMMITTING
  }

  /// Called some times a second.
  ///
  /// @param bytesDone of `bytes`, in what it is at
  /// @param bytesPerSecond over the last seconds
  default void progress(Activity activity, long bytesDone, long bytes, double bytesPerSecond) {}

  /// Asked some times a second; once true, the upload ends with a [CancellationException].
  ///
  /// [CancellationException]: java.util.concurrent.CancellationException
  default boolean cancelled() {
    return false;
  }
}
