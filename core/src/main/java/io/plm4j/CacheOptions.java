package io.plm4j;

import io.plm4j.cache.CacheFolder;
import io.plm4j.error.InputException;
import io.plm4j.language.KvFormat;
import java.util.Optional;

/// What a model keeps so that nothing is computed twice, and how much memory and disk that may
/// take.
///
/// @param featureBytes memory for what was seen in pictures and videos; a picture of 36 tiles takes
///   39 MB with 1B in BF16. 0 for none
/// @param prefixBytes memory for keys and values of conversations that are over, from which others
///   go on where they begin alike; a picture of 36 tiles takes 310 MB with 1B in BF16. 0 for none:
///   then no conversation begins with what another one holds
/// @param keysAndValues in which numbers conversations keep them
/// @param disk a folder for both, so that they outlive the model
public record CacheOptions(
    long featureBytes,
    long prefixBytes,
    KvFormat keysAndValues,
    Optional<CacheFolder.Settings> disk) {
  public static final CacheOptions DEFAULT =
      new CacheOptions(256_000_000, 1_000_000_000, KvFormat.COMPUTED, Optional.empty());

  /// Nothing is kept.
  public static final CacheOptions NONE =
      new CacheOptions(0, 0, KvFormat.COMPUTED, Optional.empty());

  /// Of all files in a folder, where nothing else is said.
  public static final long DISK_BYTES = 10_000_000_000L;

  public CacheOptions {
    check("what was seen", featureBytes);
    check("keys and values", prefixBytes);
  }

  private static void check(String what, long bytes) {
    if (bytes < 0) {
      throw new InputException(
          "the memory for %s must be 0 bytes or more, but is %d".formatted(what, bytes));
    }
  }

  public CacheOptions withFeatureBytes(long bytes) {
    return new CacheOptions(bytes, prefixBytes, keysAndValues, disk);
  }

  public CacheOptions withPrefixBytes(long bytes) {
    return new CacheOptions(featureBytes, bytes, keysAndValues, disk);
  }

  public CacheOptions withKeysAndValues(KvFormat format) {
    return new CacheOptions(featureBytes, prefixBytes, format, disk);
  }

  public CacheOptions withDisk(CacheFolder.Settings folder) {
    return new CacheOptions(featureBytes, prefixBytes, keysAndValues, Optional.of(folder));
  }
}
