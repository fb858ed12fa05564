package io.plm4j.train.data;

import io.plm4j.error.InputException;
import java.nio.file.Path;
import java.util.OptionalDouble;

/// A source with its files open.
///
/// @param numbers which of its rows are used
record OpenSource(String name, OptionalDouble weight, Rows rows, RowForm form, RowNumbers numbers) {
  /// @param scratch a folder for temporary files
  static OpenSource open(Source source, Path scratch) {
    var files = SourceFiles.open(source, scratch);
    int count = (int) Math.min(files.rows().count(), source.limit().orElse(files.rows().count()));
    if (count == 0) {
      files.rows().close();
      throw new InputException(
          "the source %s has no rows: %s is empty".formatted(source.name(), source.path()));
    }
    return new OpenSource(
        source.name(),
        source.weight(),
        files.rows(),
        new RowForm(
            files.columns(), source.prompt(), source.root().orElse(files.root()), source.asking()),
        new RowNumbers.First(count));
  }

  OpenSource with(RowNumbers other) {
    return new OpenSource(name, weight, rows, form, other);
  }

  int count() {
    return numbers.count();
  }

  void close() {
    rows.close();
  }
}
