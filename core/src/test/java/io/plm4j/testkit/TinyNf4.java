package io.plm4j.testkit;

import io.plm4j.checkpoint.CheckpointWriter;
import io.plm4j.checkpoint.Shape;
import io.plm4j.checkpoint.TensorSource;
import io.plm4j.model.Nf4Tensors;
import io.plm4j.model.PlmCheckpoint;
import io.plm4j.model.PlmConfig;
import io.plm4j.quant.Kernels;
import io.plm4j.quant.Nf4Scales;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/// A tiny model as bitsandbytes stores it in NF4.
public final class TinyNf4 {
  private TinyNf4() {}

  /// @param model a folder that [TinyCheckpoint] wrote
  public static void write(Path folder, Path model, Nf4Scales scales) {
    var config = PlmConfig.read(model);
    try (var checkpoint = PlmCheckpoint.open(model, config);
        var kernels = Kernels.create(1);
        var owner = new Owner();
        var _ = Scope.open()) {
      var tensors = new ArrayList<TensorSource>();
      config
          .expectedTensors()
          .forEach((name, shape) -> {
            var data = checkpoint.data(name);
            if (isQuantized(name, shape)) {
              var dense = Tensor.over(data, DType.F32, shape.toArray());
              var matrix = kernels.quantize(dense, scales).heldBy(owner);
              tensors.addAll(Nf4Tensors.of(name, matrix, DType.F32));
            } else {
              tensors.add(new TensorSource(name, DType.F32, shape, () -> data));
            }
          });
      CheckpointWriter.write(folder, tensors, 1 << 30);
      copyOthers(folder, model);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isQuantized(String name, Shape shape) {
    return shape.rank() == 2 && !name.contains("embed") && !name.equals("lm_head.weight");
  }

  private static void copyOthers(Path folder, Path model) throws IOException {
    try (var files = Files.list(model)) {
      for (var file : files.filter(f -> f.toString().matches(".*(json|jinja)")).toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    var config = folder.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replaceFirst(
                "\\{",
                """
                {
                  "quantization_config": {
                    "quant_method": "bitsandbytes", "load_in_4bit": true, "bnb_4bit_quant_type": "nf4"
                  },\
                """));
  }
}
