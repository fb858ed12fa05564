package io.plm4j.cli;

import io.plm4j.hub.CachedModel;
import io.plm4j.hub.CachedRevision;
import io.plm4j.hub.ModelId;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// `plm models show`: one model's revisions and files.
@Command(name = "show", description = "Show a downloaded model's revisions and files.")
final class ModelsShowCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "owner/name")
  private String model = "";

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  private final Context context;

  ModelsShowCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var cached = context.hub().cache().model(new ModelId(model));
    var out = context.terminal().out();
    if (json) {
      out.println(new JsonMapper().writeValueAsString(json(cached)));
    } else {
      print(cached, out);
    }
    return ExitCode.OK;
  }

  private static Map<String, Object> json(CachedModel model) {
    var json = new LinkedHashMap<>(ModelsListCommand.json(model));
    json.put("revisions", model.revisions().stream().map(ModelsShowCommand::json).toList());
    return json;
  }

  private static Map<String, Object> json(CachedRevision revision) {
    var files = new LinkedHashMap<String, Long>();
    revision.files().forEach(file -> files.put(file.name(), file.bytes()));
    var json = new LinkedHashMap<>(ModelsListCommand.json(revision));
    json.put("files", files);
    return json;
  }

  private static void print(CachedModel model, PrintStream out) {
    out.printf("%s, %s, in %s%n", model.id(), Units.bytes(model.bytes()), model.folder());
    if (model.partialBytes() > 0) {
      out.printf("unfinished: %s%n", Units.bytes(model.partialBytes()));
    }
    for (var revision : model.revisions()) {
      out.printf(
          "%n%s, %s, changed %s%s%n",
          revision.commit(),
          Units.bytes(revision.bytes()),
          ModelsListCommand.day(revision),
          revision.refs().isEmpty() ? "" : ", is now " + String.join(", ", revision.refs()));
      for (var file : revision.files()) {
        out.printf("  %10s  %s%n", Units.bytes(file.bytes()), file.name());
      }
    }
  }
}
