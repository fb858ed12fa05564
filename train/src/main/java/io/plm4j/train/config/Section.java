package io.plm4j.train.config;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A mapping of settings that knows its place and remembers what was asked of it. A value that is
/// not what it must be is an [InputException] that says where it stands.
final class Section {
  private final String path;
  private final Node.Mapping node;
  private final Set<String> asked = new LinkedHashSet<>();

  Section(String path, Node.Mapping node) {
    this.path = path;
    this.node = node;
  }

  boolean has(String key) {
    return find(key) != null;
  }

  Optional<String> text(String key) {
    return scalar(key, "a text");
  }

  OptionalInt integer(String key, int min, int max) {
    var number = whole(key, min, max);
    return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
  }

  OptionalLong whole(String key, long min, long max) {
    var wanted = "a whole number from %,d to %,d".formatted(min, max);
    var text = scalar(key, wanted);
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      long number = Long.parseLong(text.get());
      if (number >= min && number <= max) {
        return OptionalLong.of(number);
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    throw wrong(key, wanted);
  }

  /// `1e-4`, `0.1` and `5` are numbers here, whatever YAML's editions make of them.
  OptionalDouble number(String key, double min, double max) {
    var wanted = "a number from %s to %s".formatted(min, max);
    var text = scalar(key, wanted);
    if (text.isEmpty()) {
      return OptionalDouble.empty();
    }
    try {
      double number = Double.parseDouble(text.get());
      // Java's own endings, as in 5d, are no numbers to anybody else.
      boolean plain = text.get().matches("[-+]?[0-9.]+([eE][-+]?[0-9]+)?");
      if (plain && number >= min && number <= max) {
        return OptionalDouble.of(number);
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    throw wrong(key, wanted);
  }

  Optional<Boolean> flag(String key) {
    return scalar(key, "true or false")
        .map(text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "true" -> true;
              case "false" -> false;
              default -> throw wrong(key, "true or false");
            });
  }

  /// One of some names.
  <T> Optional<T> choice(String key, Map<String, T> names) {
    var wanted = "one of " + String.join(", ", names.keySet());
    return scalar(key, wanted)
        .map(text -> {
          var value = names.get(text);
          if (value == null) {
            throw wrong(key, wanted);
          }
          return value;
        });
  }

  /// The texts of `[a, b]`, or of `a` alone; empty when the key is absent.
  Optional<List<String>> texts(String key) {
    var value = find(key);
    return switch (value) {
      case null -> Optional.empty();
      case Node.Scalar(var text, _) -> Optional.of(List.of(text));
      case Node.Items(var nodes, _)
          when nodes.stream().allMatch(item -> item instanceof Node.Scalar) ->
          Optional.of(nodes.stream().map(item -> ((Node.Scalar) item).text()).toList());
      default -> throw wrong(key, "a list of texts");
    };
  }

  /// A mapping, which has nothing in it when the key is absent.
  Section section(String key) {
    var value = find(key);
    return switch (value) {
      case null -> new Section(path + key + ".", new Node.Mapping(new LinkedHashMap<>(), origin()));
      case Node.Mapping mapping -> new Section(path + key + ".", mapping);
      default -> throw wrong(key, "settings below it, \"key: value\" a line");
    };
  }

  /// The mappings of a list; a text in their place is read as the one setting that matters most.
  List<Section> sections(String key, String shorthand) {
    var value = find(key);
    var nodes =
        switch (value) {
          case null -> List.<Node>of();
          case Node.Items(var items, _) -> items;
          default -> List.of(value);
        };
    var sections = new ArrayList<Section>();
    for (var item : nodes) {
      var place = "%s%s[%d].".formatted(path, key, sections.size());
      sections.add(
          switch (item) {
            case Node.Mapping mapping -> new Section(place, mapping);
            case Node.Scalar scalar ->
                new Section(place, new Node.Mapping(only(shorthand, scalar), scalar.origin()));
            default -> throw wrong(key, "a list of mappings, each with " + shorthand);
          });
    }
    return List.copyOf(sections);
  }

  private static LinkedHashMap<String, Node> only(String key, Node node) {
    var entries = new LinkedHashMap<String, Node>();
    entries.put(key, node);
    return entries;
  }

  /// The texts of a mapping of texts.
  Map<String, String> named(String key) {
    var section = section(key);
    var texts = new LinkedHashMap<String, String>();
    for (var name : section.node.entries().keySet()) {
      section.text(name).ifPresent(text -> texts.put(name, text));
    }
    return texts;
  }

  List<String> keys() {
    return List.copyOf(node.entries().keySet());
  }

  /// Whether the key is there to say that there is no value.
  boolean isAbsent(String key) {
    asked.add(key);
    return node.entries().get(key) instanceof Node.Absent;
  }

  boolean isList(String key) {
    return node.entries().get(key) instanceof Node.Items;
  }

  Origin origin() {
    return node.origin();
  }

  /// Where a key that is there stands.
  Origin originOf(String key) {
    var value = node.entries().get(key);
    return value == null ? origin() : value.origin();
  }

  /// Refuses keys that nobody asked for, and names the one that may have been meant.
  void requireNoMore(List<String> alsoKnown) {
    for (var entry : node.entries().entrySet()) {
      if (!asked.contains(entry.getKey()) && !alsoKnown.contains(entry.getKey())) {
        throw new InputException(
            "%s: %s is no setting; %s"
                .formatted(
                    entry.getValue().origin(),
                    Excerpt.of(path + entry.getKey()),
                    NearestName.remedy(entry.getKey(), asked)));
      }
    }
  }

  /// @param wanted the end of a sentence
  InputException wrong(String key, String wanted) {
    var value = node.entries().get(key);
    return new InputException(
        value == null
            ? "%s: %s is absent; wanted %s.".formatted(origin(), path + key, wanted)
            : "%s: %s is %s; wanted %s."
                .formatted(value.origin(), path + key, Excerpt.of(value.describe()), wanted));
  }

  /// What the constructors of settings say of values that do not fit each other.
  <T> T checked(Function<Section, T> make) {
    try {
      return make.apply(this);
    } catch (IllegalArgumentException e) {
      throw inconsistent(e);
    }
  }

  /// What others say of values that do not fit each other, with their place.
  InputException inconsistent(RuntimeException e) {
    var place = path.isEmpty() ? "" : " " + path.substring(0, path.length() - 1) + ":";
    return new InputException("%s:%s %s.".formatted(origin(), place, e.getMessage()), e);
  }

  private Optional<String> scalar(String key, String wanted) {
    return switch (find(key)) {
      case null -> Optional.empty();
      case Node.Scalar(var text, _) -> Optional.of(text);
      default -> throw wrong(key, wanted);
    };
  }

  private @Nullable Node find(String key) {
    asked.add(key);
    var value = node.entries().get(key);
    return value instanceof Node.Absent ? null : value;
  }

  static <E extends Enum<E>> Map<String, E> names(E[] values) {
    var names = new LinkedHashMap<String, E>();
    Arrays.stream(values).forEach(v -> names.put(v.name().toLowerCase(Locale.ROOT), v));
    return names;
  }
}
