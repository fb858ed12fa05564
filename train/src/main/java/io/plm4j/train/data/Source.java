package io.plm4j.train.data;

import io.plm4j.error.InputException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// Rows to learn from, and how they are meant.
///
/// What the path holds is found out: a file of JSON lines or of Parquet; a folder of Parquet files,
/// of pieces of JSON lines (`*chunk.3*.jsonl`), of pictures with a `metadata.jsonl`, or of pictures
/// with captions (`cat.png` and `cat.txt`).
///
/// @param name what messages and counts call it
/// @param root the folder that the rows' paths are relative to; empty for the one that holds the
///   rows
/// @param weight how often it is drawn from, against the other sources; empty to take each row once
///   in an epoch
/// @param prompt the question of every row, where rows hold answers only
/// @param split the part of a folder of Parquet files, such as `train`: those whose names begin
///   with it; empty if there is only one
/// @param limit how many rows are used, from the first on; empty for all
/// @param asking what a question of a row sees of the others
public record Source(
    String name,
    Path path,
    Optional<Path> root,
    OptionalDouble weight,
    Columns columns,
    Optional<String> prompt,
    Optional<String> split,
    OptionalLong limit,
    Asking asking) {
  public Source {
    if (name.isBlank()) {
      throw new InputException(
          "a source of data needs a name, but that of %s is blank".formatted(path));
    }
    if (weight.isPresent() && !(weight.getAsDouble() > 0 && weight.getAsDouble() < 1e15)) {
      throw new InputException(
          "the weight of the source %s must be greater than 0, but is %s"
              .formatted(name, weight.getAsDouble()));
    }
    if (limit.isPresent() && limit.getAsLong() < 1) {
      throw new InputException(
          "the source %s must use 1 row or more, but its limit is %d"
              .formatted(name, limit.getAsLong()));
    }
    if (prompt.isPresent() && columns.names().containsKey(Columns.Field.QUESTION)) {
      throw new InputException(
          "the source %s has a prompt for all rows and a column of questions, \"%s\"; give one of them"
              .formatted(name, columns.names().get(Columns.Field.QUESTION)));
    }
  }

  /// All rows of a file or folder, as often as any other row, its columns found out by their names.
  public static Source of(String name, Path path) {
    return new Source(
        name,
        path,
        Optional.empty(),
        OptionalDouble.empty(),
        Columns.USUAL,
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        Asking.IN_TURN);
  }

  public Source withRoot(Path folder) {
    return new Source(
        name, path, Optional.of(folder), weight, columns, prompt, split, limit, asking);
  }

  public Source withWeight(double number) {
    return new Source(
        name, path, root, OptionalDouble.of(number), columns, prompt, split, limit, asking);
  }

  public Source withColumns(Columns other) {
    return new Source(name, path, root, weight, other, prompt, split, limit, asking);
  }

  public Source withPrompt(String text) {
    return new Source(name, path, root, weight, columns, Optional.of(text), split, limit, asking);
  }

  public Source withSplit(String part) {
    return new Source(name, path, root, weight, columns, prompt, Optional.of(part), limit, asking);
  }

  public Source withLimit(long rows) {
    return new Source(
        name, path, root, weight, columns, prompt, split, OptionalLong.of(rows), asking);
  }

  public Source withAsking(Asking other) {
    return new Source(name, path, root, weight, columns, prompt, split, limit, other);
  }
}
