package io.plm4j.cli;

import io.plm4j.memory.MemoryDemand;
import io.plm4j.memory.MemoryPlan;
import java.util.Locale;
import java.util.OptionalLong;

/// The plan of an answer's memory, for people.
final class MemoryTable {
  private MemoryTable() {}

  static String of(MemoryDemand demand, OptionalLong available) {
    var plan = MemoryPlan.of(demand);
    var size = demand.size();
    int perTile = demand.config().tokensPerTile();
    var text = new StringBuilder();
    text.append(
        "%s, %s of %s and %s of text, at most %s of answer%n"
            .formatted(
                demand.type().name().toLowerCase(Locale.ROOT),
                Units.count(size.tiles() * perTile, "token"),
                Units.count(size.tiles(), "tile"),
                Units.grouped(size.textTokens()),
                Units.grouped(size.newTokens())));
    plan.parts().forEach((part, bytes) -> line(text, part, bytes));
    line(text, "needed", plan.needed());
    if (plan.mapped() > 0) {
      line(text, "with mapped weights", plan.total());
    }
    available.ifPresent(bytes -> line(text, "available", bytes));
    if (plan.mapped() > 0) {
      text.append(
          """
          Mapped weights are the system's cache of the model's files: it can drop them when memory
          runs short, so they are not counted as needed, but each answer reads all of them.
          """);
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String part, long bytes) {
    text.append("%-22s %10s%n".formatted(part, Units.bytes(bytes)));
  }
}
