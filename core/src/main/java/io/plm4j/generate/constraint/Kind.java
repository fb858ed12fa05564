package io.plm4j.generate.constraint;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The kinds of JSON values. A number without a fraction is of a kind of its own, because schemas
/// know the type `integer`.
enum Kind {
  NULL,
  BOOLEAN,
  INTEGER,
  FRACTION,
  STRING,
  ARRAY,
  OBJECT;

  static final Set<Kind> NUMBERS = Set.of(INTEGER, FRACTION);

  /// Keywords that say something about values of one kind only.
  private static final List<String> OF_OBJECTS =
      List.of(
          "properties",
          "required",
          "additionalProperties",
          "unevaluatedProperties",
          "minProperties",
          "maxProperties");

  private static final List<String> OF_ARRAYS =
      List.of("items", "prefixItems", "minItems", "maxItems", "uniqueItems");
  private static final List<String> OF_STRINGS =
      List.of("minLength", "maxLength", "pattern", "format");
  private static final List<String> OF_NUMBERS =
      List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf");

  static Set<Kind> all() {
    return EnumSet.allOf(Kind.class);
  }

  /// What a schema's `type` allows; all kinds if it has none.
  static Set<Kind> allowedBy(Place schema) {
    if (!schema.has("type")) {
      return all();
    }
    var type = schema.at("type");
    var kinds = EnumSet.noneOf(Kind.class);
    if (type.node().isString()) {
      kinds.addAll(named(type, type.node().stringValue()));
    } else {
      schema.texts("type").forEach(name -> kinds.addAll(named(type, name)));
    }
    if (schema.flag("nullable")) {
      kinds.add(NULL);
    }
    return kinds;
  }

  private static Set<Kind> named(Place type, String name) {
    return switch (name) {
      case "null" -> Set.of(NULL);
      case "boolean" -> Set.of(BOOLEAN);
      case "integer" -> Set.of(INTEGER);
      case "number" -> NUMBERS;
      case "string" -> Set.of(STRING);
      case "array" -> Set.of(ARRAY);
      case "object" -> Set.of(OBJECT);
      default ->
          throw type.error(
              "must be null, boolean, integer, number, string, array or object, or a list of these");
    };
  }

  /// The kinds that a schema without `type` has in mind, by its keywords; none if by none.
  static Set<Kind> meantBy(Place schema) {
    var kinds = EnumSet.noneOf(Kind.class);
    if (OF_OBJECTS.stream().anyMatch(schema::has)) {
      kinds.add(OBJECT);
    }
    if (OF_ARRAYS.stream().anyMatch(schema::has)) {
      kinds.add(ARRAY);
    }
    if (OF_STRINGS.stream().anyMatch(schema::has)) {
      kinds.add(STRING);
    }
    if (OF_NUMBERS.stream().anyMatch(schema::has)) {
      kinds.addAll(NUMBERS);
    }
    return kinds;
  }
}
