package io.plm4j.train;

import io.plm4j.train.config.FineTuneSettings;
import io.plm4j.train.config.Optimizer;
import io.plm4j.train.data.DataListener;
import io.plm4j.train.learn.Gradients;
import io.plm4j.train.optimizer.AdamW;
import io.plm4j.train.optimizer.Moments;
import io.plm4j.train.optimizer.MomentsFile;
import io.plm4j.train.run.Outcome;
import io.plm4j.train.run.RunFolder;
import io.plm4j.train.run.RunListener;
import io.plm4j.train.run.Training;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/// Fine-tunes a checkpoint as settings say.
public final class FineTuning implements Training {
  private static final String OPTIMIZER = "optimizer.safetensors";

  private final Function<String, Path> models;
  private final DataListener dataListener;

  /// @param models finds the folder of a model, which may be one of the Hub
  /// @param dataListener told of rows that cannot be learnt
  public FineTuning(Function<String, Path> models, DataListener dataListener) {
    this.models = models;
    this.dataListener = dataListener;
  }

  @Override
  public Outcome run(
      FineTuneSettings settings,
      RunFolder folder,
      RunListener listener,
      BooleanSupplier stopRequested) {
    var found = models.apply(settings.model());
    try (var subject = Subject.open(found, settings);
        var lessons =
            Lessons.open(
                settings,
                subject.folder(),
                subject.config().decoder().maxPositions(),
                dataListener);
        var feed = lessons.feed();
        var gradients = new Gradients(subject.parameters(), subject.gradientParts());
        var team = subject.team(gradients);
        var optimizer = new AdamW(subject.parameters(), adamW(settings.optimizer()))) {
      long steps = settings.length().steps(Course.stepsPerEpoch(feed, settings));
      var trainer =
          new Trainer(
              team,
              gradients,
              optimizer,
              new Trainer.Settings(
                  settings.batches().accumulation(),
                  settings.optimizer().maxGradNorm(),
                  step -> settings.learningRate().at(step, steps)));
      var interview =
          settings.samples().count() == 0
              ? Optional.<Interview>empty()
              : Optional.of(
                  Interview.of(
                      subject.answering(),
                      subject.folder(),
                      lessons.tokenizer(),
                      lessons.questions(settings.samples().count()),
                      settings.samples().maxNewTokens()));
      return new Course(
              settings,
              folder,
              listener,
              new Progress(subject.what(), optimizer),
              lessons,
              interview,
              feed,
              team,
              trainer)
          .run(stopRequested);
    }
  }

  private static AdamW.Settings adamW(Optimizer optimizer) {
    return new AdamW.Settings(
        optimizer.beta1(),
        optimizer.beta2(),
        optimizer.epsilon(),
        optimizer.weightDecay(),
        switch (optimizer.decay()) {
          case ALL -> _ -> true;
          case MATRICES -> parameter -> !parameter.isBiasOrNorm();
        },
        switch (optimizer.kind()) {
          case ADAMW -> Moments.Kind.FULL;
          case ADAMW_8BIT -> Moments.Kind.EIGHT_BIT;
        });
  }

  /// What a run's checkpoints hold.
  private record Progress(Learnt learnt, AdamW optimizer) implements Course.Apprentice {
    @Override
    public void stepped() {
      learnt.stepped();
    }

    @Override
    public void save(Path checkpoint) {
      learnt.write(checkpoint);
      MomentsFile.write(checkpoint.resolve(OPTIMIZER), optimizer.state());
    }

    @Override
    public void restore(Path checkpoint, long steps) {
      learnt.read(checkpoint);
      MomentsFile.read(checkpoint.resolve(OPTIMIZER), optimizer.state());
      optimizer.resume(steps);
    }

    @Override
    public Path finish(RunFolder folder, Optional<Path> bestCheckpoint) {
      bestCheckpoint.ifPresent(learnt::read);
      return folder.result(learnt.resultName(), learnt::write);
    }
  }
}
