package io.plm4j.text;

import java.util.Arrays;

/// Byte-pair encoding of one piece: start from single bytes and, again and again, merge the pair of
/// neighbours whose merge has the lowest rank, the leftmost first.
///
/// The candidates wait in a heap and the tokens form a linked list, so a piece of n bytes costs O(n
/// log n): a hundred thousand letters without a space are no way to stop a server.
final class BytePairEncoder {
  /// Whether a piece that is a token as a whole is looked up before any merging (`ignore_merges` in
  /// tokenizer.json; tiktoken always does).
  enum WholePieces {
    LOOK_UP,
    MERGE
  }

  private final Vocabulary vocabulary;
  private final MergeTable merges;
  private final WholePieces wholePieces;
  private final int[] idOfByte = new int[256];

  /// @param vocabulary must hold each of the 256 single bytes
  BytePairEncoder(Vocabulary vocabulary, MergeTable merges, WholePieces wholePieces) {
    this.vocabulary = vocabulary;
    this.merges = merges;
    this.wholePieces = wholePieces;
    for (int b = 0; b < 256; b++) {
      idOfByte[b] = vocabulary.find(new byte[] {(byte) b}, 0, 1);
      if (idOfByte[b] < 0) {
        throw new IllegalArgumentException("the vocabulary lacks the single byte " + b);
      }
    }
  }

  MergeTable merges() {
    return merges;
  }

  WholePieces wholePieces() {
    return wholePieces;
  }

  /// Appends the ids of `bytes[from, to)` to `ids`.
  void encode(byte[] bytes, int from, int to, IntList ids) {
    if (wholePieces == WholePieces.LOOK_UP) {
      int whole = vocabulary.find(bytes, from, to);
      if (whole >= 0) {
        ids.add(whole);
        return;
      }
    }
    new Piece(bytes, from, to).merge(ids);
  }

  /// The tokens of a piece while they are being merged. A token lives at the index of its first
  /// byte.
  private final class Piece {
    private final int[] id;
    private final int[] next;
    private final int[] previous;

    /// A binary min-heap of (rank, index of the left token). Entries are not removed when their
    /// tokens change; they are recognised as stale when they come up.
    private long[] heap;

    private int heapSize;

    Piece(byte[] bytes, int from, int to) {
      int n = to - from;
      id = new int[n];
      next = new int[n];
      previous = new int[n];
      heap = new long[n];
      for (int i = 0; i < n; i++) {
        id[i] = idOfByte[bytes[from + i] & 0xFF];
        next[i] = i + 1;
        previous[i] = i - 1;
      }
      for (int i = 0; i + 1 < n; i++) {
        offer(i);
      }
    }

    void merge(IntList out) {
      while (heapSize > 0) {
        long candidate = poll();
        int rank = (int) (candidate >>> 32);
        int left = (int) candidate;
        if (id[left] < 0 || next[left] == id.length) {
          continue;
        }
        int right = next[left];
        if (merges.rank(id[left], id[right]) != rank) {
          continue;
        }
        id[left] = merges.merged(rank);
        id[right] = -1;
        next[left] = next[right];
        if (next[left] < id.length) {
          previous[next[left]] = left;
          offer(left);
        }
        if (previous[left] >= 0) {
          offer(previous[left]);
        }
      }
      for (int i = 0; i < id.length; i = next[i]) {
        out.add(id[i]);
      }
    }

    private void offer(int left) {
      int rank = merges.rank(id[left], id[next[left]]);
      if (rank < 0) {
        return;
      }
      if (heapSize == heap.length) {
        heap = Arrays.copyOf(heap, heapSize * 2);
      }
      long item = ((long) rank << 32) | left;
      int at = heapSize++;
      while (at > 0 && heap[(at - 1) >>> 1] > item) {
        heap[at] = heap[(at - 1) >>> 1];
        at = (at - 1) >>> 1;
      }
      heap[at] = item;
    }

    private long poll() {
      long top = heap[0];
      long item = heap[--heapSize];
      int at = 0;
      for (int child = 1; child < heapSize; child = 2 * at + 1) {
        if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
          child++;
        }
        if (heap[child] >= item) {
          break;
        }
        heap[at] = heap[child];
        at = child;
      }
      heap[at] = item;
      return top;
    }
  }
}
