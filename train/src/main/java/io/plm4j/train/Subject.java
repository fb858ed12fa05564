package io.plm4j.train;

import io.plm4j.checkpoint.Checkpoint;
import io.plm4j.checkpoint.CheckpointWriter;
import io.plm4j.checkpoint.Shape;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.error.InputException;
import io.plm4j.layout.Layout;
import io.plm4j.model.CheckpointReport;
import io.plm4j.model.PerceptionLm;
import io.plm4j.model.PlmCheckpoint;
import io.plm4j.model.PlmConfig;
import io.plm4j.model.PlmParts;
import io.plm4j.model.StoredWeights;
import io.plm4j.nn.Weights;
import io.plm4j.quant.Kernels;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import io.plm4j.train.learn.Chance;
import io.plm4j.train.learn.Gradients;
import io.plm4j.train.learn.Learner;
import io.plm4j.train.learn.Memory;
import io.plm4j.train.learn.Parameter;
import io.plm4j.train.learn.Parameters;
import io.plm4j.train.learn.Part;
import io.plm4j.train.learn.SeenBefore;
import io.plm4j.train.learn.Sight;
import io.plm4j.train.learn.Team;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The model that learns: a checkpoint's weights, those that learn copied out of it, and a team of
/// learners over them.
final class Subject implements AutoCloseable {
  /// Files of these endings in a checkpoint's folder hold weights; the others go along with them.
  private static final Set<String> WEIGHTS =
      Set.of("safetensors", "bin", "pth", "pt", "gguf", "msgpack", "h5", "partial");

  /// Decoders up to this width have examples divided among the cores, wider ones operations.
  private static final int NARROW = 512;

  private final Path folder;
  private final PlmConfig config;
  private final Checkpoint checkpoint;
  private final DType type;
  private final int threads;
  private final Owner owner = new Owner();
  private final List<Runnable> closers = new ArrayList<>();
  private final Parameters parameters;
  private final List<Team.Member> members = new ArrayList<>();

  /// How a subject learns.
  ///
  /// @param type of the weights and of the computation
  /// @param learning the parts that learn
  /// @param learners how many share the work, see [Team]
  /// @param threads of libtorch, for each learner
  /// @param seenBytes memory for what a frozen tower saw
  record Way(
      DType type,
      Set<Part> learning,
      Memory memory,
      double dropPath,
      long seed,
      int learners,
      int threads,
      long seenBytes) {
    /// One learner, whose operations are divided among the threads.
    Way(
        DType type,
        Set<Part> learning,
        Memory memory,
        double dropPath,
        long seed,
        int threads,
        long seenBytes) {
      this(type, learning, memory, dropPath, seed, 1, threads, seenBytes);
    }

    /// A learner a thread.
    Way dividedAmongLearners() {
      return new Way(type, learning, memory, dropPath, seed, threads, 1, seenBytes);
    }
  }

  private Subject(Path folder, PlmConfig config, Checkpoint checkpoint, Way given) {
    boolean narrow = config.decoder().hiddenSize() <= NARROW;
    var way = narrow ? given.dividedAmongLearners() : given;
    this.folder = folder;
    this.config = config;
    this.checkpoint = checkpoint;
    Tensor.setThreads(way.threads());
    this.type = way.type();
    this.threads = way.threads() * way.learners();
    var stored = Parameters.Stored.of(new StoredWeights(checkpoint, type, owner));
    parameters = new Parameters(stored, name -> way.learning().contains(Part.of(name)));
    for (int i = 0; i < way.learners(); i++) {
      members.add(member(i == 0 ? parameters : parameters.twin(owner), way, i));
    }
  }

  /// Opens a checkpoint of Hugging Face's layout.
  static Subject open(Path given, Way way) {
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
      return new Subject(folder, config, checkpoint, way);
    } catch (RuntimeException | Error e) {
      checkpoint.close();
      throw e;
    }
  }

  private Team.Member member(Parameters own, Way way, int number) {
    var slow = Kernels.differentiable();
    closers.add(slow::close);
    var root = Weights.of(own, slow);
    var tower = root;
    if (!way.learning().contains(Part.VISION)) {
      var fast = Kernels.create(way.threads());
      closers.add(fast::close);
      tower = Weights.of(own, fast);
    }
    PlmParts parts;
    try (var _ = Scope.open()) {
      parts = PlmParts.of(config, new PlmParts.Roots(tower, root), owner);
    }
    // Members draw for themselves: with one seed they would leave out the same.
    var chance = new Chance(way.seed() + 1_000_003L * number);
    var before = new SeenBefore(way.seenBytes() / way.learners());
    closers.add(before::close);
    var sight = new Sight(parts, type, way.learning(), way.dropPath(), chance, before);
    var learner = new Learner(parts, type, way.memory(), way.learning(), sight);
    return new Team.Member(learner, own.learnt(), chance);
  }

  Path folder() {
    return folder;
  }

  PlmConfig config() {
    return config;
  }

  List<Parameter> learnt() {
    return parameters.learnt();
  }

  Team team(Gradients gradients) {
    return new Team(members, gradients);
  }

  /// Whether gradients of one step come from several places.
  Gradients.Parts parts(int accumulation) {
    boolean one = members.size() == 1 && accumulation == 1;
    return one ? Gradients.Parts.ONE : Gradients.Parts.SEVERAL;
  }

  /// The model as it is now, to answer with; it sees every later change.
  PerceptionLm model() {
    return new PerceptionLm(
        config,
        type,
        name -> parameters.tensor(name).detach(),
        Kernels.create(threads),
        new Owner());
  }

  /// Writes a complete checkpoint.
  ///
  /// @param target holds no weights yet
  void write(Path target, long maxShardBytes) {
    try (var files = Files.list(folder)) {
      Files.createDirectories(target);
      for (var file : files.filter(Subject::goesAlong).toList()) {
        Files.copy(file, target.resolve(file.getFileName().toString()));
      }
    } catch (IOException e) {
      throw new InputException("%s cannot be written to: %s".formatted(target, e), e);
    }
    var tensors =
        parameters.all().entrySet().stream()
            .map(entry -> source(entry.getKey(), entry.getValue()))
            .toList();
    CheckpointWriter.write(target, tensors, maxShardBytes);
  }

  /// Takes over what was learnt from a checkpoint that [#write] wrote.
  void read(Path written) {
    var learnt = PlmCheckpoint.open(written, config);
    try (learnt) {
      for (var parameter : parameters.learnt()) {
        var info = learnt.info(parameter.name());
        if (info.dtype() != type) {
          throw new InputException(
              "%s: %s is of %s, but this run computes in %s; go on with the settings that the run began with."
                  .formatted(written, parameter.name(), info.dtype(), type));
        }
        try (var arena = Arena.ofConfined()) {
          parameter.value().memory().copyFrom(learnt.data(parameter.name(), arena));
        }
      }
    }
  }

  private static TensorSource source(String name, Tensor tensor) {
    return new TensorSource(name, tensor.dtype(), Shape.of(tensor.shape()), tensor::memory);
  }

  private static boolean goesAlong(Path file) {
    var name = file.getFileName().toString();
    return Files.isRegularFile(file)
        && !WEIGHTS.contains(name.substring(name.lastIndexOf('.') + 1))
        && !name.endsWith(".safetensors.index.json");
  }

  @Override
  public void close() {
    closers.forEach(Runnable::run);
    owner.close();
    checkpoint.close();
  }
}
