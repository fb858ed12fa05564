package io.plm4j.train;

import io.plm4j.checkpoint.CheckpointWriter;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.convert.OtherFiles;
import io.plm4j.error.InputException;
import io.plm4j.model.PlmCheckpoint;
import io.plm4j.model.PlmConfig;
import io.plm4j.model.StoredWeights;
import io.plm4j.nn.Weights;
import io.plm4j.quant.QuantizedMatrix;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import io.plm4j.train.learn.Chance;
import io.plm4j.train.learn.Parameter;
import io.plm4j.train.learn.Parameters;
import io.plm4j.train.learn.Part;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The weights of some parts of a model, learnt themselves.
final class LearntWeights implements Learnt {
  private static final long MAX_SHARD_BYTES = 5_000_000_000L;

  private final Path folder;
  private final PlmConfig config;
  private final StoredWeights stored;
  private final Owner owner;
  private final Set<Part> parts;
  private final Parameters parameters;
  private boolean given;

  /// @param folder of the checkpoint
  /// @param owner keeps the weights
  LearntWeights(Path folder, PlmConfig config, StoredWeights stored, Owner owner, Set<Part> parts) {
    this.folder = folder;
    this.config = config;
    this.stored = stored;
    this.owner = owner;
    this.parts = Set.copyOf(parts);
    parameters =
        new Parameters(Parameters.Stored.of(stored), name -> parts.contains(Part.of(name)));
  }

  @Override
  public Set<Part> parts() {
    return parts;
  }

  private record Own(Parameters source) implements Copy {
    @Override
    public List<Parameter> parameters() {
      return source.learnt();
    }
  }

  @Override
  public Copy copy(Chance chance) {
    var copy = new Own(given ? parameters.twin(owner) : parameters);
    given = true;
    return copy;
  }

  @Override
  public Weights.Source present(Owner holder) {
    return new Weights.Source() {
      @Override
      public Tensor tensor(String name) {
        try (var _ = Scope.open()) {
          return holder.hold(parameters.tensor(name).detach());
        }
      }

      @Override
      public Optional<QuantizedMatrix> quantized(String name) {
        return parameters.quantized(name);
      }
    };
  }

  @Override
  public int mostCopies() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void stepped() {}

  /// A complete checkpoint.
  @Override
  public void write(Path target) {
    try {
      Files.createDirectories(target);
    } catch (IOException e) {
      throw new InputException("%s cannot be written to: %s".formatted(target, e), e);
    }
    new OtherFiles(folder).copy(target, Optional.of(stored.type()));
    var tensors =
        parameters.all().entrySet().stream()
            .map(entry -> TensorSource.of(entry.getKey(), entry.getValue()))
            .toList();
    CheckpointWriter.write(target, tensors, MAX_SHARD_BYTES);
  }

  @Override
  public void read(Path written) {
    try (var checkpoint = PlmCheckpoint.open(written, config)) {
      for (var parameter : parameters.learnt()) {
        var info = checkpoint.info(parameter.name());
        if (info.dtype() != stored.type()) {
          throw new InputException(
              "%s: %s is of %s, but this run computes in %s; go on with the settings that the run began with."
                  .formatted(written, parameter.name(), info.dtype(), stored.type()));
        }
        try (var arena = Arena.ofConfined()) {
          parameter.value().memory().copyFrom(checkpoint.data(parameter.name(), arena));
        }
      }
    }
  }

  @Override
  public String resultName() {
    return "model";
  }
}
