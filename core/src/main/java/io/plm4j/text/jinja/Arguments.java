package io.plm4j.text.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The values that a function, filter or test is called with.
record Arguments(String callee, List<Value> positional, Map<String, Value> named) {

  /// Brings the arguments into the order of `parameters`; absent ones are null.
  @Nullable Value[] bind(String... parameters) {
    if (positional.size() > parameters.length) {
      throw new Failure(
          "%s takes at most %d arguments, but got %d"
              .formatted(callee, parameters.length, positional.size()));
    }
    var bound = new @Nullable Value[parameters.length];
    Map<String, Value> rest = new HashMap<>(named);
    for (int i = 0; i < parameters.length; i++) {
      Value byName = rest.remove(parameters[i]);
      if (i < positional.size()) {
        if (byName != null) {
          throw new Failure("%s got '%s' twice".formatted(callee, parameters[i]));
        }
        bound[i] = positional.get(i);
      } else {
        bound[i] = byName;
      }
    }
    for (String unknown : rest.keySet()) {
      throw new Failure("%s has no argument '%s'".formatted(callee, unknown));
    }
    return bound;
  }

  /// The single argument that must be there.
  Value only(String parameter) {
    Value value = bind(parameter)[0];
    if (value == null) {
      throw new Failure("%s needs the argument '%s'".formatted(callee, parameter));
    }
    return value;
  }

  void none() {
    if (bind().length != 0) {
      throw new AssertionError();
    }
  }
}
