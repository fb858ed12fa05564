package io.plm4j.media.video;

import java.util.concurrent.CancellationException;

/// The reading of one file: who listens, what it may cost, how far it is.
final class Reading {
  private final String name;
  private final VideoListener listener;
  private final KeptFrames kept;
  private final long bytes;
  private double from;
  private double to;
  private double told;

  /// @param bytes of the file
  Reading(String name, VideoListener listener, KeptFrames kept, long bytes) {
    this.name = name;
    this.listener = listener;
    this.kept = kept;
    this.bytes = bytes;
  }

  /// Begins a part of the work.
  ///
  /// @param share of the whole work, 0 to 1, that is done when this part is
  void begin(double share) {
    from = told;
    to = share;
  }

  /// Called for every packet.
  ///
  /// @param position in the file; negative if unknown
  void progress(long position) {
    if (listener.cancelled()) {
      throw new CancellationException(name + " was not read to its end");
    }
    tell(position < 0 ? 0 : Math.min(1, (double) position / bytes));
  }

  /// @param share of this part of the work
  void tell(double share) {
    double now = from + (to - from) * share;
    if (now > told) {
      told = now;
      listener.progress(now);
    }
  }

  void count(long frames) {
    kept.checkCount(frames);
  }
}
