package io.plm4j.cli;

import io.plm4j.CacheOptions;
import io.plm4j.cache.CacheFolder;
import io.plm4j.error.InputException;
import io.plm4j.language.KvFormat;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// What is kept for the next question, and how.
final class CacheFlags {
  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = {
        "Keep what was seen and read in this folder, so that another run need not compute it. It is",
        "made if it is not there; several runs may use it at once."
      })
  private Optional<Path> folder = Optional.empty();

  @Option(
      names = "--cache-size",
      paramLabel = "SIZE",
      converter = ConvertCommand.Size.class,
      description = "The most bytes in the folder of --cache, such as 2GB. Default: 10GB.")
  private Optional<Long> size = Optional.empty();

  @Option(
      names = "--kv-cache",
      paramLabel = "TYPE",
      converter = FormatName.class,
      description = {
        "Keep keys and values as int8, in half the memory of bf16, or as computed. Scores differ a",
        "little with int8. Default: computed."
      })
  private Optional<KvFormat> format = Optional.empty();

  /// Finds options that would do nothing.
  void check() {
    if (size.isPresent() && folder.isEmpty()) {
      throw new InputException("--cache-size has no effect without --cache DIR; leave it out.");
    }
  }

  CacheOptions over(CacheOptions defaults, Terminal terminal) {
    var caches = format.map(defaults::withKeysAndValues).orElse(defaults);
    return folder
        .map(given ->
            caches.withDisk(
                new CacheFolder.Settings(
                    given,
                    size.orElse(CacheOptions.DISK_BYTES),
                    InstantSource.system(),
                    warning -> {
                      terminal.progress().clear();
                      terminal.err().println("plm: warning: " + warning);
                    })))
        .orElse(caches);
  }

  static final class FormatName implements ITypeConverter<KvFormat> {
    @Override
    public KvFormat convert(String name) {
      return switch (name) {
        case "computed" -> KvFormat.COMPUTED;
        case "int8" -> KvFormat.INT8;
        default -> throw new TypeConversionException("'" + name + "' is neither computed nor int8");
      };
    }
  }
}
