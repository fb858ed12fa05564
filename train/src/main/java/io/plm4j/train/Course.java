package io.plm4j.train;

import io.plm4j.error.InputException;
import io.plm4j.train.config.FineTuneSettings;
import io.plm4j.train.data.Example;
import io.plm4j.train.data.Feed;
import io.plm4j.train.learn.Team;
import io.plm4j.train.run.Outcome;
import io.plm4j.train.run.RunFolder;
import io.plm4j.train.run.RunListener;
import io.plm4j.train.run.TrainerState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;

/// A run from its first step, or from where it stopped, to its end.
final class Course {
  private final FineTuneSettings settings;
  private final RunFolder folder;
  private final RunListener listener;
  private final Apprentice apprentice;
  private final Lessons lessons;
  private final Optional<Interview> interview;
  private final Feed feed;
  private final Team team;
  private final Trainer trainer;
  private final long stepsPerEpoch;
  private final long totalSteps;
  private long step;
  private Optional<TrainerState.Best> best = Optional.empty();

  /// What a run makes.
  interface Apprentice {
    /// Told after every step.
    void stepped();

    /// Writes what the run needs to go on.
    void save(Path checkpoint);

    /// Goes to where the run stood.
    void restore(Path checkpoint, long steps);

    /// Writes what the run was for.
    ///
    /// @return its folder
    Path finish(RunFolder folder, Optional<Path> bestCheckpoint);
  }

  Course(
      FineTuneSettings settings,
      RunFolder folder,
      RunListener listener,
      Apprentice apprentice,
      Lessons lessons,
      Optional<Interview> interview,
      Feed feed,
      Team team,
      Trainer trainer) {
    this.settings = settings;
    this.folder = folder;
    this.listener = listener;
    this.apprentice = apprentice;
    this.lessons = lessons;
    this.interview = interview;
    this.feed = feed;
    this.team = team;
    this.trainer = trainer;
    this.stepsPerEpoch = stepsPerEpoch(feed, settings);
    this.totalSteps = settings.length().steps(stepsPerEpoch);
  }

  /// Optimiser steps of a pass over the data.
  static long stepsPerEpoch(Feed feed, FineTuneSettings settings) {
    return Math.max(1, Math.ceilDiv(feed.batchesPerEpoch(), settings.batches().accumulation()));
  }

  Outcome run(BooleanSupplier stopRequested) {
    folder.start().ifPresent(this::goOn);
    listener.started(totalSteps, step + 1);
    long began = System.nanoTime();
    double lossSum = 0;
    long taken = 0;
    while (step < totalSteps && !stopRequested.getAsBoolean()) {
      long from = System.nanoTime();
      var result = trainer.step(feed);
      apprentice.stepped();
      step++;
      taken++;
      lossSum += result.loss();
      listener.stepped(
          new RunListener.Step(
              step,
              epoch(),
              result.loss(),
              result.gradientNorm(),
              result.learningRate(),
              result.tokens(),
              (System.nanoTime() - from) / 1e9,
              result.dataSeconds()));
      boolean judged = settings.evaluation().isDue(step, stepsPerEpoch);
      boolean toKeep = judged && evaluate() && settings.saving().loadBest();
      if (judged) {
        interview.ifPresent(
            it -> it.hold((question, answer) -> listener.answered(step, question, answer)));
      }
      boolean due = toKeep || settings.saving().every().isDue(step, stepsPerEpoch);
      if (due && step < totalSteps) {
        save();
      }
    }
    var last = save();
    boolean complete = step == totalSteps;
    var result = complete ? apprentice.finish(folder, bestCheckpoint()) : last;
    if (complete) {
      listener.finished(step, (System.nanoTime() - began) / 1e9);
    }
    return new Outcome(
        step,
        totalSteps,
        taken == 0 ? 0 : lossSum / taken,
        best.map(b -> OptionalDouble.of(b.loss())).orElse(OptionalDouble.empty()),
        result);
  }

  private double epoch() {
    return (double) step / stepsPerEpoch;
  }

  private Optional<Path> bestCheckpoint() {
    return settings.saving().loadBest()
        ? best.map(b -> folder.checkpoints().path(b.step()))
        : Optional.empty();
  }

  private void goOn(Path checkpoint) {
    var state = TrainerState.read(checkpoint);
    step = state.step();
    best = state.best().filter(b -> isOurs(checkpoint, b));
    feed.restore(state.feed());
    apprentice.restore(checkpoint, step);
  }

  /// Whether the weights that were the best so far can be had at the end. Those of a run in another
  /// folder may be gone by then; what is best is found anew here.
  private boolean isOurs(Path checkpoint, TrainerState.Best found) {
    if (!settings.saving().loadBest()) {
      return true;
    }
    var kept = folder.checkpoints().path(found.step());
    if (Files.isDirectory(kept)) {
      return true;
    }
    if (folder.checkpoints().latest().filter(checkpoint::equals).isPresent()) {
      throw new InputException(
          "load_best_model_at_end: the weights with the lowest validation loss so far were those of %s, which is not there. Put it back, or set load_best_model_at_end=false."
              .formatted(kept));
    }
    return false;
  }

  private Path save() {
    var state = new TrainerState(step, epoch(), totalSteps, best, feed.state(), "");
    var saved = folder.save(state, apprentice::save);
    listener.saved(step, saved);
    return saved;
  }

  /// Finds the mean loss over the predicted tokens of the validation data.
  ///
  /// @return whether it is the lowest so far
  private boolean evaluate() {
    var batches = lessons.validation();
    if (batches.isEmpty()) {
      return false;
    }
    double sum = 0;
    long predicted = 0;
    for (List<Example> batch : batches.get()) {
      sum += team.lossSum(batch);
      predicted += batch.stream().mapToLong(Example::predicted).sum();
    }
    double loss = sum / Math.max(1, predicted);
    listener.evaluated(step, epoch(), loss);
    boolean lowest = Double.isFinite(loss) && (best.isEmpty() || loss < best.get().loss());
    if (lowest) {
      best = Optional.of(new TrainerState.Best(step, loss));
    }
    return lowest;
  }
}
