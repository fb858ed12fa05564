package io.plm4j.train.stage;

import io.plm4j.model.PlmCheckpoint;
import io.plm4j.model.PlmConfig;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.nio.file.Path;

/// What a model's files hold.
final class StoredNumbers {
  private StoredNumbers() {}

  /// The numbers of a tensor, whatever their type.
  static float[] of(Path folder, String name) {
    try (var checkpoint = PlmCheckpoint.open(folder, PlmConfig.read(folder));
        var _ = Scope.open()) {
      var info = checkpoint.info(name);
      return Tensor.over(checkpoint.data(name), info.dtype(), info.shape().toArray())
          .to(DType.F32)
          .toFloats();
    }
  }
}
