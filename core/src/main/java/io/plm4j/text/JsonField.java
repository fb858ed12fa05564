package io.plm4j.text;

import io.plm4j.error.InputException;
import io.plm4j.text.JsonReader.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A value inside a JSON file together with the place where it stands, so that a complaint about it
/// can name both.
///
/// Values are read into plain maps and lists: data binding would cost more time at start-up than
/// the rest of a small file.
///
/// @param place file and path, for example `tokenizer.json: $.model.type`
/// @param value a `Map`, `List`, `String`, `Integer`, `Double`, `Boolean`, or null
record JsonField(String place, @Nullable Object value) {

  /// Deeper than any published file; a hostile one must not exhaust the stack.
  private static final int DEEPEST = 50;

  /// Reads the value that comes next.
  static JsonField read(JsonReader json, String place) {
    return new JsonField(place, value(json, place, 0));
  }

  private static @Nullable Object value(JsonReader json, String place, int depth) {
    if (depth > DEEPEST) {
      throw json.wanted("at most %d levels".formatted(DEEPEST));
    }
    return switch (json.peek()) {
      case '{' -> object(json, place, depth);
      case '[' -> list(json, place, depth);
      case '"' -> json.string();
      case 't' -> {
        json.word("true");
        yield true;
      }
      case 'f' -> {
        json.word("false");
        yield false;
      }
      case 'n' -> {
        json.word("null");
        yield null;
      }
      default -> json.number();
    };
  }

  private static Map<String, @Nullable Object> object(JsonReader json, String place, int depth) {
    json.expect('{');
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    for (var position = Position.START; json.hasNext(position, '}'); position = Position.LATER) {
      String key = json.name();
      if (members.containsKey(key)) {
        throw new InputException("%s: the key \"%s\" occurs twice".formatted(place, key));
      }
      members.put(key, value(json, place + "." + key, depth + 1));
    }
    return members;
  }

  private static List<@Nullable Object> list(JsonReader json, String place, int depth) {
    json.expect('[');
    List<@Nullable Object> items = new ArrayList<>();
    for (var position = Position.START; json.hasNext(position, ']'); position = Position.LATER) {
      items.add(value(json, place + "[" + items.size() + "]", depth + 1));
    }
    return items;
  }

  boolean isNull() {
    return value == null;
  }

  boolean isText() {
    return value instanceof String;
  }

  boolean isList() {
    return value instanceof List;
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
