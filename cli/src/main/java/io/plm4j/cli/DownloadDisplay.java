package io.plm4j.cli;

import io.plm4j.hub.DownloadListener;
import io.plm4j.hub.DownloadProgress;
import io.plm4j.hub.ModelRef;
import java.nio.file.Path;
import java.util.function.Function;

/// Shows how a download goes on, and passes Ctrl-C on to it.
final class DownloadDisplay implements DownloadListener {
  private final Context context;
  private String model = "";

  private DownloadDisplay(Context context) {
    this.context = context;
  }

  /// Runs what may download.
  static <T> T during(Context context, Function<DownloadListener, T> work) {
    try (var _ = context.interrupt().begin()) {
      return work.apply(new DownloadDisplay(context));
    } finally {
      context.terminal().progress().clear();
    }
  }

  @Override
  public void begins(ModelRef what, long bytes, Path folder) {
    model = what.toString();
    context
        .terminal()
        .err()
        .printf("plm: downloading %s, %s, into %s%n", what, Units.bytes(bytes), folder);
  }

  @Override
  public void progress(DownloadProgress progress) {
    context
        .terminal()
        .progress()
        .show(
            switch (progress.activity()) {
              case RECEIVING ->
                  "downloading %s: %s%s".formatted(model, amount(progress), speed(progress));
              case CHECKING -> "checking %s".formatted(model);
              case WAITING_FOR_PROCESS ->
                  "waiting for another process that is downloading %s".formatted(model);
              case PAUSING ->
                  "downloading %s: %s, waiting to try again".formatted(model, amount(progress));
            });
  }

  private static String amount(DownloadProgress progress) {
    return "%s of %s".formatted(Units.bytes(progress.bytesDone()), Units.bytes(progress.bytes()));
  }

  private static String speed(DownloadProgress progress) {
    var left = progress.secondsLeft();
    return left.isEmpty()
        ? ""
        : ", %s/s, %s left"
            .formatted(
                Units.bytes(Math.round(progress.bytesPerSecond())),
                Units.duration(left.getAsLong()));
  }

  @Override
  public void warning(String message) {
    context.terminal().progress().clear();
    context.terminal().err().println("plm: warning: " + message);
  }

  @Override
  public boolean cancelled() {
    return context.interrupt().requested();
  }
}
