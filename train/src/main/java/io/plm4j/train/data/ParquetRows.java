package io.plm4j.train.data;

import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.schema.ColumnProjection;
import dev.hardwood.schema.SchemaNode;
import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Rows of Parquet files.
///
/// Parquet is made to be read from front to back: for one row somewhere in the middle all before it
/// in its group must be unpacked, which are often a thousand pictures. So its rows are copied once
/// to a temporary file, in which any of them is found at once; Python's `datasets` does the same.
final class ParquetRows implements Rows {
  private final List<Path> files;
  private final FirstRows firsts;
  private final Spool spool;

  private ParquetRows(List<Path> files, FirstRows firsts, Spool spool) {
    this.files = files;
    this.firsts = firsts;
    this.spool = spool;
  }

  /// @param files in the order of their rows
  /// @param limit the most rows
  /// @param scratch a folder that has room for them
  static ParquetRows open(List<Path> files, Columns columns, long limit, Path scratch) {
    try (var writer = new Spool.Writer(scratch)) {
      var counts = new ArrayList<Integer>();
      for (var file : files) {
        int before = writer.count();
        copy(file, columns, limit - before, writer);
        counts.add(writer.count() - before);
      }
      return new ParquetRows(files, new FirstRows(counts), writer.finish());
    }
  }

  private static void copy(Path file, Columns columns, long limit, Spool.Writer writer) {
    try (var reader = ParquetFileReader.open(new GuardedFile(file))) {
      var names = reader.getFileSchema().getRootNode().children().stream().map(SchemaNode::name);
      var projection = ColumnProjection.columns(known(file, names.toList(), columns));
      try (var rows = reader.buildRowReader().projection(projection).build()) {
        copy(rows, limit, writer);
      }
    } catch (InputException e) {
      throw e;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      if (isFull(e)) {
        throw new InputException(
            "The groups of rows in %s are too large for Java's memory. Write it with fewer rows a group, such as 100, or give more memory."
                .formatted(file),
            e);
      }
      // A damaged file shows in many ways.
      throw new InputException(
          "%s cannot be read as Parquet: %s. A cut or half-downloaded file looks like this; fetch it again."
              .formatted(file, Excerpt.of(String.valueOf(e.getMessage()))),
          e);
    }
  }

  private static boolean isFull(@Nullable Throwable e) {
    return e != null && (e instanceof OutOfMemoryError || isFull(e.getCause()));
  }

  private static void copy(RowReader rows, long limit, Spool.Writer writer) {
    for (long i = 0; i < limit && rows.hasNext(); i++) {
      rows.next();
      writer.add(ParquetValues.of(rows));
    }
  }

  /// The columns that can play a part; others may be large.
  private static String[] known(Path file, List<String> names, Columns columns) {
    columns
        .names()
        .forEach((field, name) -> {
          if (!names.contains(name)) {
            throw new InputException(
                "%s has no column \"%s\", which was named for %s; there are %s"
                    .formatted(file, Excerpt.of(name), field.key(), Excerpt.of(names)));
          }
        });
    Set<String> wanted = columns.all();
    var known = names.stream().filter(wanted::contains).toArray(String[]::new);
    if (known.length == 0) {
      throw new InputException(
          "%s has no column of a usual name; there are %s. Name those for image, question, answer or conversation."
              .formatted(file, Excerpt.of(names)));
    }
    return known;
  }

  @Override
  public int count() {
    return spool.count();
  }

  @Override
  public JsonNode read(int row) {
    return spool.read(row);
  }

  @Override
  public String place(int row) {
    int file = firsts.part(row);
    return "%s, row %d".formatted(files.get(file), row - firsts.first(file) + 1);
  }

  @Override
  public void close() {
    spool.close();
  }
}
