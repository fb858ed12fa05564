package io.plm4j.train.data;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Finds out what a source's path holds.
///
/// @param rows of it
/// @param root the folder that paths in the rows are relative to, if nobody says otherwise
/// @param columns with what is known from the kind of files
record SourceFiles(Rows rows, Path root, Columns columns) {
  private static final Pattern CHUNK = Pattern.compile(".*chunk\\.\\d+.*\\.jsonl");
  private static final Pattern PICTURE =
      Pattern.compile(".*\\.(png|jpe?g|webp|gif|bmp|tiff?)", Pattern.CASE_INSENSITIVE);
  private static final String METADATA = "metadata.jsonl";

  static SourceFiles open(Source source) {
    var path = source.path();
    try {
      if (Files.isDirectory(path)) {
        return ofFolder(source, path);
      }
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s".formatted(path, e), e);
    }
    if (!Files.isRegularFile(path)) {
      throw new InputException(
          "%s of the source %s %s; name a .jsonl or .parquet file, or a folder"
              .formatted(
                  path, source.name(), Files.exists(path) ? "is not a file" : "is not there"));
    }
    var folder = path.resolveSibling("");
    var name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".jsonl") || name.endsWith(".json")) {
      return new SourceFiles(LineRows.open(List.of(path)), folder, source.columns());
    }
    throw new InputException(
        "%s of the source %s is of no known kind; name a .jsonl or .parquet file, or a folder"
            .formatted(path, source.name()));
  }

  private static SourceFiles ofFolder(Source source, Path folder) throws IOException {
    if (Files.exists(folder.resolve(METADATA))) {
      return new SourceFiles(
          LineRows.open(List.of(folder.resolve(METADATA))), folder, named(source.columns()));
    }
    var chunks = files(folder, 1, path -> CHUNK.matcher(name(path)).matches());
    var pictures =
        files(
            folder,
            Integer.MAX_VALUE,
            path ->
                PICTURE.matcher(name(path)).matches()
                    && Files.exists(CaptionedPictures.caption(path)));
    if (!chunks.isEmpty() && !pictures.isEmpty()) {
      throw new InputException(
          "%s of the source %s holds pieces of JSON lines (%s) and pictures with captions (%s); name one of them"
              .formatted(folder, source.name(), chunks.getFirst(), pictures.getFirst()));
    }
    if (!chunks.isEmpty()) {
      return new SourceFiles(LineRows.open(chunks), folder, source.columns());
    }
    if (!pictures.isEmpty()) {
      var all = files(folder, Integer.MAX_VALUE, path -> PICTURE.matcher(name(path)).matches());
      return new SourceFiles(new CaptionedPictures(folder, all), folder, source.columns());
    }
    throw new InputException(
        "%s of the source %s holds no .parquet files, no pieces of JSON lines such as chunk.1.jsonl, no %s and no pictures with captions"
            .formatted(folder, source.name(), METADATA));
  }

  /// Hugging Face's name for a picture beside its metadata.
  private static Columns named(Columns columns) {
    Map<Columns.Field, String> names = new EnumMap<>(Columns.Field.class);
    names.putAll(columns.names());
    names.putIfAbsent(Columns.Field.IMAGE, "file_name");
    return new Columns(names);
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  private interface Choice {
    boolean takes(Path path);
  }

  private static List<Path> files(Path folder, int depth, Choice choice) throws IOException {
    try (Stream<Path> paths = Files.walk(folder, depth)) {
      return paths.filter(choice::takes).filter(Files::isRegularFile).sorted().toList();
    }
  }
}
