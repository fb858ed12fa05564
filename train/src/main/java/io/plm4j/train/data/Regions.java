package io.plm4j.train.data;

import io.plm4j.error.InputException;
import io.plm4j.region.Box;
import io.plm4j.region.BoxText;
import io.plm4j.train.data.Cells.Cell;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The boxes of a row, for the places `<|bbox0|>`, `<|bbox1|>`, ... of its texts.
///
/// Unlike a prompt of one question, a row may bring boxes that no text names: data sets list all
/// that a picture has.
///
/// @param written as the model reads them
record Regions(List<String> written) {
  private static final Pattern PLACE = Pattern.compile("<\\|bbox(\\d{1,9})\\|>");
  private static final int LARGEST = 1_000_000;

  static Regions of(Cells cells) {
    return cells
        .find("bbox")
        .map(boxes -> {
          var size = new BoxText(side(cells, "width"), side(cells, "height"));
          return new Regions(boxes.items().stream().map(box -> size.write(box(box))).toList());
        })
        .orElse(new Regions(List.of()));
  }

  private static int side(Cells cells, String name) {
    Optional<Cell> cell = cells.find(name);
    if (cell.isEmpty()) {
      throw new InputException("\"bbox\" needs \"%s\", which is absent".formatted(name));
    }
    double side = cell.get().number();
    if (side < 1 || side > LARGEST || side != Math.rint(side)) {
      throw cell.get().wanted("a whole number of pixels");
    }
    return (int) side;
  }

  private static Box box(Cell cell) {
    var edges = cell.items().stream().map(Cell::number).toList();
    if (edges.size() != 4) {
      throw cell.wanted("[x, y, width, height] in pixels");
    }
    return new Box(
        edges.get(0), edges.get(1), edges.get(0) + edges.get(2), edges.get(1) + edges.get(3));
  }

  /// @throws InputException if a place has no box
  String fill(String text) {
    return PLACE
        .matcher(text)
        .replaceAll(place -> {
          int index = Integer.parseInt(place.group(1));
          if (index >= written.size()) {
            throw new InputException(
                "a text has the place %s, but \"bbox\" has %d boxes, counted from 0"
                    .formatted(place.group(), written.size()));
          }
          return written.get(index);
        });
  }
}
