package io.plm4j.train;

import io.plm4j.adapter.Adapter;
import io.plm4j.adapter.AdapterConfig;
import io.plm4j.model.PlmConfig;
import io.plm4j.tensor.Owner;
import io.plm4j.train.config.Method;
import java.util.random.RandomGeneratorFactory;

/// Makes the adapter that settings ask for.
final class AdapterPlan {
  private static final String NAME = "default";

  private AdapterPlan() {}

  /// @param model its name, which goes into the adapter's configuration
  /// @param seed what A's numbers follow from
  /// @param owner keeps the numbers
  static Adapter adapter(
      Method.Adapter method, String model, PlmConfig config, long seed, Owner owner) {
    if (method.from().isPresent()) {
      return Adapter.read(NAME, method.from().get(), config, owner);
    }
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    return Adapter.fresh(NAME, config(method).withBaseModel(model), config, random, owner);
  }

  private static AdapterConfig config(Method.Adapter method) {
    var kind =
        switch (method.kind()) {
          case LORA, QLORA -> AdapterConfig.Kind.LORA;
          case DORA -> AdapterConfig.Kind.DORA;
        };
    return AdapterConfig.of(kind, method.targets())
        .withRank(method.rank(), method.alpha())
        .withDropout(method.dropout())
        .withScaling(method.scaling())
        .withInitialization(method.start());
  }
}
