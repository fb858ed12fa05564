package io.plm4j.cli;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.json.JsonSyntax;
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
import java.util.Optional;
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
/// JSON itself (`base64`). An entry without any of them takes the next `--image`. A video is a file
/// likewise (`path`, `video` or `url`), or the next `--video`.
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

  /// Whose words come last.
  enum Ending {
    QUESTION,
    ANSWER
  }

  private static final Set<String> VIDEO_SOURCES = Set.of("path", "video", "url");

  private final String source;
  private final Queue<Path> given;
  private final Queue<Path> givenVideos;
  private final ReadOptions options;
  private final List<Image> images = new ArrayList<>();
  private final List<Path> videos = new ArrayList<>();

  private ConversationFile(Source source) {
    this.source = source.name();
    this.given = new ArrayDeque<>(source.images());
    this.givenVideos = new ArrayDeque<>(source.videos());
    this.options = source.options();
  }

  /// A file, and what is given beside it.
  ///
  /// @param name how messages call it
  /// @param images pictures for the entries that name none
  /// @param videos likewise
  record Source(String name, List<Path> images, List<Path> videos, ReadOptions options) {}

  /// Reads a conversation.
  static Conversation parse(Source source, String json, Ending ending) {
    return parse(source, tree(source.name(), json), ending);
  }

  /// Reads a conversation from the part of a file that holds it.
  static Conversation parse(Source source, JsonNode json, Ending ending) {
    var file = new ConversationFile(source);
    var messages = file.messages(json, ending);
    requireUsed("pictures", "image", source.images().size(), file.given.size(), source.name());
    requireUsed("videos", "video", source.videos().size(), file.givenVideos.size(), source.name());
    return new Conversation(messages, file.images, file.videos);
  }

  private static void requireUsed(String kind, String type, int given, int left, String source) {
    if (left > 0) {
      throw new InputException(
          "%d of the %s given with --%s have no place: %s has %d entries {\"type\": \"%s\"} without a file of their own."
              .formatted(left, kind, type, source, given - left, type));
    }
  }

  /// @param source how messages call the text
  static JsonNode tree(String source, String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JacksonException e) {
      throw new InputException(JsonSyntax.describe(source, e), e);
    }
  }

  private List<Message> messages(JsonNode root, Ending ending) {
    if (!root.isArray() || root.isEmpty()) {
      throw wrong("$", root, "a list of messages [{\"role\": ..., \"content\": ...}, ...]");
    }
    var messages = new ArrayList<Message>();
    for (int i = 0; i < root.size(); i++) {
      messages.add(message("$[" + i + "]", root.get(i)));
    }
    requireEnding(messages.getLast().role(), ending, root);
    return messages;
  }

  private void requireEnding(Role last, Ending ending, JsonNode root) {
    var at = "$[" + (root.size() - 1) + "].role";
    var role = root.get(root.size() - 1).get("role");
    switch (ending) {
      case QUESTION -> {
        if (last != Role.USER) {
          throw wrong(at, role, "\"user\": the model answers the last message");
        }
      }
      case ANSWER -> {
        if (last != Role.ASSISTANT) {
          throw wrong(
              at,
              role,
              "\"assistant\": a chat goes on behind an answer; `plm generate --conversation` answers a question");
        }
      }
    }
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
      case "video" -> {
        requireKeys(at, node, Set.of("type", "path", "video", "url"));
        videos.add(video(at, node));
        return Content.video();
      }
      default -> throw wrong(at + ".type", type, "\"text\", \"image\" or \"video\"");
    }
  }

  private Image picture(String at, JsonNode node) {
    var key = source(at, node, SOURCES);
    if (key.isEmpty()) {
      return Image.read(next(at, given, "picture", "image"), options);
    }
    var where = at + "." + key.get();
    var value = node.path(key.get());
    requireString(where, value);
    return key.get().equals("base64")
        ? decode(where, value)
        : Image.read(path(where, value), options);
  }

  private Path video(String at, JsonNode node) {
    var key = source(at, node, VIDEO_SOURCES);
    if (key.isEmpty()) {
      return next(at, givenVideos, "video", "video");
    }
    var where = at + "." + key.get();
    requireString(where, node.path(key.get()));
    return path(where, node.path(key.get()));
  }

  /// The key that says where a medium is, if the entry has one.
  private Optional<String> source(String at, JsonNode node, Set<String> known) {
    var sources = node.propertyNames().stream().filter(known::contains).toList();
    if (sources.size() > 1) {
      throw new InputException(
          "%s: %s names its file %d times (%s); once is enough."
              .formatted(source, at, sources.size(), String.join(", ", sources)));
    }
    return sources.stream().findFirst();
  }

  private Path next(String at, Queue<Path> files, String kind, String option) {
    var next = files.poll();
    if (next == null) {
      throw new InputException(
          "%s: %s names no %s, and there is no --%s left for it; add \"path\": \"FILE\"."
              .formatted(source, at, kind, option));
    }
    return next;
  }

  private void requireString(String at, JsonNode value) {
    if (!value.isString()) {
      throw wrong(at, value, "a string");
    }
  }

  private Path path(String at, JsonNode value) {
    var text = value.stringValue();
    if (text.matches("(?i)(https?|data):.*")) {
      throw wrong(at, value, "a file; plm4j fetches nothing, download it first");
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
