package io.plm4j.cli;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The fields of a JSON object that a user wrote. A null counts as absent.
///
/// @param source how messages call it
record JsonFields(String source, JsonNode object) {
  JsonFields {
    if (!object.isObject()) {
      throw new InputException(
          "%s: wanted an object {...}, found %s.".formatted(source, Excerpt.of(object.toString())));
    }
  }

  void requireKnown(Set<String> keys) {
    for (var key : object.propertyNames()) {
      if (!keys.contains(key)) {
        throw wrong(
            "the key \"%s\" would be ignored; known are %s"
                .formatted(Excerpt.of(key), String.join(", ", keys.stream().sorted().toList())));
      }
    }
  }

  Optional<JsonNode> node(String key) {
    return Optional.ofNullable(object.get(key)).filter(node -> !node.isNull());
  }

  Optional<String> text(String key) {
    return node(key)
        .map(node -> {
          if (!node.isString()) {
            throw wrong(key, node, "a string");
          }
          return node.stringValue();
        });
  }

  /// The strings of a list; empty if there is none.
  List<String> texts(String key) {
    var texts = new ArrayList<String>();
    node(key)
        .ifPresent(list -> {
          if (!list.isArray()) {
            throw wrong(key, list, "a list of strings");
          }
          for (var item : list) {
            if (!item.isString()) {
              throw wrong(key, item, "strings in it");
            }
            texts.add(item.stringValue());
          }
        });
    return texts;
  }

  Optional<Integer> integer(String key) {
    return node(key)
        .map(node -> {
          if (!node.isInt()) {
            throw wrong(key, node, "a whole number");
          }
          return node.intValue();
        });
  }

  Optional<Double> number(String key) {
    return node(key)
        .map(node -> {
          if (!node.isNumber()) {
            throw wrong(key, node, "a number");
          }
          return node.doubleValue();
        });
  }

  InputException wrong(String what) {
    return new InputException(source + ": " + what + ".");
  }

  private InputException wrong(String key, JsonNode found, String wanted) {
    return wrong("\"%s\" is %s, wanted %s".formatted(key, Excerpt.of(found.toString()), wanted));
  }
}
