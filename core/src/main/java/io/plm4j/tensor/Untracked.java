package io.plm4j.tensor;

import org.bytedeco.pytorch.GradMode;

/// While one is open, nothing that this thread computes is remembered for gradients. They nest, and
/// are closed in reverse order by the thread that opened them.
public final class Untracked implements AutoCloseable {
  static {
    Libtorch.configure();
  }

  private final boolean before = GradMode.is_enabled();

  private Untracked() {
    GradMode.set_enabled(false);
  }

  public static Untracked open() {
    return new Untracked();
  }

  @Override
  public void close() {
    GradMode.set_enabled(before);
  }
}
