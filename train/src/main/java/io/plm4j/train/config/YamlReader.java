package io.plm4j.train.config;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/// Reads a YAML file that holds one mapping, and remembers the line of everything in it.
///
/// Anchors and aliases are refused: Jackson would read an alias as its name.
final class YamlReader {
  private static final long MAX_BYTES = 1_000_000;
  private static final int MAX_DEPTH = 16;

  private static final YAMLFactory FACTORY =
      YAMLFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxTokenCount(MAX_BYTES)
                  .build())
          .build();

  private final String source;
  private final YAMLParser parser;

  private YamlReader(String source, YAMLParser parser) {
    this.source = source;
    this.parser = parser;
  }

  static Node.Mapping read(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new InputException(
            "%s is not there or not a file; name a YAML file with settings.".formatted(file));
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new InputException(
            "%s has %,d bytes; settings have at most %,d. It is probably another file."
                .formatted(file, Files.size(file), MAX_BYTES));
      }
      return parse(file.toString(), Files.readAllBytes(file));
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s".formatted(file, e), e);
    }
  }

  /// @param source how messages call the text
  static Node.Mapping parse(String source, byte[] yaml) {
    try (var parser = (YAMLParser) FACTORY.createParser(ObjectReadContext.empty(), yaml)) {
      return new YamlReader(source, parser).document();
    } catch (JacksonException e) {
      var at = e.getLocation();
      throw new InputException(
          "%s is not valid YAML at line %d, column %d: %s"
              .formatted(
                  source,
                  at == null ? 1 : Math.max(1, at.getLineNr()),
                  at == null ? 1 : Math.max(1, at.getColumnNr()),
                  Excerpt.of(firstLine(e.getOriginalMessage()))),
          e);
    }
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }

  private Node.Mapping document() {
    var first = parser.nextToken();
    if (first == null || first == JsonToken.VALUE_NULL) {
      return new Node.Mapping(new LinkedHashMap<>(), new Origin(source, 1));
    }
    var node = node();
    if (!(node instanceof Node.Mapping mapping)) {
      throw new InputException(
          "%s holds %s; wanted settings, \"key: value\" a line."
              .formatted(source, Excerpt.of(node.describe())));
    }
    if (parser.nextToken() != null) {
      throw new InputException(
          "%s: a second document begins here; settings are one.".formatted(here()));
    }
    return mapping;
  }

  private Node node() {
    if (parser.isCurrentAlias()) {
      throw new InputException(
          "%s: *%s is an alias, which settings cannot have; write the value again."
              .formatted(here(), Excerpt.of(parser.getString())));
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> mapping();
      case START_ARRAY -> items();
      case VALUE_NULL -> new Node.Absent(here());
      default ->
          // Jackson 3 knows YAML's null but not its other spelling.
          parser.getString().equals("~")
              ? new Node.Absent(here())
              : new Node.Scalar(parser.getString(), here());
    };
  }

  private Node.Mapping mapping() {
    var start = here();
    var entries = new LinkedHashMap<String, Node>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      var key = parser.currentName();
      var place = here();
      parser.nextToken();
      if (entries.put(key, node()) != null) {
        throw new InputException(
            "%s: %s is there twice; keep one.".formatted(place, Excerpt.of(key)));
      }
    }
    return new Node.Mapping(entries, start);
  }

  private Node.Items items() {
    var start = here();
    var nodes = new ArrayList<Node>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      nodes.add(node());
    }
    return new Node.Items(nodes, start);
  }

  private Origin here() {
    return new Origin(source, Math.max(1, parser.currentTokenLocation().getLineNr()));
  }
}
