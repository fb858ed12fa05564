package io.plm4j.train;

import io.plm4j.media.MediaSettings;
import io.plm4j.media.VideoSettings;
import io.plm4j.media.video.FrameSelection;
import io.plm4j.text.ChatTemplate;
import io.plm4j.text.PromptRenderer;
import io.plm4j.text.Tokenizer;
import io.plm4j.train.config.FineTuneSettings;
import io.plm4j.train.config.MediaInput;
import io.plm4j.train.config.Validation;
import io.plm4j.train.data.Batching;
import io.plm4j.train.data.DataListener;
import io.plm4j.train.data.Dataset;
import io.plm4j.train.data.DatasetFeed;
import io.plm4j.train.data.Example;
import io.plm4j.train.data.ExampleMaker;
import io.plm4j.train.data.ExampleSettings;
import io.plm4j.train.data.FeedSettings;
import io.plm4j.train.data.Labels;
import io.plm4j.train.data.Source;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The data of a run: what is learnt, and what is validated with.
final class Lessons implements AutoCloseable {
  private final FineTuneSettings settings;
  private final Tokenizer tokenizer;
  private final ExampleMaker maker;
  private final ExampleMaker questions;
  private final DataListener listener;
  private final List<Dataset> open = new ArrayList<>();
  private final Dataset training;
  private final Optional<Dataset> validation;

  private Lessons(
      FineTuneSettings settings,
      Tokenizer tokenizer,
      ExampleMaker maker,
      ExampleMaker questions,
      DataListener listener) {
    this.settings = settings;
    this.tokenizer = tokenizer;
    this.maker = maker;
    this.questions = questions;
    this.listener = listener;
    var all = dataset(settings.data().sources());
    switch (settings.data().validation()) {
      case Validation.None() -> {
        training = all;
        validation = Optional.empty();
      }
      case Validation.Share(double share) -> {
        var split = all.split(share, settings.seeds().data());
        training = split.training();
        validation = Optional.of(split.validation());
      }
      case Validation.Sources(var sources) -> {
        training = all;
        validation = Optional.of(dataset(sources));
      }
    }
  }

  /// @param model folder with the words and the processor's settings
  /// @param positions the most that the model takes
  static Lessons open(FineTuneSettings settings, Path model, int positions, DataListener listener) {
    var media = media(MediaSettings.read(model), settings.data().media());
    var examples =
        ExampleSettings.DEFAULT
            .withFormat(settings.data().format())
            .withLabels(settings.data().labels())
            .withMaxLength(settings.data().maxLength().orElse(positions))
            .withFrames(frames(settings.data().media(), media.video()));
    var tokenizer = Tokenizer.read(model);
    var renderer =
        new PromptRenderer(tokenizer, ChatTemplate.read(model), Clock.systemDefaultZone());
    return new Lessons(
        settings,
        tokenizer,
        new ExampleMaker(tokenizer, renderer, media, examples),
        new ExampleMaker(tokenizer, renderer, media, examples.withLabels(Labels.ASSISTANT)),
        listener);
  }

  private static MediaSettings media(MediaSettings stored, MediaInput input) {
    var image = stored.image().withVisionInput(input.vision());
    return stored.withImage(
        input.maxTiles().isPresent() ? image.withMaxTiles(input.maxTiles().getAsInt()) : image);
  }

  private static FrameSelection frames(MediaInput input, VideoSettings stored) {
    return FrameSelection.DEFAULT.withCount(input.frames().orElse(stored.frames()));
  }

  private Dataset dataset(List<Source> sources) {
    var dataset = Dataset.open(sources);
    open.add(dataset);
    return dataset;
  }

  /// The words of the model.
  Tokenizer tokenizer() {
    return tokenizer;
  }

  /// Micro-batches without end. To be closed.
  DatasetFeed feed() {
    return training.feed(
        maker,
        FeedSettings.DEFAULT
            .withOrder(settings.data().order())
            .withSeed(settings.seeds().data())
            .withBatching(batching(settings.batches().perDevice())),
        listener);
  }

  /// What is validated with, once through; empty where nothing is.
  Optional<Iterable<List<Example>>> validation() {
    return validation.map(
        data -> data.pass(maker, batching(settings.batches().evalPerDevice()), listener));
  }

  /// The first good rows of what is validated with, or else of what is learnt, labelled where the
  /// assistant speaks and nowhere else.
  List<Example> questions(int count) {
    var examples = new ArrayList<Example>();
    var rows =
        validation
            .orElse(training)
            .pass(questions, new Batching.Examples(1), DataListener.NONE)
            .iterator();
    while (examples.size() < count && rows.hasNext()) {
      examples.addAll(rows.next());
    }
    return examples;
  }

  private Batching batching(int examples) {
    return settings.data().packing() && settings.data().maxLength().isPresent()
        ? new Batching.Positions(examples * settings.data().maxLength().getAsInt())
        : new Batching.Examples(examples);
  }

  @Override
  public void close() {
    open.forEach(Dataset::close);
  }
}
