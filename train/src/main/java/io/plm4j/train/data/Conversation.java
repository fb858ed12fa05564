package io.plm4j.train.data;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.text.Content;
import io.plm4j.text.Message;
import io.plm4j.text.Role;
import io.plm4j.train.data.Cells.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Reads who says what in a row: `from` and `value` as Meta's data have it, or `role` and `content`
/// as chat templates have it.
final class Conversation {
  /// Written down again for each of its answers, so that time goes with the square.
  private static final int MOST_MESSAGES = 1000;

  private final Function<Cell, Row.Picture> reader;
  private final List<Row.Picture> pictures = new ArrayList<>();

  /// @param reader of a picture that a message brings itself
  Conversation(Function<Cell, Row.Picture> reader) {
    this.reader = reader;
  }

  /// Pictures that messages brought themselves.
  List<Row.Picture> pictures() {
    return pictures;
  }

  /// The messages as they stand in the row.
  List<Message> read(Cell list) {
    if (!list.value().isArray()) {
      throw list.wanted("a list of messages");
    }
    if (list.value().size() > MOST_MESSAGES) {
      throw new InputException(
          "\"%s\" has %d messages; at most %d can be learnt at once"
              .formatted(list.column(), list.value().size(), MOST_MESSAGES));
    }
    return list.items().stream().map(this::message).toList();
  }

  private Message message(Cell message) {
    if (!message.value().isObject()) {
      throw message.wanted("a message, {\"from\": \"human\", \"value\": ...}");
    }
    return message.find("role").isPresent()
        ? new Message(role(message.at("role")), content(message.at("content")))
        : new Message(
            speaker(message.at("from")), List.of(Content.text(words(message.at("value")))));
  }

  private static Role speaker(Cell from) {
    return switch (from.text()) {
      case "human" -> Role.USER;
      case "assistant" -> Role.ASSISTANT;
      default -> throw from.wanted("\"human\" or \"assistant\"");
    };
  }

  private static Role role(Cell role) {
    return switch (role.text()) {
      case "system" -> Role.SYSTEM;
      case "user" -> Role.USER;
      case "assistant" -> Role.ASSISTANT;
      default -> throw role.wanted("\"system\", \"user\" or \"assistant\"");
    };
  }

  /// Meta's code makes text of whatever an answer is, as Python writes it: counts are often
  /// numbers.
  private static String words(Cell value) {
    if (value.value().isBoolean()) {
      return value.value().booleanValue() ? "True" : "False";
    }
    return value.value().isNumber() ? value.value().asString() : value.text();
  }

  private List<Content> content(Cell content) {
    if (!content.value().isArray()) {
      return List.of(Content.text(content.text()));
    }
    return content.items().stream().map(this::part).toList();
  }

  private Content part(Cell part) {
    if (!part.value().isObject()) {
      throw part.wanted("a part of a message, {\"type\": \"text\", \"text\": ...}");
    }
    var type = part.at("type");
    return switch (type.text()) {
      case "text" -> Content.text(part.at("text").text());
      case "image" -> {
        part.find("image").or(() -> part.find("path")).map(reader).ifPresent(pictures::add);
        yield Content.image();
      }
      case "video" -> Content.video();
      default ->
          throw new InputException(
              "\"%s\" is %s; wanted \"text\", \"image\" or \"video\""
                  .formatted(type.column(), Excerpt.of(type.value().toString())));
    };
  }
}
