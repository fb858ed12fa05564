package io.plm4j.train.data;

import io.plm4j.error.InputException;
import io.plm4j.region.Box;
import io.plm4j.region.BoxTrack;
import io.plm4j.text.Content;
import io.plm4j.text.Message;
import io.plm4j.train.data.Cells.Cell;
import io.plm4j.train.data.Columns.Field;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Finds out what a row means: Meta's forms of conversations, lists of messages, or a question and
/// an answer.
///
/// @param prompt the question of rows that hold answers only
/// @param root the folder that paths are relative to
/// @param asking what a question of a row sees of the others
record RowForm(Columns columns, Optional<String> prompt, Path root, Asking asking) {
  /// @throws InputException saying what is wrong with the row
  Row read(JsonNode values) {
    if (!values.isObject()) {
      throw new InputException("it is no JSON object {...}");
    }
    var cells = new Cells(values, columns);
    var pictures = new ArrayList<>(pictures(cells));
    var videos = video(cells).stream().toList();
    var conversation = new Conversation(this::picture);
    var messages = filled(messages(cells, conversation), Regions.of(cells));
    if (!pictures.isEmpty() && !conversation.pictures().isEmpty()) {
      throw new InputException("its messages bring pictures, but it has others beside them");
    }
    pictures.addAll(conversation.pictures());
    var placed = new MediaTags(Turns.of(messages), pictures.size(), videos.size()).place();
    return new Row(placed.messages(), pictures, videos, placed.placement(), seen(cells), asking);
  }

  private List<Message> messages(Cells cells, Conversation conversation) {
    var list = cells.find(Field.CONVERSATION);
    if (list.isEmpty()) {
      return List.of(Message.user(question(cells)), Message.assistant(answer(cells)));
    }
    if (prompt.isPresent()) {
      throw new InputException(
          "it holds a conversation, but the source has a prompt for rows without one");
    }
    return conversation.read(list.get());
  }

  private static List<Message> filled(List<Message> messages, Regions regions) {
    return messages.stream()
        .map(message ->
            new Message(
                message.role(),
                message.content().stream()
                    .map(part ->
                        part instanceof Content.Text(String text)
                            ? Content.text(regions.fill(text))
                            : part)
                    .toList()))
        .toList();
  }

  private String question(Cells cells) {
    var question = cells.find(Field.QUESTION);
    if (question.isPresent() && prompt.isPresent()) {
      throw new InputException(
          "it has a question of its own in \"%s\", but the source has a prompt for all rows"
              .formatted(question.get().column()));
    }
    // A caption without a question is how the projector is taught.
    return question.map(Cell::text).or(() -> prompt).orElse("");
  }

  private static String answer(Cells cells) {
    return cells
        .find(Field.ANSWER)
        .map(Cell::text)
        .orElseThrow(() ->
            new InputException(
                "neither a conversation (%s) nor an answer (%s) is there"
                    .formatted(
                        String.join(", ", Field.CONVERSATION.usual()),
                        String.join(", ", Field.ANSWER.usual()))));
  }

  private List<Row.Picture> pictures(Cells cells) {
    return cells.find(Field.IMAGE).stream()
        .flatMap(cell -> cell.items().stream())
        .map(this::picture)
        .toList();
  }

  /// A path, bytes, or both in Hugging Face's `{bytes, path}`, of which the bytes are the picture.
  private Row.Picture picture(Cell cell) {
    if (cell.value().isBinary()) {
      return new Row.Picture.Embedded(bytes(cell));
    }
    if (cell.value().isObject()) {
      var bytes = cell.find("bytes");
      if (bytes.isPresent()) {
        if (!bytes.get().value().isBinary()) {
          throw bytes.get().wanted("bytes");
        }
        return new Row.Picture.Embedded(bytes(bytes.get()));
      }
      return new Row.Picture.Stored(path(cell.at("path")));
    }
    return new Row.Picture.Stored(path(cell));
  }

  private static byte[] bytes(Cell cell) {
    return cell.value().binaryValue();
  }

  private Path path(Cell cell) {
    try {
      return root.resolve(cell.text());
    } catch (InvalidPathException e) {
      throw cell.wanted("a path");
    }
  }

  /// What lies at each position of a picture.
  private static Optional<List<@Nullable String>> seen(Cells cells) {
    return cells
        .find("seen")
        .map(cell -> {
          if (!cell.value().isArray()) {
            throw cell.wanted("a list, with a string or null for each position of the picture");
          }
          var names = new ArrayList<@Nullable String>();
          cell.items().forEach(item -> names.add(item.value().isNull() ? null : item.text()));
          return names;
        });
  }

  private Optional<Row.Footage> video(Cells cells) {
    return cells
        .find(Field.VIDEO)
        .map(cell ->
            new Row.Footage(
                path(cell),
                cells.find("start_time").map(Cell::number).orElse(0.0),
                cells.find("end_time").map(Cell::number).orElse(Double.POSITIVE_INFINITY),
                cells.find("bbox_map").map(RowForm::track)));
  }

  private static BoxTrack track(Cell map) {
    if (!map.value().isObject()) {
      throw map.wanted("boxes by the numbers of frames, {\"0\": [x1, y1, x2, y2], \"1\": null}");
    }
    var boxes = new LinkedHashMap<Integer, Box>();
    for (String frame : map.value().propertyNames()) {
      if (!frame.matches("\\d{1,9}")) {
        throw new InputException(
            "\"%s\" has a key that is no frame's number".formatted(map.column()));
      }
      map.find(frame).ifPresent(box -> boxes.put(Integer.parseInt(frame), edges(box)));
    }
    return new BoxTrack(boxes);
  }

  private static Box edges(Cell box) {
    var edges = new ArrayList<Double>();
    box.items().forEach(edge -> edges.add(edge.number()));
    if (edges.size() != 4) {
      throw box.wanted("four edges [x1, y1, x2, y2] in pixels, or null");
    }
    return new Box(edges.get(0), edges.get(1), edges.get(2), edges.get(3));
  }
}
