package io.plm4j.memory;

import io.plm4j.error.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What makes an answer fit into the memory that there is.
public final class MemoryAdvice {
  private static final double GIGA = 1e9;

  private MemoryAdvice() {}

  /// Something that the user could ask for instead.
  ///
  /// @param words as they would be written, such as an option with its value
  public record Change(String words, MemoryDemand demand) {
    long bytes() {
      return MemoryPlan.of(demand).needed();
    }

    @Override
    public String toString() {
      return "%s (%s)".formatted(words, gigabytes(bytes()));
    }
  }

  /// A setting that can be turned down to a smaller demand.
  @FunctionalInterface
  public interface Remedy {
    /// The least change of it by which the demand fits, or the greatest that there is; empty if it
    /// has no effect.
    ///
    /// @param available bytes
    List<Change> changes(MemoryDemand demand, long available);
  }

  /// A number that can be made smaller, by halves, down to a least value.
  ///
  /// @param option as users write it, such as `--max-new-tokens`
  /// @param from what it is now
  /// @param least what still makes sense
  public static Remedy fewer(String option, int from, int least, Resized resized) {
    return (demand, available) -> {
      int low = least;
      int high = from;
      // The greatest value that fits, by halving what is between.
      while (low < high) {
        int middle = (low + high + 1) >>> 1;
        if (MemoryPlan.of(resized.to(demand, middle)).needed() <= available) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
      return from <= least || low >= from
          ? List.of()
          : List.of(new Change(option + " " + low, resized.to(demand, low)));
    };
  }

  /// What becomes of a demand when a number of it is another one.
  @FunctionalInterface
  public interface Resized {
    MemoryDemand to(MemoryDemand demand, int number);
  }

  /// Does nothing where there is enough.
  ///
  /// @param available bytes
  /// @param remedies in the order in which users would try them
  /// @throws InputException that says how much is missing and what would save it
  public static void requireFits(MemoryDemand demand, long available, List<Remedy> remedies) {
    long needed = MemoryPlan.of(demand).needed();
    if (needed <= available) {
      return;
    }
    throw new InputException(
        "This needs about %s of memory%s, %s more than the %s that there are. %s"
            .formatted(
                gigabytes(needed),
                demand.weights().mapped() > 0 ? " beside the mapped weights" : "",
                gigabytes(needed - available),
                gigabytes(available),
                advice(demand, available, remedies)));
  }

  private static String advice(MemoryDemand demand, long available, List<Remedy> remedies) {
    var changes =
        remedies.stream()
            .flatMap(remedy -> remedy.changes(demand, available).stream())
            .filter(change -> change.bytes() < MemoryPlan.of(demand).needed())
            .toList();
    var enough = changes.stream().filter(change -> change.bytes() <= available).toList();
    if (!enough.isEmpty()) {
      return "It would fit with %s."
          .formatted(
              enough.stream().map(Change::toString).collect(Collectors.joining(", or with ")));
    }
    var together = new ArrayList<String>();
    var changed = demand;
    for (var remedy : remedies) {
      for (var change : remedy.changes(changed, available)) {
        if (change.bytes() < MemoryPlan.of(changed).needed()) {
          together.add(change.words());
          changed = change.demand();
        }
      }
      if (!together.isEmpty() && MemoryPlan.of(changed).needed() <= available) {
        return "It would fit with all of %s (%s)."
            .formatted(String.join(", ", together), gigabytes(MemoryPlan.of(changed).needed()));
      }
    }
    return together.isEmpty()
        ? "Nothing in its settings would make it fit; take a smaller model."
        : "Even with all of %s it would need %s; take a smaller model."
            .formatted(String.join(", ", together), gigabytes(MemoryPlan.of(changed).needed()));
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.2f GB", bytes / GIGA);
  }
}
