package io.plm4j.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A value while a template runs; the kinds are Python's.
sealed interface Value {
  record Text(TracedText text) implements Value {
    static Text of(String trusted) {
      return new Text(TracedText.trusted(trusted));
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }

  record Whole(long value) implements Value {}

  record Real(double value) implements Value {}

  enum Truth implements Value {
    TRUE,
    FALSE;

    static Truth of(boolean truth) {
      return truth ? TRUE : FALSE;
    }
  }

  enum None implements Value {
    NONE
  }

  /// What a name or member that does not exist gives: printed it is empty, but it has no members.
  ///
  /// @param reason such as `'x' is undefined`
  record Undefined(String reason) implements Value {}

  record Sequence(List<Value> items, Kind kind) implements Value {
    enum Kind {
      LIST,
      TUPLE
    }

    static Sequence list(List<? extends Value> items) {
      return new Sequence(List.copyOf(items), Kind.LIST);
    }
  }

  /// What `select`, `map` and their like give: to be gone through once, true even if it has no
  /// items, and without a length, as in Python.
  final class Generator implements Value {
    private List<Value> rest;

    Generator(List<Value> items) {
      rest = items;
    }

    /// All items that were not taken yet.
    List<Value> take() {
      List<Value> taken = rest;
      rest = List.of();
      return taken;
    }

    /// The next item, as a list of one or none.
    List<Value> takeFirst() {
      List<Value> first = rest.subList(0, Math.min(1, rest.size()));
      rest = rest.subList(first.size(), rest.size());
      return first;
    }
  }

  /// Keys are texts or whole numbers.
  record Mapping(Map<Value, Value> entries) implements Value {}

  /// `namespace()`: the one kind of value whose members can be assigned.
  final class Namespace implements Value {
    final Map<String, Value> members = new LinkedHashMap<>();
  }

  /// `loop` inside a for.
  record Loop(int index, List<Value> items) implements Value {}

  /// Something that can be called.
  record Function(String name, Body body) implements Value {
    interface Body {
      Value call(Arguments arguments);
    }
  }

  /// The value of a Java object: `String` (trusted), {@link TracedText}, `Boolean`, `Integer`,
  /// `Long`, `Double`, `List`, `Map` with string keys, or null.
  static Value of(@Nullable Object object) {
    return switch (object) {
      case null -> None.NONE;
      case Value value -> value;
      case String text -> Text.of(text);
      case TracedText text -> new Text(text);
      case Boolean truth -> Truth.of(truth);
      case Integer number -> new Whole(number);
      case Long number -> new Whole(number);
      case Double number -> new Real(number);
      case List<?> list -> {
        List<Value> items = new ArrayList<>();
        list.forEach(item -> items.add(of(item)));
        yield Sequence.list(items);
      }
      case Map<?, ?> map -> {
        Map<Value, Value> entries = new LinkedHashMap<>();
        map.forEach((key, value) -> entries.put(of(key), of(value)));
        yield new Mapping(entries);
      }
      default -> throw new IllegalArgumentException("no template value for " + object.getClass());
    };
  }
}
