package io.plm4j.generate;

import io.plm4j.cache.CacheFolder;
import io.plm4j.language.KvFormat;
import java.util.Optional;

/// What is remembered of earlier questions to a model, so that nothing is computed twice: what it
/// saw in pictures and videos, and the keys and values of what it read.
///
/// Owned by whoever owns the model; sessions and batches of the model share it. It must not be used
/// once the model's weights have changed.
public final class Memory implements AutoCloseable {
  private final FeatureCache features;
  private final PrefixCache prefixes;
  private final KvFormat format;
  private final Optional<Disk> disk;

  /// How much is kept in memory.
  ///
  /// @param featureBytes for what was seen; 0 keeps none
  /// @param prefixBytes for the keys and values of conversations that are closed; 0 keeps none, and
  ///   lets no conversation begin with what another holds
  public record Bounds(long featureBytes, long prefixBytes) {}

  /// What is kept on disk, too.
  ///
  /// @param model stands for all that features and positions depend on beside pixels and tokens
  public record Disk(CacheFolder folder, String model) {}

  /// @param format in which sessions keep keys and values
  public Memory(Bounds bounds, KvFormat format, Optional<Disk> disk) {
    this.features = new FeatureCache(bounds.featureBytes());
    this.prefixes = new PrefixCache(bounds.prefixBytes());
    this.format = format;
    this.disk = disk;
  }

  /// One that keeps nothing, for models that learn.
  public static Memory none() {
    return new Memory(new Bounds(0, 0), KvFormat.COMPUTED, Optional.empty());
  }

  FeatureCache features() {
    return features;
  }

  PrefixCache prefixes() {
    return prefixes;
  }

  KvFormat format() {
    return format;
  }

  Optional<FeatureFiles> featureFiles() {
    return disk.map(FeatureFiles::new);
  }

  Optional<PrefixFiles> prefixFiles() {
    return disk.map(kept -> new PrefixFiles(kept, format));
  }

  @Override
  public void close() {
    features.close();
    prefixes.close();
  }
}
