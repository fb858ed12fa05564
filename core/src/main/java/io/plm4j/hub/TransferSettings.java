package io.plm4j.hub;

import java.time.Duration;

/// How hard and how long a download tries.
///
/// @param connections at the same time
/// @param pieceBytes large files come in pieces of this size, several at a time
/// @param answer how long a connection or the begin of an answer may take
/// @param stall how long an answer may pause in the middle
/// @param retries in a row without any new byte, before a download gives up
/// @param firstPause before the first retry; doubled with each that follows
/// @param longestPause the most that is waited before a retry, also where the server asks for more
public record TransferSettings(
    int connections,
    long pieceBytes,
    Duration answer,
    Duration stall,
    int retries,
    Duration firstPause,
    Duration longestPause) {
  public static final TransferSettings DEFAULT =
      new TransferSettings(
          8,
          32L << 20,
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          5,
          Duration.ofSeconds(1),
          Duration.ofSeconds(60));

  /// @param attempt counts from 1
  Duration pause(int attempt) {
    var pause = firstPause.multipliedBy(1L << Math.min(attempt - 1, 20));
    return pause.compareTo(longestPause) < 0 ? pause : longestPause;
  }

  TransferSettings withRetries(int count) {
    return new TransferSettings(
        connections, pieceBytes, answer, stall, count, firstPause, longestPause);
  }

  TransferSettings withTimeouts(Duration forAnswer, Duration forStall) {
    return new TransferSettings(
        connections, pieceBytes, forAnswer, forStall, retries, firstPause, longestPause);
  }

  /// With at least so much patience for an answer that pauses.
  TransferSettings withLongerStall(Duration least) {
    return withTimeouts(answer, stall.compareTo(least) < 0 ? least : stall);
  }
}
