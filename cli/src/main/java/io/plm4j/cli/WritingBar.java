package io.plm4j.cli;

import io.plm4j.model.CancelledException;
import java.util.function.LongConsumer;

/// Counts the bytes of a work, shows how far it is, and ends it when Ctrl-C was pressed.
final class WritingBar implements LongConsumer {
  private final Context context;
  private final String verb;
  private final long all;
  private final long start;
  private long done;

  private WritingBar(Context context, String verb, long all) {
    this.context = context;
    this.verb = verb;
    this.all = all;
    start = context.nanoTime().getAsLong();
  }

  /// @param verb such as `converting`
  /// @param all the bytes of the whole work
  static WritingBar of(Context context, String verb, long all) {
    return new WritingBar(context, verb, all);
  }

  /// @throws CancelledException if the user wants it
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
