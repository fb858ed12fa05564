package io.plm4j.train.data;

import io.plm4j.error.Excerpt;
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
  private static final String PARQUET = ".parquet";
  private static final String METADATA = "metadata.jsonl";

  /// @param scratch a folder for temporary files
  static SourceFiles open(Source source, Path scratch) {
    var path = source.path();
    try {
      if (Files.isDirectory(path)) {
        return ofFolder(source, path, scratch);
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
    if (source.split().isPresent()) {
      throw noSplits(source);
    }
    if (name.endsWith(".jsonl") || name.endsWith(".json")) {
      return new SourceFiles(LineRows.open(List.of(path)), folder, source.columns());
    }
    if (name.endsWith(PARQUET)) {
      return new SourceFiles(parquet(source, List.of(path), scratch), folder, source.columns());
    }
    throw new InputException(
        "%s of the source %s is of no known kind; name a .jsonl or .parquet file, or a folder"
            .formatted(path, source.name()));
  }

  private static SourceFiles ofFolder(Source source, Path folder, Path scratch) throws IOException {
    var tables = files(folder, path -> name(path).toLowerCase(Locale.ROOT).endsWith(PARQUET));
    if (source.split().isPresent() && tables.isEmpty()) {
      throw noSplits(source);
    }
    var chunks =
        files(
            folder, path -> folder.equals(path.getParent()) && CHUNK.matcher(name(path)).matches());
    var pictures = files(folder, path -> PICTURE.matcher(name(path)).matches());
    var captioned =
        pictures.stream().filter(path -> Files.exists(CaptionedPictures.caption(path))).toList();
    var metadata = Stream.of(folder.resolve(METADATA)).filter(Files::exists).toList();
    var kinds = Stream.of(tables, chunks, metadata, captioned).filter(k -> !k.isEmpty()).toList();
    if (kinds.size() > 1
        && !(kinds.size() == 2 && kinds.contains(metadata) && !captioned.isEmpty())) {
      throw new InputException(
          "%s of the source %s holds data of several kinds, such as %s and %s; name one of them"
              .formatted(
                  folder,
                  source.name(),
                  kinds.get(0).getFirst().getFileName(),
                  kinds.get(1).getFirst().getFileName()));
    }
    if (!tables.isEmpty()) {
      return new SourceFiles(
          parquet(source, SplitNames.choose(source, tables), scratch), folder, source.columns());
    }
    if (!metadata.isEmpty()) {
      return new SourceFiles(LineRows.open(metadata), folder, named(source.columns()));
    }
    if (!chunks.isEmpty()) {
      return new SourceFiles(LineRows.open(chunks), folder, source.columns());
    }
    if (!captioned.isEmpty()) {
      // Those without a caption are bad rows, so that they are told of.
      return new SourceFiles(new CaptionedPictures(folder, pictures), folder, source.columns());
    }
    throw new InputException(
        "%s of the source %s holds no .parquet files, no pieces of JSON lines such as chunk.1.jsonl, no %s and no pictures with captions"
            .formatted(folder, source.name(), METADATA));
  }

  private static Rows parquet(Source source, List<Path> files, Path scratch) {
    return ParquetRows.open(
        files, source.columns(), source.limit().orElse(Integer.MAX_VALUE), scratch);
  }

  private static InputException noSplits(Source source) {
    return new InputException(
        "the source %s shall be the split %s, but %s is no folder of .parquet files; leave the split out"
            .formatted(source.name(), Excerpt.of(source.split().orElse("")), source.path()));
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

  private static List<Path> files(Path folder, Choice choice) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(choice::takes).filter(Files::isRegularFile).sorted().toList();
    }
  }
}
