package io.plm4j.train.memory;

import io.plm4j.error.InputException;
import io.plm4j.train.config.Method;
import io.plm4j.train.config.Optimizer;
import io.plm4j.train.learn.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What makes a run fit into the memory that there is.
public final class MemoryAdvice {
  private static final double GIGA = 1e9;

  /// Shorter examples than these hold no picture and its words.
  private static final long SHORTEST = 512;

  private MemoryAdvice() {}

  /// A change of settings, and the run with it.
  private record Change(String settings, MemoryDemand demand) {
    long bytes() {
      return MemoryPlan.of(demand).total();
    }

    @Override
    public String toString() {
      return "%s (%s)".formatted(settings, gigabytes(bytes()));
    }
  }

  /// Does nothing where there is enough.
  ///
  /// @param available bytes
  /// @throws InputException that says how much is missing and what would save it
  public static void requireFits(MemoryDemand demand, long available) {
    long needed = MemoryPlan.of(demand).total();
    if (needed > available) {
      throw new InputException(
          "This run needs about %s of memory, %s more than the %s that there are. %s"
              .formatted(
                  gigabytes(needed),
                  gigabytes(needed - available),
                  gigabytes(available),
                  advice(demand, available)));
    }
  }

  private static String advice(MemoryDemand demand, long available) {
    var enough = changes(demand).stream().filter(change -> change.bytes() <= available).toList();
    if (!enough.isEmpty()) {
      return "It would fit with %s."
          .formatted(
              enough.stream().map(Change::toString).collect(Collectors.joining(", or with ")));
    }
    var together = new ArrayList<String>();
    var changed = demand;
    while (true) {
      var next = changes(changed);
      if (next.isEmpty()) {
        return together.isEmpty()
            ? "Nothing in its settings would make it fit; take a smaller model."
            : "Even with all of %s it would need %s; take a smaller model."
                .formatted(String.join(", ", together), gigabytes(MemoryPlan.of(changed).total()));
      }
      var first = next.getFirst();
      together.add(first.settings());
      changed = first.demand();
      if (first.bytes() <= available) {
        return "It would fit with all of %s (%s)."
            .formatted(String.join(", ", together), gigabytes(first.bytes()));
      }
    }
  }

  /// Those that could still be made and save something, the ones that change least of what is
  /// learnt first.
  private static List<Change> changes(MemoryDemand demand) {
    var changes = new ArrayList<Change>();
    if (demand.memory() == Memory.REMEMBER) {
      changes.add(new Change("gradient_checkpointing: true", demand.with(Memory.RECOMPUTE)));
    }
    var load = demand.load();
    if (load.examples() > 1) {
      int accumulation = demand.accumulation() * load.examples();
      changes.add(
          new Change(
              "per_device_train_batch_size: 1 and gradient_accumulation_steps: " + accumulation,
              demand.with(load.one(), accumulation)));
    }
    if (demand.optimizer() == Optimizer.Kind.ADAMW) {
      changes.add(new Change("optim: adamw_8bit", demand.with(Optimizer.Kind.ADAMW_8BIT)));
    }
    long length = load.positions() / load.examples() / 2;
    if (length >= SHORTEST) {
      changes.add(
          new Change(
              "data.max_length: " + length,
              demand.with(
                  new Workload(load.examples(), length * load.examples(), (load.tiles() + 1) / 2),
                  demand.accumulation())));
    }
    switch (demand.method()) {
      case Method.Full _ -> {
        changes.add(new Change("adapter: lora", demand.with(Method.Adapter.CARD)));
        changes.add(new Change("adapter: qlora", demand.with(quantized(Method.Adapter.CARD))));
      }
      case Method.Adapter adapter -> {
        if (adapter.kind() != Method.Kind.QLORA) {
          changes.add(new Change("adapter.mode: qlora", demand.with(quantized(adapter))));
        }
      }
    }
    long now = MemoryPlan.of(demand).total();
    return changes.stream().filter(change -> change.bytes() < now).toList();
  }

  private static Method.Adapter quantized(Method.Adapter adapter) {
    return new Method.Adapter(
        Method.Kind.QLORA,
        adapter.rank(),
        adapter.alpha(),
        adapter.dropout(),
        adapter.targets(),
        adapter.start(),
        adapter.scaling(),
        adapter.from());
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / GIGA);
  }
}
