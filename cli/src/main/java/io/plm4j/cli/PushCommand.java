package io.plm4j.cli;

import io.plm4j.error.InputException;
import io.plm4j.hub.ModelId;
import io.plm4j.hub.ModelRef;
import io.plm4j.hub.Published;
import io.plm4j.hub.UploadListener;
import io.plm4j.hub.UploadOptions;
import io.plm4j.hub.UploadOptions.Visibility;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `plm push`: a folder's files, put into a model of the Hub.
@Command(
    name = "push",
    description = {
      "Upload a folder to the Hugging Face Hub, in one commit. What the Hub has already is not",
      "sent again. Needs a token with the right to write, in HF_TOKEN or of `hf auth login`."
    })
final class PushCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FOLDER", description = "What is uploaded.")
  private Path folder = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "OWNER/NAME",
      description = "The model at the Hub; made if it is not there.")
  private String model = "";

  @Option(names = "--private", description = "If it is made, only its owner may see it.")
  private boolean isPrivate;

  @Option(
      names = "--revision",
      paramLabel = "BRANCH",
      description = "The branch that gets the commit; made if it is not there. Default: main.")
  private String revision = ModelRef.MAIN;

  @Option(
      names = "--message",
      paramLabel = "TEXT",
      description = "What the commit says of itself. Default: \"Upload with plm4j\".")
  private String message = "Upload with plm4j";

  private final Context context;

  PushCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (!model.contains("/")) {
      throw new InputException(
          "'%s' is no name to upload to; wanted owner/name, such as %s/%s."
              .formatted(model, "you", "my-model"));
    }
    if (message.isBlank()) {
      throw new InputException("--message is empty; a commit says in a few words what it does.");
    }
    var to = new ModelRef(new ModelId(model), revision);
    var options =
        new UploadOptions(isPrivate ? Visibility.PRIVATE : Visibility.USUAL, message.strip());
    var terminal = context.terminal();
    try (var work = context.interrupt().begin()) {
      var published = context.hub().upload(folder, to, options, new Display());
      terminal.progress().clear();
      terminal.out().println(report(published));
      return ExitCode.OK;
    } catch (CancellationException e) {
      terminal.progress().clear();
      terminal
          .err()
          .println("plm: interrupted; nothing was committed. The same command goes on from here.");
      return ExitCode.INTERRUPTED;
    }
  }

  private static String report(Published published) {
    return published.filesSent() == 0
        ? "%s: nothing to do, all %d files are there"
            .formatted(published.page(), published.filesKept())
        : "%s: %d files, %s sent; %d were there"
            .formatted(
                published.page(),
                published.filesSent(),
                Units.bytes(published.bytesSent()),
                published.filesKept());
  }

  private final class Display implements UploadListener {
    @Override
    public void progress(Activity activity, long done, long bytes, double bytesPerSecond) {
      var amount = "%s of %s".formatted(Units.bytes(done), Units.bytes(bytes));
      context
          .terminal()
          .progress()
          .show(
              switch (activity) {
                case ASKING -> "asking what " + model + " has";
                case CHECKING -> "computing checksums, " + amount;
                case SENDING ->
                    "uploading %s, %s/s".formatted(amount, Units.bytes(Math.round(bytesPerSecond)));
                case COMMITTING -> "committing";
              });
    }

    @Override
    public boolean cancelled() {
      return context.interrupt().requested();
    }
  }
}
