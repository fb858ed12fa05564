package io.plm4j.cli;

import io.plm4j.Answer;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// What `plm generate --stats` says behind the answer.
///
/// @param sampling how tokens were chosen, in words
record StatsReport(Answer answer, Timings timings, String sampling, OptionalLong peakBytes) {
  void print(PrintStream err) {
    int made = answer.tokens().length;
    if (timings.load() > 0) {
      line(err, "load", timings.load(), "");
    }
    line(err, "preprocess", timings.preprocess(), "");
    line(err, "vision", timings.vision(), seen());
    int read = answer.promptTokens() - answer.reusedTokens();
    line(err, "prefill", timings.prefill(), tokens(read, read, timings.prefill()) + reused());
    // The first token is the prefill's.
    line(err, "decode", timings.decode(), tokens(made, made - 1, timings.decode()));
    if (answer.guesses().made() > 0) {
      err.printf(
          "%-11s %s tokens, %s of them right%n",
          "guessed",
          Units.grouped(answer.guesses().made()),
          Units.grouped(answer.guesses().accepted()));
    }
    err.printf("%-11s %s%n", "sampling", sampling);
    err.printf(
        "%-11s %s%n", "finish", answer.finishReason().name().toLowerCase().replace('_', ' '));
    peakBytes.ifPresent(bytes -> err.printf("%-11s %s%n", "peak memory", Units.bytes(bytes)));
  }

  /// What was encoded before.
  private String seen() {
    var reuse = answer.reuse();
    var words = new ArrayList<String>();
    add(words, reuse.mediaFromMemory(), " from memory");
    add(words, reuse.mediaFromDisk(), " from disk");
    return words.isEmpty() ? "" : "; seen before: " + String.join(", ", words);
  }

  /// What was read before.
  private String reused() {
    var reuse = answer.reuse();
    var words = new ArrayList<String>();
    add(words, reuse.conversation(), " more were in the cache");
    add(words, reuse.memory(), " more came from memory");
    add(words, reuse.disk(), " more came from disk");
    return words.isEmpty() ? "" : "; " + String.join(", ", words);
  }

  private static void add(List<String> words, int count, String what) {
    if (count > 0) {
      words.add(Units.grouped(count) + what);
    }
  }

  private static void line(PrintStream err, String phase, double seconds, String tokens) {
    err.printf("%-11s %s%s%n", phase, Units.seconds(seconds), tokens);
  }

  private static String tokens(int count, int timed, double seconds) {
    return timed < 1 || seconds == 0
        ? ", %s tokens".formatted(Units.grouped(count))
        : ", %s tokens, %s a second".formatted(Units.grouped(count), Units.rate(timed / seconds));
  }
}
