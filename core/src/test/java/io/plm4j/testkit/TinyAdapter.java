package io.plm4j.testkit;

import io.plm4j.adapter.Adapter;
import io.plm4j.adapter.AdapterConfig;
import io.plm4j.adapter.AdapterFiles;
import io.plm4j.model.PlmConfig;
import io.plm4j.nn.LowRank;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Owner;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Random;

/// An adapter for a tiny model, of random numbers large enough to change answers.
public final class TinyAdapter {
  private TinyAdapter() {}

  /// Writes its folder.
  ///
  /// @param model folder of the model that it is for
  public static void write(Path folder, Path model, AdapterConfig config) {
    try (var owner = new Owner();
        var _ = Scope.open()) {
      var random = new Random(1);
      var adapter = Adapter.fresh("tiny", config, PlmConfig.read(model), random, owner);
      var layers = new LinkedHashMap<String, LowRank>();
      adapter
          .layers()
          .forEach((name, change) -> {
            var b = numbers(random, 0, 0.3, change.b().shape());
            var lora = new LowRank.Lora(change.a(), b, change.scale(), LowRank.Dropout.NONE);
            long out = b.size(0);
            layers.put(
                name,
                switch (config.kind()) {
                  case LORA -> lora;
                  case DORA ->
                      new LowRank.Dora(
                          lora, numbers(random, 2, 0.5, out), Tensor.zeros(DType.F32, out));
                });
          });
      AdapterFiles.write(folder, config, layers);
    }
  }

  private static Tensor numbers(Random random, double mean, double deviation, long... shape) {
    var tensor = Tensor.zeros(DType.F32, shape);
    var values = new float[(int) tensor.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian(mean, deviation);
    }
    return Tensor.of(values, shape);
  }
}
