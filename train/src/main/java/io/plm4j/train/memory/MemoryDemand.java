package io.plm4j.train.memory;

import io.plm4j.model.PlmConfig;
import io.plm4j.train.config.FineTuneSettings;
import io.plm4j.train.config.Method;
import io.plm4j.train.config.Optimizer;
import io.plm4j.train.config.Precision;
import io.plm4j.train.learn.Memory;

/// All that memory depends on.
///
/// @param accumulation micro-batches of a step
public record MemoryDemand(
    PlmConfig config,
    Method method,
    Optimizer.Kind optimizer,
    Precision precision,
    Memory memory,
    int accumulation,
    Workload load) {
  public static MemoryDemand of(PlmConfig config, FineTuneSettings settings, Workload load) {
    return new MemoryDemand(
        config,
        settings.method(),
        settings.optimizer().kind(),
        settings.precision(),
        settings.memory(),
        settings.batches().accumulation(),
        load);
  }

  MemoryDemand with(Method other) {
    return new MemoryDemand(config, other, optimizer, precision, memory, accumulation, load);
  }

  MemoryDemand with(Optimizer.Kind other) {
    return new MemoryDemand(config, method, other, precision, memory, accumulation, load);
  }

  MemoryDemand with(Memory other) {
    return new MemoryDemand(config, method, optimizer, precision, other, accumulation, load);
  }

  MemoryDemand with(Workload other, int newAccumulation) {
    return new MemoryDemand(config, method, optimizer, precision, memory, newAccumulation, other);
  }
}
