package io.plm4j.generate.constraint;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A schema inside of a schema file, and where it stands there. Two are equal if they stand at the
/// same place.
///
/// @param path such as `#/properties/age`
record Place(String file, String path, JsonNode node) {
  /// Beyond this, counting takes more memory than an answer that fits is worth.
  private static final int MAX_COUNT = 1_000_000;

  /// A list or map that an answer must fill is bounded by the tokens of an answer anyway.
  private static final int MAX_NEEDED = 10_000;

  boolean isObject() {
    return node.isObject();
  }

  boolean isFalse() {
    return node.isBoolean() && !node.booleanValue();
  }

  boolean has(String key) {
    return node.has(key);
  }

  Place at(String key) {
    return at(key, node.get(key));
  }

  private Place at(String key, JsonNode child) {
    var step = key.replace("~", "~0").replace("/", "~1");
    return new Place(file, path + "/" + step, child);
  }

  /// A schema under a key.
  Optional<Place> schema(String key) {
    return has(key) ? Optional.of(at(key).requireSchema()) : Optional.empty();
  }

  private Place requireSchema() {
    if (!node.isObject() && !node.isBoolean()) {
      throw error("must be a schema: an object, true or false");
    }
    return this;
  }

  /// A list of schemas under a key; empty if the key is not there.
  List<Place> schemas(String key) {
    var list = new ArrayList<Place>();
    if (has(key)) {
      var holder = at(key);
      if (!holder.node.isArray() || holder.node.isEmpty()) {
        throw holder.error("must be a list of schemas with at least one entry");
      }
      for (int i = 0; i < holder.node.size(); i++) {
        list.add(holder.at(Integer.toString(i), holder.node.get(i)).requireSchema());
      }
    }
    return list;
  }

  /// Schemas by name under a key; empty if the key is not there.
  Map<String, Place> named(String key) {
    var map = new LinkedHashMap<String, Place>();
    if (has(key)) {
      var holder = at(key);
      if (!holder.node.isObject()) {
        throw holder.error("must be an object with a schema for each name");
      }
      for (var name : holder.node.propertyNames()) {
        map.put(name, holder.at(name, holder.node.get(name)).requireSchema());
      }
    }
    return map;
  }

  /// Texts under a key; empty if the key is not there.
  List<String> texts(String key) {
    var list = new ArrayList<String>();
    if (has(key)) {
      var holder = at(key);
      for (var item : holder.node) {
        if (!item.isString()) {
          throw holder.error("must be a list of strings");
        }
        list.add(item.stringValue());
      }
      if (!holder.node.isArray()) {
        throw holder.error("must be a list of strings");
      }
    }
    return list;
  }

  Optional<String> text(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    if (!node.get(key).isString()) {
      throw at(key).error("must be a string");
    }
    return Optional.of(node.get(key).stringValue());
  }

  boolean flag(String key) {
    if (has(key) && !node.get(key).isBoolean()) {
      throw at(key).error("must be true or false");
    }
    return has(key) && node.get(key).booleanValue();
  }

  Optional<BigDecimal> number(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    if (!node.get(key).isNumber()) {
      throw at(key).error("must be a number");
    }
    return Optional.of(node.get(key).decimalValue());
  }

  /// A least number of something.
  int least(String key) {
    int least = count(key).orElse(0);
    if (least > MAX_NEEDED) {
      throw at(key).error("must be at most %d".formatted(MAX_NEEDED));
    }
    return least;
  }

  /// A greatest number of something.
  OptionalInt most(String key) {
    return count(key);
  }

  private OptionalInt count(String key) {
    var value = number(key);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    var number = value.get();
    if (number.signum() < 0 || number.stripTrailingZeros().scale() > 0) {
      throw at(key).error("must be a whole number from 0 on");
    }
    // More than that no answer has.
    return OptionalInt.of(number.min(BigDecimal.valueOf(MAX_COUNT)).intValueExact());
  }

  /// @param message what was wanted, as the end of a sentence about this place
  InputException error(String message) {
    return error(message, null);
  }

  InputException error(String message, @Nullable Throwable cause) {
    return new InputException(
        "%s: %s is %s; it %s."
            .formatted(file, Excerpt.of(path), Excerpt.of(node.toString()), message),
        cause);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Place place && path.equals(place.path);
  }

  @Override
  public int hashCode() {
    return path.hashCode();
  }

  @Override
  public String toString() {
    return path;
  }
}
