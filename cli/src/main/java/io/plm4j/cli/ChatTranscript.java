package io.plm4j.cli;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A chat as a file: the messages in the form of [ConversationFile], media by their files' absolute
/// paths.
final class ChatTranscript {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final List<JsonNode> messages = new ArrayList<>();

  /// A file that a message shows.
  ///
  /// @param type `image` or `video`
  record Shown(String type, Path file) {}

  boolean isEmpty() {
    return messages.isEmpty();
  }

  void clear() {
    messages.clear();
  }

  /// Takes over messages that were read from a file.
  void replace(JsonNode read) {
    messages.clear();
    read.forEach(messages::add);
  }

  void system(String text) {
    messages.add(message("system").put("content", text));
  }

  void question(List<Shown> shown, String text) {
    var message = message("user");
    var content = message.putArray("content");
    for (var medium : shown) {
      content
          .addObject()
          .put("type", medium.type())
          .put("path", medium.file().toAbsolutePath().normalize().toString());
    }
    content.addObject().put("type", "text").put("text", text);
    messages.add(message);
  }

  void answer(String text) {
    messages.add(message("assistant").put("content", text));
  }

  private static ObjectNode message(String role) {
    return NODES.objectNode().put("role", role);
  }

  /// Writes the file, whole or not at all.
  void save(Path file) {
    var target = file.toAbsolutePath();
    var part = target.resolveSibling(target.getFileName() + ".part");
    try {
      Files.writeString(part, MAPPER.writeValueAsString(messages) + "\n", StandardCharsets.UTF_8);
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new InputException("%s cannot be written: %s".formatted(file, e), e);
    }
  }
}
