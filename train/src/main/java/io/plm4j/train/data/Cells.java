package io.plm4j.train.data;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.train.data.Columns.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// One row's values, asked for by what they are for. `null` counts as absent.
///
/// @param values an object
record Cells(JsonNode values, Columns columns) {
  /// @param column what the row calls it
  record Cell(String column, JsonNode value) {
    InputException wanted(String what) {
      return new InputException(
          "\"%s\" is %s; wanted %s".formatted(column, Excerpt.of(described()), what));
    }

    private String described() {
      return value.isBinary() ? "bytes" : value.toString();
    }

    String text() {
      if (!value.isString()) {
        throw wanted("a string");
      }
      return value.stringValue();
    }

    /// The cell itself, or the items of the list that it is.
    List<Cell> items() {
      if (!value.isArray()) {
        return List.of(this);
      }
      var items = new ArrayList<Cell>();
      for (int i = 0; i < value.size(); i++) {
        items.add(new Cell("%s[%d]".formatted(column, i), value.get(i)));
      }
      return items;
    }

    Optional<Cell> find(String key) {
      var found = value.get(key);
      return found == null || found.isNull()
          ? Optional.empty()
          : Optional.of(new Cell(column + "." + key, found));
    }

    Cell at(String key) {
      return find(key)
          .orElseThrow(() -> new InputException("\"%s.%s\" is absent".formatted(column, key)));
    }

    double number() {
      if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
        throw wanted("a number");
      }
      return value.doubleValue();
    }
  }

  Optional<Cell> find(String column) {
    var value = values.get(column);
    return value == null || value.isNull()
        ? Optional.empty()
        : Optional.of(new Cell(column, value));
  }

  /// @throws InputException if the row has two columns of that kind, or not the one that was named
  Optional<Cell> find(Field field) {
    var named = columns.names().get(field);
    if (named != null) {
      if (!values.has(named)) {
        throw new InputException(
            "no column \"%s\", which was named for %s; there are %s"
                .formatted(named, field.key(), Excerpt.of(List.copyOf(values.propertyNames()))));
      }
      return find(named);
    }
    var found = field.usual().stream().flatMap(name -> find(name).stream()).toList();
    if (found.size() > 1) {
      throw new InputException(
          "\"%s\" and \"%s\" could both be %s; name one column for it"
              .formatted(found.get(0).column(), found.get(1).column(), field.key()));
    }
    return found.stream().findFirst();
  }

  /// Whether the row has a value for it.
  boolean has(Field field) {
    return find(field).isPresent();
  }
}
