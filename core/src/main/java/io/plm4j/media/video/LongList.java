package io.plm4j.media.video;

import java.util.Arrays;

/// Whole numbers in a row that grows; of millions, boxes would cost more than the numbers.
final class LongList {
  private long[] values = new long[1024];
  private int size;

  void add(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  int size() {
    return size;
  }

  long first() {
    return values[0];
  }

  long last() {
    return values[size - 1];
  }

  long[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
