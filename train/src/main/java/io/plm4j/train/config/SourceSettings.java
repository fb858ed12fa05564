package io.plm4j.train.config;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Some rows to learn from.
///
/// @param name how messages call it; unlike the others'
/// @param path a file, or a folder of them
/// @param weight how often a row of it is drawn, relative to the other sources; empty: as often as
///   it has rows. All sources of a run have one, or none has
/// @param rootDir that paths in it start from; empty: the folder of the file
/// @param columns what the row's columns are called there, by what they mean here: `image`,
///   `question`, `answer` and so on
/// @param prompt the question, where rows have none
/// @param limit how many of its first rows are used; empty: all
public record SourceSettings(
    String name,
    Path path,
    Optional<Double> weight,
    Kind kind,
    Optional<Path> rootDir,
    Map<String, String> columns,
    Optional<String> prompt,
    OptionalLong limit) {
  /// What files hold.
  public enum Kind {
    /// As the name of the file, or what is in the folder, says.
    AUTO,
    /// A conversation a line, as PLM's own data has them.
    JSONL,
    /// Hugging Face's, with pictures in the rows or as files.
    PARQUET,
    /// Pictures, each with its words in a text file of the same name.
    FOLDER
  }

  public SourceSettings {
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    if (weight.isPresent() && !(weight.get() > 0 && weight.get() < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("weight %s is not positive".formatted(weight.get()));
    }
    if (limit.isPresent() && limit.getAsLong() < 1) {
      throw new IllegalArgumentException("limit %d is not positive".formatted(limit.getAsLong()));
    }
  }

  /// A file of which nothing else is said; called by its name without the ending.
  public static SourceSettings of(Path path) {
    return new SourceSettings(
        nameOf(path),
        path,
        Optional.empty(),
        Kind.AUTO,
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        OptionalLong.empty());
  }

  static String nameOf(Path path) {
    var file = path.toAbsolutePath().normalize().getFileName();
    var name = file == null ? "data" : file.toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }
}
