package io.plm4j.cli;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.media.Image;
import io.plm4j.media.ReadOptions;
import io.plm4j.text.Content;
import io.plm4j.text.Message;
import io.plm4j.text.Role;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads a conversation in the form that Hugging Face's `apply_chat_template` takes:
///
/// ```json
/// [{"role": "user", "content": [{"type": "image", "path": "cat.jpg"},
///                               {"type": "text", "text": "What is this?"}]},
///  {"role": "assistant", "content": "A cat."},
///  {"role": "user", "content": "What does it do?"}]
/// ```
///
/// A picture is a file (`path`, or `image` or `url` with a path or a `file:` address) or is in the
/// JSON itself (`base64`). An entry without any of them takes the next `--image`.
final class ConversationFile {
  private static final Set<String> SOURCES = Set.of("path", "image", "url", "base64");

  /// Pictures in the file come as base64, so its strings may be long.
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(16)
                          .maxStringLength(1 << 27)
                          .maxTokenCount(100_000)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String source;
  private final Queue<Path> given;
  private final ReadOptions options;
  private final List<Image> images = new ArrayList<>();

  private ConversationFile(String source, List<Path> given, ReadOptions options) {
    this.source = source;
    this.given = new ArrayDeque<>(given);
    this.options = options;
  }

  /// @param source how messages call the file
  /// @param given pictures for the entries that name none
  static Conversation parse(String source, String json, List<Path> given, ReadOptions options) {
    var file = new ConversationFile(source, given, options);
    var messages = file.messages(file.tree(json));
    if (!file.given.isEmpty()) {
      throw new InputException(
          "%d of the pictures given with --image have no place: %s has %d entries {\"type\": \"image\"} without a file of their own."
              .formatted(file.given.size(), source, given.size() - file.given.size()));
    }
    return new Conversation(messages, file.images);
  }

  private JsonNode tree(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JacksonException e) {
      var at = e.getLocation();
      throw new InputException(
          "%s is not valid JSON at line %d, column %d: %s"
              .formatted(
                  source,
                  at == null ? 1 : at.getLineNr(),
                  at == null ? 1 : at.getColumnNr(),
                  Excerpt.of(e.getOriginalMessage())),
          e);
    }
  }

  private List<Message> messages(JsonNode root) {
    if (!root.isArray() || root.isEmpty()) {
      throw wrong("$", root, "a list of messages [{\"role\": ..., \"content\": ...}, ...]");
    }
    var messages = new ArrayList<Message>();
    for (int i = 0; i < root.size(); i++) {
      messages.add(message("$[" + i + "]", root.get(i)));
    }
    if (messages.getLast().role() != Role.USER) {
      throw wrong(
          "$[" + (root.size() - 1) + "].role",
          root.get(root.size() - 1).get("role"),
          "\"user\": the model answers the last message");
    }
    return messages;
  }

  private Message message(String at, JsonNode node) {
    requireKeys(at, node, Set.of("role", "content"));
    var role = role(at + ".role", node.path("role"));
    var content = content(at + ".content", node.path("content"));
    if (role == Role.SYSTEM && !content.stream().allMatch(Content.Text.class::isInstance)) {
      throw wrong(
          at + ".content", node.path("content"), "text only: a system message shows nothing");
    }
    return new Message(role, content);
  }

  private Role role(String at, JsonNode node) {
    return switch (node.stringValue("")) {
      case "system" -> Role.SYSTEM;
      case "user" -> Role.USER;
      case "assistant" -> Role.ASSISTANT;
      default -> throw wrong(at, node, "\"system\", \"user\" or \"assistant\"");
    };
  }

  private List<Content> content(String at, JsonNode node) {
    if (node.isString()) {
      return List.of(Content.text(node.stringValue()));
    }
    if (!node.isArray()) {
      throw wrong(at, node, "a string or a list of parts [{\"type\": ...}, ...]");
    }
    var parts = new ArrayList<Content>();
    for (int i = 0; i < node.size(); i++) {
      parts.add(part(at + "[" + i + "]", node.get(i)));
    }
    return parts;
  }

  private Content part(String at, JsonNode node) {
    var type = node.path("type");
    switch (type.stringValue("")) {
      case "text" -> {
        requireKeys(at, node, Set.of("type", "text"));
        var text = node.path("text");
        if (!text.isString()) {
          throw wrong(at + ".text", text, "a string");
        }
        return Content.text(text.stringValue());
      }
      case "image" -> {
        requireKeys(at, node, Set.of("type", "path", "image", "url", "base64"));
        images.add(picture(at, node));
        return Content.image();
      }
      default -> throw wrong(at + ".type", type, "\"text\" or \"image\"");
    }
  }

  private Image picture(String at, JsonNode node) {
    var sources = node.propertyNames().stream().filter(SOURCES::contains).toList();
    if (sources.size() > 1) {
      throw new InputException(
          "%s: %s names its picture %d times (%s); once is enough."
              .formatted(source, at, sources.size(), String.join(", ", sources)));
    }
    if (sources.isEmpty()) {
      var next = given.poll();
      if (next == null) {
        throw new InputException(
            "%s: %s names no picture, and there is no --image left for it; add \"path\": \"FILE\"."
                .formatted(source, at));
      }
      return Image.read(next, options);
    }
    var key = sources.getFirst();
    var value = node.path(key);
    if (!value.isString()) {
      throw wrong(at + "." + key, value, "a string");
    }
    return key.equals("base64")
        ? decode(at + ".base64", value)
        : Image.read(path(at + "." + key, value), options);
  }

  private Path path(String at, JsonNode value) {
    var text = value.stringValue();
    if (text.matches("(?i)(https?|data):.*")) {
      throw wrong(at, value, "a file; plm4j fetches no pictures, download it first");
    }
    try {
      return text.startsWith("file:") ? Path.of(URI.create(text)) : Path.of(text);
    } catch (IllegalArgumentException e) {
      throw wrong(at, value, "a file's path");
    }
  }

  private Image decode(String at, JsonNode value) {
    try {
      return Image.decode(Base64.getMimeDecoder().decode(value.stringValue()), options);
    } catch (IllegalArgumentException e) {
      throw wrong(at, value, "a picture file's bytes in base64");
    } catch (InputException e) {
      throw new InputException("%s: %s: %s".formatted(source, at, e.getMessage()), e);
    }
  }

  private void requireKeys(String at, JsonNode node, Set<String> known) {
    if (!node.isObject()) {
      throw wrong(at, node, "an object {...}");
    }
    for (var key : node.propertyNames()) {
      if (!known.contains(key)) {
        throw new InputException(
            "%s: %s has the key \"%s\", which plm4j would ignore; known are %s."
                .formatted(
                    source,
                    at,
                    Excerpt.of(key),
                    String.join(", ", known.stream().sorted().toList())));
      }
    }
  }

  private InputException wrong(String at, JsonNode found, String wanted) {
    return new InputException(
        "%s: %s is %s; wanted %s."
            .formatted(
                source,
                at,
                found.isMissingNode() ? "absent" : Excerpt.of(found.toString()),
                wanted));
  }
}
