package io.plm4j.train;

import io.plm4j.error.InputException;
import io.plm4j.tensor.DType;
import io.plm4j.train.config.FineTuneSettings;
import io.plm4j.train.config.Method;
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
  /// Memory for what a frozen tower saw in pictures, so that each is encoded once.
  private static final long SEEN_BYTES = 1L << 30;

  private static final long MAX_SHARD_BYTES = 5_000_000_000L;
  private static final String MODEL = "model";
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
    try (var subject = Subject.open(found, way(settings));
        var lessons =
            Lessons.open(
                settings,
                subject.folder(),
                subject.config().decoder().maxPositions(),
                dataListener);
        var feed = lessons.feed();
        var gradients =
            new Gradients(subject.learnt(), subject.parts(settings.batches().accumulation()));
        var team = subject.team(gradients);
        var optimizer = new AdamW(subject.learnt(), adamW(settings.optimizer()))) {
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
      return new Course(
              settings,
              folder,
              listener,
              new Whole(subject, optimizer),
              lessons,
              feed,
              team,
              trainer)
          .run(stopRequested);
    }
  }

  private static Subject.Way way(FineTuneSettings settings) {
    var learning =
        switch (settings.method()) {
          case Method.Full full -> full.trained();
          case Method.Adapter _ -> throw new InputException("adapters are not trained yet");
        };
    int threads = settings.threads().orElse(Runtime.getRuntime().availableProcessors());
    return new Subject.Way(
        switch (settings.precision()) {
          case F32 -> DType.F32;
          case BF16 -> DType.BF16;
        },
        learning,
        settings.memory(),
        settings.dropPath(),
        settings.seeds().run(),
        threads,
        SEEN_BYTES);
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
        Moments.Kind.FULL);
  }

  /// A model whose own weights learn.
  private record Whole(Subject subject, AdamW optimizer) implements Course.Apprentice {
    @Override
    public void save(Path checkpoint) {
      subject.write(checkpoint, MAX_SHARD_BYTES);
      MomentsFile.write(checkpoint.resolve(OPTIMIZER), optimizer.state());
    }

    @Override
    public void restore(Path checkpoint, long steps) {
      subject.read(checkpoint);
      MomentsFile.read(checkpoint.resolve(OPTIMIZER), optimizer.state());
      optimizer.resume(steps);
    }

    @Override
    public Path finish(Path output, Optional<Path> bestCheckpoint) {
      bestCheckpoint.ifPresent(subject::read);
      var model = output.resolve(MODEL);
      subject.write(model, MAX_SHARD_BYTES);
      return model;
    }
  }
}
