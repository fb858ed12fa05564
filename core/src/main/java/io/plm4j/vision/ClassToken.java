package io.plm4j.vision;

/// Whether the tower puts a learned token before the patches. It is dropped from the output.
public enum ClassToken {
  PRESENT(1),
  ABSENT(0);

  private final int count;

  ClassToken(int count) {
    this.count = count;
  }

  /// How many tokens that are: 1 or 0.
  public int count() {
    return count;
  }
}
