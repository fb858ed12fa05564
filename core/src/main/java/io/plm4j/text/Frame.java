package io.plm4j.text;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The ids that a tokenizer file asks to be put around a single text, in Llama's case
/// `<|begin_of_text|>` in front.
record Frame(int[] before, int[] after) {
  static final Frame NONE = new Frame(new int[0], new int[0]);

  boolean isEmpty() {
    return before.length == 0 && after.length == 0;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Frame(int[] b, int[] a)
        && Arrays.equals(before, b)
        && Arrays.equals(after, a);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(before) + Arrays.hashCode(after);
  }
}
