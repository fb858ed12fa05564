package io.plm4j.cli;

import io.plm4j.hub.CachedModel;
import io.plm4j.hub.CachedRevision;
import io.plm4j.hub.ModelCache;
import java.io.PrintStream;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// `plm models list`: what is in the cache, and how large it is.
@Command(name = "list", description = "List the models that were downloaded, with their sizes.")
final class ModelsListCommand implements Callable<Integer> {
  private static final int SHORT_COMMIT = 12;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  private final Context context;

  ModelsListCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var cache = context.hub().cache();
    var models = cache.models();
    var out = context.terminal().out();
    if (json) {
      out.println(new JsonMapper().writeValueAsString(json(cache, models)));
    } else {
      print(cache, models, out);
    }
    return ExitCode.OK;
  }

  private static Map<String, Object> json(ModelCache cache, List<CachedModel> models) {
    var json = new LinkedHashMap<String, Object>();
    json.put("folder", cache.folder().toString());
    json.put("bytes", bytes(models));
    json.put("models", models.stream().map(ModelsListCommand::json).toList());
    return json;
  }

  /// Also what `plm models show` prints, there with the files.
  static Map<String, Object> json(CachedModel model) {
    var json = new LinkedHashMap<String, Object>();
    json.put("model", model.id().text());
    json.put("bytes", model.bytes());
    json.put("unfinished_bytes", model.partialBytes());
    json.put("folder", model.folder().toString());
    json.put("revisions", model.revisions().stream().map(ModelsListCommand::json).toList());
    return json;
  }

  static Map<String, Object> json(CachedRevision revision) {
    var json = new LinkedHashMap<String, Object>();
    json.put("commit", revision.commit());
    json.put("refs", revision.refs());
    json.put("bytes", revision.bytes());
    json.put("changed", revision.modified().toString());
    json.put("folder", revision.folder().toString());
    return json;
  }

  private static void print(ModelCache cache, List<CachedModel> models, PrintStream out) {
    var rows = new ArrayList<List<String>>();
    for (var model : models) {
      for (var revision : model.revisions()) {
        rows.add(
            List.of(
                model.id().text(),
                Units.bytes(revision.bytes()),
                day(revision),
                shortened(revision),
                String.join(", ", revision.refs())));
      }
      if (model.partialBytes() > 0) {
        rows.add(
            List.of(model.id().text(), Units.bytes(model.partialBytes()), "", "unfinished", ""));
      }
    }
    if (!rows.isEmpty()) {
      rows.addFirst(List.of("MODEL", "SIZE", "CHANGED", "COMMIT", "IS NOW"));
    }
    int width = rows.stream().mapToInt(row -> row.getFirst().length()).max().orElse(0);
    for (var row : rows) {
      var line = "%-" + width + "s  %10s  %-10s  %-12s  %s";
      out.println(line.formatted(row.toArray()).stripTrailing());
    }
    out.printf(
        "%d %s, %s, in %s%n",
        models.size(),
        models.size() == 1 ? "model" : "models",
        Units.bytes(bytes(models)),
        cache.folder());
  }

  private static long bytes(List<CachedModel> models) {
    return models.stream().mapToLong(CachedModel::bytes).sum();
  }

  static String shortened(CachedRevision revision) {
    return revision.commit().substring(0, Math.min(SHORT_COMMIT, revision.commit().length()));
  }

  static String day(CachedRevision revision) {
    return DateTimeFormatter.ISO_LOCAL_DATE.format(
        revision.modified().atZone(ZoneId.systemDefault()));
  }
}
