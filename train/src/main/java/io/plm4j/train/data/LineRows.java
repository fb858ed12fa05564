package io.plm4j.train.data;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Rows that are lines of JSON, in one file or in several that follow one another.
final class LineRows implements Rows {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(64)
                          .maxTokenCount(1_000_000)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final List<LineFile> files;
  private final FirstRows firsts;

  private LineRows(List<LineFile> files) {
    this.files = files;
    this.firsts = new FirstRows(files.stream().map(LineFile::count).toList());
  }

  /// @param paths in the order of their rows
  static LineRows open(List<Path> paths) {
    var files = paths.stream().map(LineFile::index).toList();
    for (var file : files) {
      if (file.count() > 0 && startsList(file)) {
        throw new InputException(
            "%s holds one JSON list; wanted are lines with a JSON object {...} each"
                .formatted(file.path()));
      }
    }
    return new LineRows(files);
  }

  private static boolean startsList(LineFile file) {
    return file.starts()[1] - file.starts()[0] < 1024
        && new String(file.read(0), java.nio.charset.StandardCharsets.UTF_8)
            .stripLeading()
            .startsWith("[");
  }

  @Override
  public int count() {
    return firsts.count();
  }

  @Override
  public JsonNode read(int row) {
    int file = firsts.part(row);
    byte[] line = files.get(file).read(row - firsts.first(file));
    if (line.length == 0) {
      throw new InputException("the line is empty");
    }
    try {
      return MAPPER.readTree(line);
    } catch (JacksonException e) {
      var at = e.getLocation();
      throw new InputException(
          "it is not valid JSON at column %d: %s"
              .formatted(at == null ? 1 : at.getColumnNr(), Excerpt.of(e.getOriginalMessage())),
          e);
    }
  }

  @Override
  public String place(int row) {
    int file = firsts.part(row);
    return "%s, line %d".formatted(files.get(file).path(), row - firsts.first(file) + 1);
  }

  @Override
  public void close() {}
}
