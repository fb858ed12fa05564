package io.plm4j.checkpoint;

import java.lang.foreign.MemorySegment;

/// Brings the elements of a transposed or cut-out tensor into row-major order.
///
/// @param size of an element in bytes
record StridedCopy(Pickled.Window window, long size, MemorySegment from, MemorySegment to) {
  void run() {
    var shape = window.shape();
    int rank = shape.rank();
    var index = new long[rank];
    long source = window.offset();
    for (long element = 0; element < shape.elements(); element++) {
      MemorySegment.copy(from, source * size, to, element * size, size);
      // Like a mileage counter: the last dimension turns first.
      for (int i = rank - 1; i >= 0; i--) {
        source += window.strides().get(i);
        if (++index[i] < shape.sizes().get(i)) {
          break;
        }
        source -= window.strides().get(i) * index[i];
        index[i] = 0;
      }
    }
  }
}
