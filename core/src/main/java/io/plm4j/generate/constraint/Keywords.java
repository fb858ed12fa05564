package io.plm4j.generate.constraint;

import java.util.Map;
import java.util.Set;

/// The keywords of JSON Schema: those that are obeyed, those that ask for nothing, and those that
/// would be broken if they were ignored.
final class Keywords {
  private static final Set<String> OBEYED =
      Set.of(
          "$ref",
          "type",
          "nullable",
          "enum",
          "const",
          "anyOf",
          "oneOf",
          "allOf",
          "not",
          "properties",
          "required",
          "additionalProperties",
          "unevaluatedProperties",
          "minProperties",
          "maxProperties",
          "items",
          "prefixItems",
          "minItems",
          "maxItems",
          "uniqueItems",
          "minLength",
          "maxLength",
          "pattern",
          "format",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf");

  private static final Set<String> WITHOUT_DEMANDS =
      Set.of(
          "$schema",
          "$id",
          "$anchor",
          "$comment",
          "$defs",
          "$vocabulary",
          "definitions",
          "title",
          "description",
          "default",
          "examples",
          "example",
          "deprecated",
          "readOnly",
          "writeOnly",
          "contentEncoding",
          "contentMediaType",
          "contentSchema");

  private static final Map<String, String> REMEDIES =
      Map.ofEntries(
          Map.entry("if", "write the cases as anyOf"),
          Map.entry("then", "write the cases as anyOf"),
          Map.entry("else", "write the cases as anyOf"),
          Map.entry("dependentRequired", "write the cases as anyOf"),
          Map.entry("dependentSchemas", "write the cases as anyOf"),
          Map.entry("dependencies", "write the cases as anyOf"),
          Map.entry("patternProperties", "name the properties, or use additionalProperties"),
          Map.entry("propertyNames", "name the properties"),
          Map.entry("contains", "say with prefixItems where the item stands"),
          Map.entry("minContains", "say with prefixItems where the items stand"),
          Map.entry("maxContains", "say with prefixItems where the items stand"),
          Map.entry("additionalItems", "use prefixItems and items"),
          Map.entry("unevaluatedItems", "use items"),
          Map.entry("$dynamicRef", "use $ref"),
          Map.entry("$dynamicAnchor", "use $anchor"),
          Map.entry("$recursiveRef", "use $ref"),
          Map.entry("$recursiveAnchor", "use $anchor"));

  private Keywords() {}

  /// @throws io.plm4j.error.InputException if a keyword is not known or not supported
  static void check(Place schema) {
    for (var key : schema.node().propertyNames()) {
      if (OBEYED.contains(key) || WITHOUT_DEMANDS.contains(key) || key.startsWith("x-")) {
        continue;
      }
      var remedy = REMEDIES.get(key);
      throw schema
          .at(key)
          .error(
              remedy == null
                  ? "is no keyword of JSON Schema 2020-12 that is known here, so it would be ignored; mend its spelling or take it out"
                  : "uses a keyword that is not supported; " + remedy);
    }
    boolean nested = !schema.path().equals("#");
    if (nested && schema.has("$id")) {
      throw schema.at("$id").error("begins a schema of its own inside of another; take it out");
    }
  }
}
