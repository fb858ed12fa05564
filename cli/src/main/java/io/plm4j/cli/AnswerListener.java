package io.plm4j.cli;

import io.plm4j.generate.Listener;
import java.io.PrintStream;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Shows an answer's progress and its text, takes the time, and passes Ctrl-C on.
final class AnswerListener implements Listener {
  private final Context context;
  private final PhaseTimes times;
  private final Optional<PrintStream> out;
  private final BooleanSupplier stopped;
  private final Progress progress;

  /// @param out where the text goes as it comes; empty to keep it back
  AnswerListener(Context context, PhaseTimes times, Optional<PrintStream> out) {
    this(context, times, out, () -> false);
  }

  /// @param stopped whether this answer is to end, though the process goes on
  AnswerListener(
      Context context, PhaseTimes times, Optional<PrintStream> out, BooleanSupplier stopped) {
    this.context = context;
    this.stopped = stopped;
    this.times = times;
    this.out = out;
    this.progress = context.terminal().progress();
  }

  @Override
  public void phase(Phase begins) {
    times.begin(begins);
    switch (begins) {
      case PREPROCESS -> progress.show("cutting the pictures");
      case VISION -> progress.show("looking at the pictures");
      case PREFILL -> progress.show("reading the prompt");
      case DECODE -> {
        if (out.isPresent()) {
          progress.clear();
        } else {
          progress.show("answering");
        }
      }
      case DONE -> progress.clear();
    }
  }

  @Override
  public void progress(Phase phase, int done, int total) {
    switch (phase) {
      case VISION -> progress.show("looking at the pictures: tile %d of %d".formatted(done, total));
      case PREFILL -> progress.show("reading the prompt: %d of %d tokens".formatted(done, total));
      case PREPROCESS, DECODE, DONE -> {}
    }
  }

  @Override
  public void text(String piece) {
    out.ifPresent(stream -> {
      stream.print(piece);
      stream.flush();
    });
  }

  /// A reader that has gone needs no more answer either.
  @Override
  public boolean cancelled() {
    return context.interrupt().requested()
        || stopped.getAsBoolean()
        || out.filter(PrintStream::checkError).isPresent();
  }
}
