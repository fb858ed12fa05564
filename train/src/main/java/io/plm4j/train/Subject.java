package io.plm4j.train;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.error.InputException;
import io.plm4j.layout.Layout;
import io.plm4j.model.CheckpointReport;
import io.plm4j.model.PerceptionLm;
import io.plm4j.model.PlmCheckpoint;
import io.plm4j.model.PlmConfig;
import io.plm4j.model.PlmParts;
import io.plm4j.model.QuantizationRecipe;
import io.plm4j.model.QuantizedTensors;
import io.plm4j.model.QuantizedWeights;
import io.plm4j.model.StoredWeights;
import io.plm4j.nn.Weights;
import io.plm4j.quant.Kernels;
import io.plm4j.quant.QuantFormat;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import io.plm4j.train.config.FineTuneSettings;
import io.plm4j.train.config.Method;
import io.plm4j.train.learn.Chance;
import io.plm4j.train.learn.Gradients;
import io.plm4j.train.learn.Learner;
import io.plm4j.train.learn.Memory;
import io.plm4j.train.learn.Parameter;
import io.plm4j.train.learn.Part;
import io.plm4j.train.learn.SeenBefore;
import io.plm4j.train.learn.Sight;
import io.plm4j.train.learn.Team;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The model that learns: a checkpoint's weights, what is learnt of them, and a team of learners.
final class Subject implements AutoCloseable {
  /// Decoders up to this width have examples divided among the cores, wider ones operations.
  private static final int NARROW = 512;

  /// Memory for what a frozen tower saw in pictures, so that each is encoded once.
  private static final long SEEN_BYTES = 1L << 30;

  private final Path folder;
  private final PlmConfig config;
  private final Checkpoint checkpoint;
  private final FineTuneSettings settings;
  private final DType type;
  private final int threads;
  private final int learners;
  private final Owner owner = new Owner();
  private final List<Runnable> closers = new ArrayList<>();
  private final Learnt learnt;
  private final List<Team.Member> members = new ArrayList<>();

  private Subject(Path folder, PlmConfig config, Checkpoint checkpoint, FineTuneSettings settings) {
    this.folder = folder;
    this.config = config;
    this.checkpoint = checkpoint;
    this.settings = settings;
    this.type =
        switch (settings.precision()) {
          case F32 -> DType.F32;
          case BF16 -> DType.BF16;
        };
    threads = settings.threads().orElse(Runtime.getRuntime().availableProcessors());
    try {
      learnt = learnt();
      boolean narrow = config.decoder().hiddenSize() <= NARROW;
      learners = narrow ? Math.min(threads, learnt.mostCopies()) : 1;
      Tensor.setThreads(threads / learners);
      if (type == DType.BF16) {
        Tensor.setF32ProductThreads(1);
      }
      for (int i = 0; i < learners; i++) {
        members.add(member(i));
      }
    } catch (RuntimeException | Error e) {
      release();
      throw e;
    }
  }

  /// Opens a checkpoint of Hugging Face's layout.
  static Subject open(Path given, FineTuneSettings settings) {
    var folder = Layout.locate(given);
    if (Layout.of(folder) != Layout.HUGGING_FACE) {
      throw new InputException(
          "%s has Meta's layout, in which plm4j does not write what it trains. Convert it first: plm convert --model %s --to hf --out FOLDER"
              .formatted(given, given));
    }
    var config = PlmConfig.read(folder);
    var checkpoint = PlmCheckpoint.open(folder, config);
    try {
      CheckpointReport.of(config, checkpoint).requireComplete();
      return new Subject(folder, config, checkpoint, settings);
    } catch (RuntimeException | Error e) {
      checkpoint.close();
      throw e;
    }
  }

  private Learnt learnt() {
    var stored = new StoredWeights(checkpoint, type, owner);
    return switch (settings.method()) {
      case Method.Full full -> {
        if (QuantizedTensors.areIn(checkpoint)) {
          throw new InputException(
              "%s holds weights in few bits, which cannot learn themselves. Train an adapter beside them: --lora"
                  .formatted(folder));
        }
        yield new LearntWeights(folder, config, stored, owner, full.trained());
      }
      case Method.Adapter method -> {
        var adapter =
            AdapterPlan.adapter(method, settings.model(), config, settings.seeds().run(), owner);
        yield new LearntAdapter(adapter, config, base(method, stored), owner);
      }
    };
  }

  private Weights.Source base(Method.Adapter method, StoredWeights stored) {
    return switch (method.kind()) {
      case LORA, DORA -> stored;
      case QLORA ->
          new QuantizedWeights(
              stored,
              QuantizationRecipe.everyLayerButTheHead(QuantFormat.NF4),
              kernels(Kernels.create(threads)));
    };
  }

  /// Weights in few bits become dense for every product, and would all stay so in a pass that is
  /// remembered.
  private Memory memory() {
    boolean quantized =
        QuantizedTensors.areIn(checkpoint)
            || (settings.method() instanceof Method.Adapter adapter
                && adapter.kind() == Method.Kind.QLORA);
    return quantized ? Memory.RECOMPUTE : settings.memory();
  }

  private Kernels kernels(Kernels made) {
    closers.add(made::close);
    return made;
  }

  private Team.Member member(int number) {
    // Members draw for themselves: with one seed they would leave out the same.
    var chance = new Chance(settings.seeds().run() + 1_000_003L * number);
    var copy = learnt.copy(chance);
    var source = copy.source();
    int own = threads / learners;
    var root = Weights.of(source, kernels(Kernels.differentiable(own)));
    var tower =
        learnt.parts().contains(Part.VISION)
            ? root
            : Weights.of(source, kernels(Kernels.create(own)));
    PlmParts parts;
    try (var _ = Scope.open()) {
      parts = PlmParts.of(config, new PlmParts.Roots(tower, root), owner);
    }
    var before = new SeenBefore(SEEN_BYTES / learners);
    closers.add(before::close);
    var sight = new Sight(parts, type, learnt.parts(), settings.dropPath(), chance, before);
    var learner = new Learner(parts, memory(), learnt.parts(), sight);
    return new Team.Member(learner, copy.parameters(), chance);
  }

  /// A model to answer with, over the weights that learn: it says what they know when it is asked.
  /// Closed with this.
  PerceptionLm answering() {
    var handles = new Owner();
    var model =
        new PerceptionLm(config, type, learnt.present(handles), Kernels.create(threads), handles);
    closers.add(model::close);
    return model;
  }

  Path folder() {
    return folder;
  }

  PlmConfig config() {
    return config;
  }

  Learnt what() {
    return learnt;
  }

  List<Parameter> parameters() {
    return members.getFirst().parameters();
  }

  Team team(Gradients gradients) {
    return new Team(members, gradients);
  }

  /// Whether gradients of one step come from several places.
  Gradients.Parts gradientParts() {
    boolean one = members.size() == 1 && settings.batches().accumulation() == 1;
    return one ? Gradients.Parts.ONE : Gradients.Parts.SEVERAL;
  }

  @Override
  public void close() {
    release();
    checkpoint.close();
  }

  private void release() {
    closers.forEach(Runnable::run);
    owner.close();
  }
}
