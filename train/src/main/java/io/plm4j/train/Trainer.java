package io.plm4j.train;

import io.plm4j.error.InputException;
import io.plm4j.train.data.Example;
import io.plm4j.train.data.Feed;
import io.plm4j.train.learn.Gradients;
import io.plm4j.train.learn.Team;
import io.plm4j.train.optimizer.AdamW;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongToDoubleFunction;
import java.util.stream.Collectors;

/// Takes the steps of a run: micro-batches in, better weights out.
public final class Trainer {
  private final Team team;
  private final Gradients gradients;
  private final AdamW optimizer;
  private final Settings settings;

  /// @param accumulation micro-batches a step
  /// @param maxGradientNorm gradients longer than this are shortened to it; 0: never
  /// @param learningRate of a step, from 0
  public record Settings(
      int accumulation, double maxGradientNorm, LongToDoubleFunction learningRate) {}

  /// What a step did.
  ///
  /// @param loss mean over the predicted tokens
  /// @param gradientNorm before shortening
  /// @param learningRate that it used
  /// @param tokens positions that were run
  /// @param dataSeconds spent waiting for data
  public record Taken(
      double loss, double gradientNorm, double learningRate, long tokens, double dataSeconds) {}

  public Trainer(Team team, Gradients gradients, AdamW optimizer, Settings settings) {
    this.team = team;
    this.gradients = gradients;
    this.optimizer = optimizer;
    this.settings = settings;
  }

  /// Takes the next step.
  ///
  /// @throws InputException if its loss or gradient is not a number; the weights are as before then
  public Taken step(Feed feed) {
    long began = System.nanoTime();
    var window = new ArrayList<List<Example>>();
    for (int i = 0; i < settings.accumulation(); i++) {
      window.add(feed.next());
    }
    double dataSeconds = (System.nanoTime() - began) / 1e9;
    long predicted = window.stream().flatMap(List::stream).mapToLong(Example::predicted).sum();
    long number = optimizer.steps() * settings.accumulation();
    double loss = 0;
    for (var batch : window) {
      double share = team.learn(batch, predicted, number++);
      require("loss", share, batch);
      loss += share;
    }
    double norm = gradients.norm();
    require("gradient's norm", norm, window.stream().flatMap(List::stream).toList());
    double factor =
        settings.maxGradientNorm() > 0
            ? Math.min(1, settings.maxGradientNorm() / (norm + 1e-6))
            : 1;
    double learningRate = settings.learningRate().applyAsDouble(optimizer.steps());
    optimizer.step(gradients, learningRate, factor);
    gradients.clear();
    long tokens = window.stream().flatMap(List::stream).mapToLong(Example::length).sum();
    return new Taken(loss, norm, learningRate, tokens, dataSeconds);
  }

  private void require(String what, double value, List<Example> batch) {
    if (!Double.isFinite(value)) {
      gradients.clear();
      throw new InputException(
          "Step %d: the %s became %s. The batch was %s. The weights are those of the step before; lower the learning rate, or look at these rows."
              .formatted(
                  optimizer.steps() + 1,
                  what,
                  value,
                  batch.stream().map(Example::origin).collect(Collectors.joining(", "))));
    }
  }
}
