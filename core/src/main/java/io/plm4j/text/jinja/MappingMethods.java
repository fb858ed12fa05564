package io.plm4j.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The methods of a Python dict that do not change it.
final class MappingMethods {
  private static final Set<String> SUPPORTED = Set.of("get", "items", "keys", "values");

  /// The rest of a dict's methods. They hide members of the same name, so they are known, too.
  private static final Set<String> REFUSED =
      Set.of("clear", "copy", "fromkeys", "pop", "popitem", "setdefault", "update");

  private MappingMethods() {}

  static boolean has(String name) {
    return SUPPORTED.contains(name) || REFUSED.contains(name);
  }

  static Value call(Value.Mapping mapping, String name, Arguments arguments) {
    return switch (name) {
      case "get" -> {
        var bound = arguments.bind("key", "default");
        if (bound[0] == null) {
          throw new Failure("get() needs a key");
        }
        Value value = mapping.entries().get(bound[0]);
        yield value != null ? value : bound[1] != null ? bound[1] : Value.None.NONE;
      }
      case "items" -> {
        arguments.none();
        yield Value.Sequence.list(pairs(mapping));
      }
      case "keys" -> {
        arguments.none();
        yield Value.Sequence.list(List.copyOf(mapping.entries().keySet()));
      }
      case "values" -> {
        arguments.none();
        yield Value.Sequence.list(List.copyOf(mapping.entries().values()));
      }
      default -> throw new Failure("the method '%s' of a mapping is not supported".formatted(name));
    };
  }

  static List<Value> pairs(Value.Mapping mapping) {
    List<Value> pairs = new ArrayList<>();
    mapping
        .entries()
        .forEach((key, value) ->
            pairs.add(new Value.Sequence(List.of(key, value), Value.Sequence.Kind.TUPLE)));
    return pairs;
  }
}
