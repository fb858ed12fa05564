package io.plm4j.train.data;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Finds the files of one part of a data set by their names: `train-00000-of-00002.parquet`, or
/// `train/0000.parquet`.
final class SplitNames {
  private static final Pattern WORD = Pattern.compile("[^-._]+");

  private SplitNames() {}

  /// @param files at least one
  static List<Path> choose(Source source, List<Path> files) {
    if (source.split().isPresent()) {
      var wanted = source.split().get();
      var chosen = files.stream().filter(file -> isOf(file, wanted)).toList();
      if (chosen.isEmpty()) {
        throw new InputException(
            "%s of the source %s has no files of the split \"%s\"; there are %s"
                .formatted(
                    source.path(),
                    source.name(),
                    Excerpt.of(wanted),
                    Excerpt.of(
                        files.stream().map(f -> source.path().relativize(f).toString()).toList())));
      }
      return chosen;
    }
    var splits = new TreeSet<String>();
    for (var split : List.of("train", "test", "validation", "valid", "val", "dev")) {
      if (files.stream().anyMatch(file -> isOf(file, split))) {
        splits.add(split);
      }
    }
    if (splits.size() > 1) {
      throw new InputException(
          "%s of the source %s holds several splits: %s. Say which one is meant."
              .formatted(source.path(), source.name(), String.join(", ", splits)));
    }
    return files;
  }

  private static boolean isOf(Path file, String split) {
    var word = WORD.matcher(file.getFileName().toString());
    boolean named = word.find() && word.start() == 0 && word.group().equals(split);
    var parent = file.getParent();
    return named
        || parent != null
            && parent.getFileName() != null
            && parent.getFileName().toString().toLowerCase(Locale.ROOT).equals(split);
  }
}
