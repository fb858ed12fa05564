package io.plm4j.cli;

import io.plm4j.train.run.RunEntry;
import io.plm4j.train.run.RunListener;
import java.nio.file.Path;
import java.util.Locale;

/// Shows how a run goes on: a bar on a terminal, else a line for each that is written down.
final class FinetuneDisplay implements RunListener {
  private static final int BAR = 24;

  private final Terminal terminal;
  private long totalSteps;
  private long stepsHere;
  private double secondsHere;

  FinetuneDisplay(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void started(long totalSteps, long firstStep) {
    this.totalSteps = totalSteps;
    if (firstStep > 1) {
      say("going on with step %,d of %,d".formatted(firstStep, totalSteps));
    }
    terminal.progress().show("first step");
  }

  @Override
  public void stepped(Step step) {
    stepsHere++;
    secondsHere += step.seconds();
    terminal
        .progress()
        .show(
            "%s %d/%d, loss %s, %s tokens/s, %s left"
                .formatted(
                    bar(step.step()),
                    step.step(),
                    totalSteps,
                    loss(step.loss()),
                    Units.rate(step.seconds() > 0 ? step.tokens() / step.seconds() : 0),
                    left(step.step())));
  }

  private String bar(long step) {
    int full = (int) (BAR * Math.min(step, totalSteps) / Math.max(1, totalSteps));
    return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "]";
  }

  private String left(long step) {
    double each = secondsHere / Math.max(1, stepsHere);
    return Units.duration(Math.round(each * Math.max(0, totalSteps - step)));
  }

  /// Shows a line of the record.
  void recorded(RunEntry entry) {
    switch (entry) {
      case RunEntry.Trained line when terminal.columns() == 0 ->
          say(
              "step %d/%d, epoch %s, loss %s, gradient %s, rate %s, %s tokens/s, %s left"
                  .formatted(
                      line.step(),
                      totalSteps,
                      short3(line.epoch()),
                      loss(line.loss()),
                      short3(line.gradientNorm()),
                      String.format(Locale.ROOT, "%.3g", line.learningRate()),
                      Units.rate(line.tokensPerSecond()),
                      left(line.step())));
      case RunEntry.Trained _ -> {} // the bar says it
      case RunEntry.Judged line ->
          say("step %d, validation loss %s".formatted(line.step(), loss(line.loss())));
      case RunEntry.Finished line ->
          say(
              "trained for %s, mean loss %s"
                  .formatted(Units.duration(Math.round(line.seconds())), loss(line.loss())));
    }
  }

  @Override
  public void answered(long step, String question, String answer) {
    say("step %d, asked: %s%n     answered: %s".formatted(step, question, answer));
  }

  @Override
  public void saved(long step, Path folder) {
    say("saved " + folder);
  }

  private void say(String line) {
    terminal.progress().clear();
    terminal.err().println("plm: " + line);
  }

  private static String loss(double loss) {
    return String.format(Locale.ROOT, "%.4f", loss);
  }

  private static String short3(double number) {
    return String.format(Locale.ROOT, "%.3f", number);
  }
}
