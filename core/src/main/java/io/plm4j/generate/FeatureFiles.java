package io.plm4j.generate;

import io.plm4j.cache.CacheKey;
import io.plm4j.tensor.Scattered;
import io.plm4j.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/// What a model saw in pictures and videos, on disk: a file a medium.
final class FeatureFiles {
  private final Memory.Disk disk;

  FeatureFiles(Memory.Disk disk) {
    this.disk = disk;
  }

  /// Fills a tensor with a medium's features.
  ///
  /// @param features of the type and shape that they have
  /// @return whether they were there
  boolean read(String identity, Tensor features) {
    return disk.folder().read(key(identity), scattered(features));
  }

  void write(String identity, Tensor features) {
    disk.folder().write(key(identity), scattered(features));
  }

  private CacheKey key(String identity) {
    return CacheKey.of("features", disk.model(), identity);
  }

  private static List<Scattered> scattered(Tensor features) {
    return List.of(
        new Scattered(
            "features",
            features.dtype(),
            Arrays.stream(features.shape()).boxed().toList(),
            List.of(features.memory())));
  }
}
