package io.plm4j.hub;

import java.util.OptionalLong;

/// Where a download stands.
///
/// @param bytesDone of `bytes`, those of earlier attempts included
/// @param bytesPerSecond over the last seconds
public record DownloadProgress(
    Activity activity,
    int filesDone,
    int files,
    long bytesDone,
    long bytes,
    double bytesPerSecond) {
  /// What the busiest of the connections is at.
  public enum Activity {
    RECEIVING,
    /// All files have come, and their checksums are computed.
    CHECKING,
    /// Another process is downloading the same files.
    WAITING_FOR_PROCESS,
    /// The server failed or asked to wait.
    PAUSING
  }

  /// Empty while there is no speed to tell it from.
  public OptionalLong secondsLeft() {
    return bytesPerSecond < 1
        ? OptionalLong.empty()
        : OptionalLong.of((long) Math.ceil((bytes - bytesDone) / bytesPerSecond));
  }
}
