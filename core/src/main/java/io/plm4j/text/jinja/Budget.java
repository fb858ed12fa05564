package io.plm4j.text.jinja;

/// How much work a rendering may still do. A template comes from a file that somebody published; a
/// loop in it must not be able to stop a server or fill its memory.
final class Budget {
  /// The deepest nesting of what is being evaluated; far below what a thread's stack holds.
  private static final int DEEPEST = 250;

  private long left;
  private int depth;

  /// @param units one for each step, character and list item
  Budget(long units) {
    left = units;
  }

  void spend(long units) {
    left -= units;
    if (left < 0) {
      throw new Failure("the template does more work than a chat template may");
    }
  }

  void enter() {
    spend(1);
    if (++depth > DEEPEST) {
      throw new Failure("the template nests or calls itself too deeply");
    }
  }

  void leave() {
    depth--;
  }
}
