package io.plm4j.cli;

import io.plm4j.model.CancelledException;
import java.util.function.LongConsumer;

/// Counts what is written of a model, shows it, and ends the work when Ctrl-C was pressed.
final class WritingBar implements LongConsumer {
  private final Context context;
  private final String verb;
  private final long all;
  private final long start;
  private long done;

  /// @param verb such as `converting`
  /// @param all bytes that will be written
  WritingBar(Context context, String verb, long all) {
    this.context = context;
    this.verb = verb;
    this.all = all;
    start = context.nanoTime().getAsLong();
  }

  @Override
  public void accept(long bytes) {
    if (context.interrupt().requested()) {
      throw new CancelledException();
    }
    done += bytes;
    double seconds = (context.nanoTime().getAsLong() - start) / 1e9;
    context
        .terminal()
        .progress()
        .show(
            "%s %s of %s, %d %%, %s/s"
                .formatted(
                    verb,
                    Units.bytes(done),
                    Units.bytes(all),
                    all == 0 ? 100 : 100 * done / all,
                    Units.bytes((long) (done / Math.max(seconds, 1e-3)))));
  }
}
