package io.plm4j.train.stage;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// YAML, of which JSON is a part, read as strictly as JSON is.
final class YamlFile {
  /// Settings are written by hand.
  private static final long MAX_BYTES = 1_000_000;

  private static final YAMLMapper YAML =
      YAMLMapper.builder(
              YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .build();

  private static final JsonMapper JSON = new JsonMapper();

  private YamlFile() {}

  /// Reads a file that holds one mapping.
  static JsonObject read(Path file) {
    return JsonObject.parse(file.toString(), JSON.writeValueAsBytes(tree(file)));
  }

  /// The same as a tree.
  static ObjectNode tree(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new InputException(file + " is not there or not a file.");
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new InputException(
            "%s has %,d bytes; settings have at most %,d. Is it another kind of file?"
                .formatted(file, Files.size(file), MAX_BYTES));
      }
      return tree(file.toString(), Files.readAllBytes(file));
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s".formatted(file, e), e);
    }
  }

  /// @param file how messages call the source
  static ObjectNode tree(String file, byte[] yaml) {
    JsonNode root;
    try {
      root = YAML.readTree(yaml);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new InputException("%s is no YAML: %s".formatted(file, reason(e)), e);
    }
    // A file of comments alone says nothing.
    if (root == null || root.isMissingNode() || root.isNull()) {
      return JSON.createObjectNode();
    }
    if (!(root instanceof ObjectNode object)) {
      throw new InputException(
          "%s holds %s; wanted settings, \"key: value\" a line."
              .formatted(file, Excerpt.of(root.toString())));
    }
    return object;
  }

  private static String reason(RuntimeException e) {
    var message =
        e instanceof JacksonException syntax
            ? syntax.getOriginalMessage()
            : Optional.ofNullable(e.getMessage()).orElse("it cannot be read");
    return Excerpt.of(message.lines().map(String::strip).toList());
  }
}
