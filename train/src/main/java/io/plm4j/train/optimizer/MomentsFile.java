package io.plm4j.train.optimizer;

import io.plm4j.checkpoint.SafetensorsFile;
import io.plm4j.checkpoint.SafetensorsWriter;
import io.plm4j.checkpoint.Shape;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.error.InputException;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;

/// The moments and masters of an optimiser on disk.
public final class MomentsFile {
  private MomentsFile() {}

  public static void write(Path file, Map<String, Tensor> state) {
    SafetensorsWriter.write(
        file,
        state.entrySet().stream()
            .map(entry -> TensorSource.of(entry.getKey(), entry.getValue()))
            .toList());
  }

  /// Fills the tensors from a file.
  ///
  /// @throws InputException if it was written with other parameters or another optimiser
  public static void read(Path file, Map<String, Tensor> state) {
    try (var arena = Arena.ofConfined()) {
      var stored = SafetensorsFile.open(file, arena);
      if (!stored.tensors().keySet().equals(state.keySet())) {
        throw new InputException(
            "%s holds the moments of %d tensors, but this run has %d; go on with the settings that the run began with."
                .formatted(file, stored.tensors().size(), state.size()));
      }
      state.forEach((name, tensor) -> {
        var info = stored.tensors().get(name);
        if (info == null
            || info.dtype() != tensor.dtype()
            || !info.shape().equals(Shape.of(tensor.shape()))) {
          throw new InputException(
              "%s: %s is %s, but this run has %s; go on with the settings that the run began with."
                  .formatted(file, name, info, tensor));
        }
        tensor.memory().copyFrom(stored.data(name, arena));
      });
    }
  }
}
