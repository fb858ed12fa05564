package io.plm4j.media.codec;

/// Asked with the size that a file's header states, before memory for its pixels is taken. Throws
/// to refuse.
@FunctionalInterface
public interface SizeCheck {
  void check(long width, long height);
}
