package io.plm4j.cli;

import io.plm4j.hub.ModelFiles;
import io.plm4j.hub.ModelRef;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/// `plm models download`: fetches a model before it is needed.
@Command(
    name = "download",
    description = "Download a model, as far as it is not there yet, and print its folder.")
final class ModelsDownloadCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "MODEL",
      description = "owner/name or owner/name@revision: a branch, a tag, or a commit.")
  private String model = "";

  @Option(
      names = "--files",
      paramLabel = "WHICH",
      converter = WhichFiles.class,
      defaultValue = "run",
      description = {
        "run: what it takes to run the model, the default; original: Meta's own layout (params.json,",
        "consolidated.pth); all: everything."
      })
  private ModelFiles files = ModelFiles.TO_RUN;

  private final Context context;

  ModelsDownloadCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var wanted = ModelRef.parse(model);
    var folder =
        DownloadDisplay.during(context, display -> context.hub().download(wanted, files, display));
    context.terminal().out().println(folder);
    return ExitCode.OK;
  }

  static final class WhichFiles implements ITypeConverter<ModelFiles> {
    @Override
    public ModelFiles convert(String name) {
      return switch (name) {
        case "run" -> ModelFiles.TO_RUN;
        case "original" -> ModelFiles.ORIGINAL;
        case "all" -> ModelFiles.ALL;
        default -> throw new TypeConversionException("'" + name + "' is not run, original or all");
      };
    }
  }
}
