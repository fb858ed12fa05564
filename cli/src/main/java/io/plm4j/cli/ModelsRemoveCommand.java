package io.plm4j.cli;

import io.plm4j.hub.ModelId;
import io.plm4j.hub.Removal;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `plm models remove`: takes models out of the cache.
@Command(
    name = "remove",
    description = {
      "Remove downloaded models, or single revisions; files that other revisions share stay."
    })
final class ModelsRemoveCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "MODEL",
      arity = "1..*",
      description = "owner/name, or owner/name@revision for one revision of it.")
  private List<String> models = List.of();

  @Mixin private final RemovalOptions options = new RemovalOptions();

  private final Context context;

  ModelsRemoveCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var whole = new HashSet<ModelId>();
    // Revisions of one model go together: only so is it seen what none of the others needs.
    var revisions = new LinkedHashMap<ModelId, Set<String>>();
    for (var model : models) {
      int at = model.indexOf('@');
      var id = new ModelId(at < 0 ? model : model.substring(0, at));
      var named = revisions.computeIfAbsent(id, _ -> new LinkedHashSet<>());
      if (at >= 0) {
        named.add(model.substring(at + 1));
      } else {
        whole.add(id);
      }
    }
    var cache = context.hub().cache();
    var all = new Removal(List.of(), List.of(), 0);
    for (var model : revisions.entrySet()) {
      var id = model.getKey();
      all = all.and(whole.contains(id) ? cache.removal(id) : cache.removal(id, model.getValue()));
    }
    return options.carryOut(all, context);
  }
}
