package io.plm4j.text;

import java.util.Arrays;

/// A growing row of ids without boxing.
final class IntList {
  private int[] items = new int[64];
  private int size;

  void add(int item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, size * 2);
    }
    items[size++] = item;
  }

  void addAll(int[] more) {
    for (int item : more) {
      add(item);
    }
  }

  void addRepeated(int item, int count) {
    if (items.length - size < count) {
      items = Arrays.copyOf(items, Math.max(size * 2, Math.addExact(size, count)));
    }
    Arrays.fill(items, size, size + count, item);
    size += count;
  }

  int get(int index) {
    return items[java.util.Objects.checkIndex(index, size)];
  }

  int size() {
    return size;
  }

  int[] toArray() {
    return Arrays.copyOf(items, size);
  }
}
