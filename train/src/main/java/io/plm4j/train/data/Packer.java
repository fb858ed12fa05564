package io.plm4j.train.data;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Puts examples together to batches: each into the first open batch that has room for it.
///
/// A few batches are open at a time, so that a long example does not close one that short ones can
/// still fill; the oldest is given away when another must be opened.
final class Packer {
  /// Each open batch holds the pixels of its pictures.
  private static final int MOST_OPEN = 4;

  /// An example and where it comes from.
  record Entry(int lane, long position, Example example) {}

  private final Batching batching;
  private final Deque<List<Entry>> open = new ArrayDeque<>();

  Packer(Batching batching) {
    this.batching = batching;
  }

  /// Whether a batch has room for an example when it is empty.
  boolean takes(Example example) {
    return size(example) <= room();
  }

  /// Adds an example; gives a batch if one is complete.
  Optional<List<Entry>> add(Entry entry) {
    var batch =
        open.stream()
            .filter(b -> size(b) + size(entry.example()) <= room())
            .findFirst()
            .orElseGet(() -> {
              var fresh = new ArrayList<Entry>();
              open.add(fresh);
              return fresh;
            });
    batch.add(entry);
    if (size(batch) == room()) {
      open.removeIf(b -> b == batch);
      return Optional.of(batch);
    }
    return open.size() > MOST_OPEN ? Optional.of(open.remove()) : Optional.empty();
  }

  /// The oldest open batch as it is.
  Optional<List<Entry>> flush() {
    return Optional.ofNullable(open.poll());
  }

  /// Batches that are not complete, the oldest first.
  List<List<Entry>> open() {
    return List.copyOf(open);
  }

  /// Goes back to batches that were open before.
  void reopen(List<List<Entry>> batches) {
    open.clear();
    batches.forEach(batch -> open.add(new ArrayList<>(batch)));
  }

  private int room() {
    return switch (batching) {
      case Batching.Examples(int count) -> count;
      case Batching.Positions(int budget) -> budget;
    };
  }

  private int size(List<Entry> batch) {
    return batch.stream().mapToInt(entry -> size(entry.example())).sum();
  }

  private int size(Example example) {
    return switch (batching) {
      case Batching.Examples _ -> 1;
      case Batching.Positions _ -> example.length();
    };
  }
}
