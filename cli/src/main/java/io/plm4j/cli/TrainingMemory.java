package io.plm4j.cli;

import io.plm4j.layout.Layout;
import io.plm4j.memory.MachineMemory;
import io.plm4j.model.PlmConfig;
import io.plm4j.train.config.FineTuneSettings;
import io.plm4j.train.memory.MemoryAdvice;
import io.plm4j.train.memory.MemoryDemand;
import io.plm4j.train.memory.MemoryPlan;
import io.plm4j.train.memory.Workload;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/// Says before a training run how much learns and what memory that takes, and refuses what will not
/// fit.
final class TrainingMemory {
  @Option(
      names = "--no-memory-check",
      description = "Begin even where the estimate of the memory says that it will not fit.")
  private boolean unchecked;

  /// @param model its folder
  /// @param say told a line at a time
  /// @throws io.plm4j.error.InputException if it will not fit, saying by how much and what would
  void plan(FineTuneSettings settings, Path model, Context context, Consumer<String> say) {
    var config = PlmConfig.read(Layout.locate(model));
    var load = Workload.estimate(config, settings.data(), settings.batches());
    var demand = MemoryDemand.of(config, settings, load);
    var learning = MemoryPlan.Learning.of(demand);
    var plan = MemoryPlan.of(demand);
    var available = MachineMemory.available(context.root());
    say.accept(
        "%s of %s numbers learn"
            .formatted(Units.grouped(learning.learnt()), Units.grouped(learning.all())));
    say.accept(
        "about %s of memory%s: %s"
            .formatted(
                Units.bytes(plan.total()),
                available.isPresent() ? " of " + Units.bytes(available.getAsLong()) : "",
                plan.parts().entrySet().stream()
                    .map(part -> part.getKey() + " " + Units.bytes(part.getValue()))
                    .collect(Collectors.joining(", "))));
    if (available.isPresent() && !unchecked) {
      MemoryAdvice.requireFits(demand, available.getAsLong());
    }
  }
}
