package io.plm4j.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `plm models prune`: takes out of the cache what nothing leads to any more.
@Command(
    name = "prune",
    description = {
      "Remove what is left over: revisions that no branch or tag stands for any more, and files",
      "that have not come whole."
    })
final class ModelsPruneCommand implements Callable<Integer> {
  @Mixin private final RemovalOptions options = new RemovalOptions();

  private final Context context;

  ModelsPruneCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    return options.carryOut(context.hub().cache().prune(), context);
  }
}
