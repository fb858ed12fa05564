package io.plm4j.generate;

/// Follows an answer while it is made; called on the thread that makes it. Every method has a
/// default that does nothing.
public interface Listener {
  Listener NONE = new Listener() {};

  /// What the work is at.
  enum Phase {
    /// Pictures become tiles.
    PREPROCESS,
    /// Tiles become features.
    VISION,
    /// The prompt runs through the decoder.
    PREFILL,
    /// Tokens are made one by one; begins when the first one is known.
    DECODE,
    /// The answer is complete.
    DONE
  }

  default void phase(Phase begins) {}

  /// Part of a phase is done: tiles of [Phase#VISION], prompt tokens of [Phase#PREFILL].
  default void progress(Phase phase, int done, int total) {}

  /// A piece of the answer's text, complete characters only.
  default void text(String piece) {}

  /// Asked often; true ends the work soon, with what there is.
  default boolean cancelled() {
    return false;
  }
}
