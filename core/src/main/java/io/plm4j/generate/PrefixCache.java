package io.plm4j.generate;

import io.plm4j.language.KvCache;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Keys and values that one conversation has and another one may begin with.
///
/// An open conversation lends what it holds; one that is closed leaves it here, without a copy.
/// What was left is bounded in bytes, and what was not asked for the longest is dropped first. A
/// conversation may be closed by another thread than the one that answers.
final class PrefixCache implements AutoCloseable {
  private final long maxBytes;
  private final Map<KvCache, Past> lent = new IdentityHashMap<>();

  // A KvCache is equal to none but itself.
  private final SequencedMap<KvCache, Past> left = new LinkedHashMap<>();
  private long bytes;
  private boolean closed;

  /// @param maxBytes of what closed conversations leave; 0: nothing is shared
  PrefixCache(long maxBytes) {
    if (maxBytes < 0) {
      throw new IllegalArgumentException("a cache cannot hold %d bytes".formatted(maxBytes));
    }
    this.maxBytes = maxBytes;
  }

  /// Appends to a cache what others hold beyond it of a prompt.
  ///
  /// @param most positions that are wanted
  synchronized void extend(KvCache positions, Past prompt, int most) {
    var best = best(prompt);
    int shared = Math.min(best.map(past -> past.getValue().shared(prompt)).orElse(0), most);
    if (best.isEmpty() || shared <= positions.length()) {
      return;
    }
    var source = best.get().getKey();
    positions.appendFrom(source, shared);
    var past = left.remove(source);
    if (past != null) {
      left.putLast(source, past);
    }
  }

  private Optional<Map.Entry<KvCache, Past>> best(Past prompt) {
    Optional<Map.Entry<KvCache, Past>> best = Optional.empty();
    int most = 0;
    for (var entries : List.of(lent.entrySet(), left.entrySet())) {
      for (var entry : entries) {
        int shared = entry.getValue().shared(prompt);
        if (shared > most) {
          most = shared;
          best = Optional.of(Map.entry(entry.getKey(), entry.getValue()));
        }
      }
    }
    return best;
  }

  /// Lets others begin with what an open conversation holds, until [#withdraw] or [#leave].
  synchronized void lend(KvCache positions, Past past) {
    if (maxBytes > 0 && !closed) {
      lent.put(positions, past);
    }
  }

  /// Says that what was lent is about to change.
  synchronized void withdraw(KvCache positions) {
    lent.remove(positions);
  }

  /// Takes over the cache of a conversation that is closed, or frees it.
  synchronized void leave(KvCache positions) {
    var past = lent.remove(positions);
    if (past == null || closed || positions.bytes() > maxBytes || isHeld(past)) {
      positions.close();
      return;
    }
    left.entrySet()
        .removeIf(entry -> {
          boolean within = past.shared(entry.getValue()) == entry.getValue().length();
          if (within) {
            drop(entry.getKey());
          }
          return within;
        });
    while (bytes + positions.bytes() > maxBytes) {
      drop(left.pollFirstEntry().getKey());
    }
    left.putLast(positions, past);
    bytes += positions.bytes();
  }

  private boolean isHeld(Past past) {
    return left.values().stream().anyMatch(other -> other.shared(past) == past.length());
  }

  private void drop(KvCache positions) {
    bytes -= positions.bytes();
    positions.close();
  }

  /// Size of what closed conversations left.
  synchronized long bytes() {
    return bytes;
  }

  @Override
  public synchronized void close() {
    closed = true;
    lent.clear();
    left.keySet().forEach(KvCache::close);
    left.clear();
    bytes = 0;
  }
}
