package io.plm4j.tensor;

import java.util.ArrayList;
import java.util.List;

/// Holds tensors that outlive steps and threads: a model's weights, a conversation's cache. Closing
/// it frees them.
public final class Owner implements AutoCloseable {
  private final List<Tensor> held = new ArrayList<>();
  private boolean closed;

  /// Keeps a tensor alive until this owner is closed, whatever scope it was made in.
  public synchronized Tensor hold(Tensor tensor) {
    if (closed) {
      throw new IllegalStateException("the owner of these tensors is closed");
    }
    tensor.pointer().retainReference();
    held.add(tensor);
    return tensor;
  }

  @Override
  public synchronized void close() {
    closed = true;
    for (Tensor tensor : held) {
      tensor.pointer().releaseReference();
    }
    held.clear();
  }
}
