package io.plm4j.train.run;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.Consumer;

/// Writes down what happens in a run.
final class RunRecorder implements RunListener, AutoCloseable {
  private final MetricsFile metrics;
  private final Optional<EventFile> events;
  private final LossPlot plot;
  private final LogWindow window;
  private final Surroundings around;
  private final Consumer<RunEntry> watcher;
  private double lossSum;
  private long stepCount;
  private double epoch;

  /// @param events empty where nobody wants them
  /// @param watcher shown every line
  RunRecorder(
      MetricsFile metrics,
      Optional<EventFile> events,
      LossPlot plot,
      LogWindow window,
      Surroundings around,
      Consumer<RunEntry> watcher) {
    this.metrics = metrics;
    this.events = events;
    this.plot = plot;
    this.window = window;
    this.around = around;
    this.watcher = watcher;
  }

  @Override
  public void stepped(Step step) {
    lossSum += step.loss();
    stepCount++;
    epoch = step.epoch();
    window.add(step, around.peakMemory().get()).ifPresent(this::record);
  }

  @Override
  public void evaluated(long step, double epoch, double loss) {
    record(new RunEntry.Judged(step, epoch, loss));
  }

  @Override
  public void answered(long step, String question, String answer) {
    events.ifPresent(
        file -> file.text(step, "samples", "**%s**\n\n%s".formatted(question, answer)));
  }

  @Override
  public void saved(long step, Path folder) {
    plot.draw();
  }

  @Override
  public void finished(long steps, double seconds) {
    if (stepCount > 0) {
      record(
          new RunEntry.Finished(
              steps, epoch, seconds, lossSum / stepCount, seconds > 0 ? stepCount / seconds : 0));
    }
    plot.draw();
  }

  private void record(RunEntry entry) {
    metrics.append(entry);
    plot.add(entry);
    events.ifPresent(file -> write(file, entry));
    watcher.accept(entry);
  }

  private static void write(EventFile file, RunEntry entry) {
    var scalars = new LinkedHashMap<String, Double>();
    switch (entry) {
      case RunEntry.Trained line -> {
        scalars.put("train/loss", line.loss());
        scalars.put("train/grad_norm", line.gradientNorm());
        scalars.put("train/learning_rate", line.learningRate());
        scalars.put("train/epoch", line.epoch());
        scalars.put("train/tokens_per_second", line.tokensPerSecond());
      }
      case RunEntry.Judged line -> scalars.put("eval/loss", line.loss());
      case RunEntry.Finished line -> {
        scalars.put("train/train_runtime", line.seconds());
        scalars.put("train/train_loss", line.loss());
        scalars.put("train/train_steps_per_second", line.stepsPerSecond());
      }
    }
    file.scalars(entry.step(), scalars);
  }

  @Override
  public void close() {
    events.ifPresent(EventFile::close);
  }
}
