package io.plm4j.text;

import io.plm4j.error.InputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// A value inside a JSON file together with the place where it stands, so that a complaint about it
/// can name both.
///
/// Values are read into plain maps and lists: data binding would cost more time at start-up than
/// the rest of a small file.
///
/// @param place file and path, for example `tokenizer.json: $.model.type`
/// @param value a `Map`, `List`, `String`, `Number`, `Boolean`, or null
record JsonField(String place, @Nullable Object value) {

  /// Reads the value that the parser's current token begins.
  static JsonField read(JsonParser parser, String place) {
    return new JsonField(place, value(parser, place));
  }

  private static @Nullable Object value(JsonParser parser, String place) {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          if (map.containsKey(name)) {
            throw new InputException("%s: the key \"%s\" occurs twice".formatted(place, name));
          }
          map.put(name, value(parser, place + "." + name));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser, place + "[" + list.size() + "]"));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT -> parser.getNumberValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new InputException("%s: expected a value, found %s".formatted(place, token));
    };
  }

  boolean isNull() {
    return value == null;
  }

  boolean isText() {
    return value instanceof String;
  }

  boolean isObject() {
    return value instanceof Map;
  }

  /// The member of this name; its value is null if it is absent.
  JsonField at(String name) {
    if (value instanceof Map<?, ?> map) {
      return new JsonField(place + "." + name, map.get(name));
    }
    throw wanted("an object");
  }

  /// The member of this name if it is there and not null.
  Optional<JsonField> find(String name) {
    JsonField field = at(name);
    return field.isNull() ? Optional.empty() : Optional.of(field);
  }

  Set<String> names() {
    if (value instanceof Map<?, ?> map) {
      Set<String> names = new java.util.LinkedHashSet<>();
      for (Object name : map.keySet()) {
        names.add((String) name);
      }
      return names;
    }
    throw wanted("an object");
  }

  List<JsonField> items() {
    if (value instanceof List<?> list) {
      List<JsonField> items = new ArrayList<>(list.size());
      for (int i = 0; i < list.size(); i++) {
        items.add(new JsonField(place + "[" + i + "]", list.get(i)));
      }
      return items;
    }
    throw wanted("a list");
  }

  String text() {
    if (value instanceof String text) {
      return text;
    }
    throw wanted("a string");
  }

  boolean flag() {
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wanted("true or false");
  }

  /// A whole number from 0 to `most`.
  int count(int most) {
    if (value instanceof Integer number && number >= 0 && number <= most) {
      return number;
    }
    throw wanted("a whole number from 0 to " + most);
  }

  /// Refuses members that are not named here: what is not understood must not be ignored.
  void allowOnly(String... known) {
    for (String name : names()) {
      if (!List.of(known).contains(name)) {
        throw at(name).unsupported();
      }
    }
  }

  InputException wanted(String what) {
    return new InputException("%s: expected %s, found %s".formatted(place, what, shown()));
  }

  InputException unsupported() {
    return new InputException("%s: %s is not supported".formatted(place, shown()));
  }

  private String shown() {
    return switch (value) {
      case null -> "nothing";
      case Map<?, ?> map -> "an object with the keys " + shorten(map.keySet().toString());
      case List<?> list -> "a list of " + list.size();
      case String text -> "\"" + shorten(text) + "\"";
      default -> shorten(value.toString());
    };
  }

  private static String shorten(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "…";
  }
}
