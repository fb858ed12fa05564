package io.plm4j.cli;

import io.plm4j.Answer;
import java.io.PrintStream;
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
    line(err, "vision", timings.vision(), "");
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

  private String reused() {
    return answer.reusedTokens() == 0
        ? ""
        : "; %s more were in the cache".formatted(Units.grouped(answer.reusedTokens()));
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
