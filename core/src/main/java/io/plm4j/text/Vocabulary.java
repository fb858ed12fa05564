package io.plm4j.text;

import java.util.Arrays;

/// The byte strings of a vocabulary, found by id and by content.
///
/// 128 thousand small `byte[]` and boxed ids would cost most of the start-up time; all bytes lie in
/// one array instead, and content is found through open addressing over that array.
final class Vocabulary {
  private static final int NONE = -1;

  private byte[] bytes = new byte[1 << 16];
  private int used;

  /// Start and end of each id's bytes; a hole in the numbering has start == NONE.
  private int[] starts = new int[1 << 10];

  private int[] ends = new int[1 << 10];
  private int size;

  private int[] slots = new int[1 << 11];
  private int entries;

  Vocabulary() {
    Arrays.fill(starts, NONE);
    Arrays.fill(slots, NONE);
  }

  /// Whether the token could be added: false if the id or the content is taken.
  boolean add(int id, byte[] source, int from, int to) {
    if (contains(id) || find(source, from, to) != NONE) {
      return false;
    }
    if (id >= starts.length) {
      int old = starts.length;
      int length = Math.max(id + 1, old * 2);
      starts = Arrays.copyOf(starts, length);
      ends = Arrays.copyOf(ends, length);
      Arrays.fill(starts, old, length, NONE);
    }
    int length = to - from;
    if (bytes.length - used < length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, used + length));
    }
    System.arraycopy(source, from, bytes, used, length);
    starts[id] = used;
    used += length;
    ends[id] = used;
    size = Math.max(size, id + 1);
    if (++entries * 2 > slots.length) {
      grow();
    }
    insert(id);
    return true;
  }

  /// The id with exactly these bytes, or -1.
  int find(byte[] source, int from, int to) {
    int mask = slots.length - 1;
    for (int slot = hash(source, from, to) & mask; ; slot = (slot + 1) & mask) {
      int id = slots[slot];
      if (id == NONE || Arrays.equals(bytes, starts[id], ends[id], source, from, to)) {
        return id;
      }
    }
  }

  /// Whether the id has exactly these bytes; quicker than to find them.
  boolean matches(int id, byte[] source, int from, int to) {
    return contains(id) && Arrays.equals(bytes, starts[id], ends[id], source, from, to);
  }

  boolean contains(int id) {
    return id >= 0 && id < size && starts[id] != NONE;
  }

  /// The number of tokens.
  int count() {
    return entries;
  }

  /// One more than the highest id.
  int size() {
    return size;
  }

  byte[] bytes(int id) {
    return Arrays.copyOfRange(bytes, starts[id], ends[id]);
  }

  boolean sameAs(Vocabulary other) {
    if (size != other.size) {
      return false;
    }
    for (int id = 0; id < size; id++) {
      boolean same =
          contains(id)
              ? other.contains(id) && Arrays.equals(bytes(id), other.bytes(id))
              : !other.contains(id);
      if (!same) {
        return false;
      }
    }
    return true;
  }

  private void grow() {
    slots = new int[slots.length * 2];
    Arrays.fill(slots, NONE);
    for (int id = 0; id < size; id++) {
      if (starts[id] != NONE) {
        insert(id);
      }
    }
  }

  private void insert(int id) {
    int mask = slots.length - 1;
    int slot = hash(bytes, starts[id], ends[id]) & mask;
    while (slots[slot] != NONE) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = id;
  }

  /// FNV-1a, with the high bits folded down because a slot is taken from the low ones.
  private static int hash(byte[] source, int from, int to) {
    int h = 0x811C9DC5;
    for (int i = from; i < to; i++) {
      h = (h ^ source[i]) * 0x01000193;
    }
    h ^= h >>> 15;
    h *= 0x2C1B3C6D;
    return h ^ (h >>> 13);
  }
}
