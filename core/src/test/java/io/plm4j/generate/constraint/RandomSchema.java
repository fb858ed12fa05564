package io.plm4j.generate.constraint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/// Schemas that nobody thought of.
final class RandomSchema {
  private static final List<String> WORDS =
      List.of("name", "a", "ab", "größe", "x y", "\"quoted\"", "tab\t", "日本", "id", "kind", "");
  private static final List<String> PATTERNS =
      List.of(
          "^[a-z]+$",
          "^(\\d{3}-)?\\d{4}$",
          "ab",
          "^$|^x",
          "[A-Z]$",
          "^\\s*\\S+$",
          "^[^\"\\\\]{2,5}$",
          "^(?:foo|bar)(?:,(?:foo|bar))*$",
          "\\u00e9|\\p{Lu}",
          "^.{0,3}$",
          "\"",
          "^\\n?x");

  /// Without `email`: the validator wants top-level domains that exist.
  private static final List<String> FORMATS =
      List.of("date", "time", "date-time", "uuid", "ipv4", "hostname", "uri");

  private final SplittableRandom random;

  RandomSchema(SplittableRandom random) {
    this.random = random;
  }

  String next() {
    var schema = schema(3);
    var definitions = new LinkedHashMap<String, Object>();
    definitions.put("one", schema(1));
    // Recursion that need not go on.
    definitions.put(
        "tree",
        Map.of(
            "type",
            "object",
            "properties",
            Map.of("left", Map.of("$ref", "#/$defs/tree"), "value", schema(0)),
            "required",
            random.nextBoolean() ? List.of("value") : List.of()));
    if (schema instanceof Map<?, ?> map) {
      @SuppressWarnings("unchecked")
      var whole = (Map<String, Object>) map;
      whole.put("$defs", definitions);
    }
    return JsonMapper.shared().writeValueAsString(schema);
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private Object schema(int depth) {
    List<Supplier<Map<String, Object>>> kinds =
        List.of(
            this::number,
            this::number,
            this::string,
            this::string,
            () -> type("boolean"),
            this::listed,
            () -> object(depth),
            () -> object(depth),
            () -> array(depth),
            () -> anyOf(depth),
            () -> oneOf(depth),
            () -> allOf(depth),
            this::reference,
            this::types);
    if (depth <= 0) {
      return kinds.get(random.nextInt(6)).get();
    }
    return chance(2) ? Boolean.TRUE : pick(kinds).get();
  }

  private static Map<String, Object> type(String name) {
    var schema = new LinkedHashMap<String, Object>();
    schema.put("type", name);
    return schema;
  }

  private Map<String, Object> number() {
    boolean integer = random.nextBoolean();
    var schema = type(integer ? "integer" : "number");
    double low = random.nextInt(-2000, 2000) / (integer ? 1.0 : 8.0);
    double high = low + 1 + random.nextInt(500);
    if (chance(40)) {
      schema.put(chance(30) ? "exclusiveMinimum" : "minimum", low);
    }
    if (chance(40)) {
      schema.put(chance(30) ? "exclusiveMaximum" : "maximum", high + 1);
    }
    if (chance(20) && high > low + 200) {
      schema.put("multipleOf", pick(List.of(1, 3, 7, 25, 0.5, 0.25, 1.5, 12)));
    }
    return schema;
  }

  private Map<String, Object> string() {
    var schema = type("string");
    int kind = random.nextInt(10);
    if (kind < 3) {
      schema.put("pattern", pick(PATTERNS));
    } else if (kind < 5) {
      schema.put("format", pick(FORMATS));
      return schema;
    }
    if (chance(40)) {
      schema.put("minLength", random.nextInt(3));
    }
    if (chance(40)) {
      schema.put("maxLength", 3 + random.nextInt(12));
    }
    return schema;
  }

  private Map<String, Object> listed() {
    List<Object> values = new ArrayList<>(WORDS);
    values.addAll(List.of(1, 2.5, -0.125, true, Map.of("k", List.of(1)), List.of("v", 2)));
    return chance(40)
        ? new LinkedHashMap<>(Map.of("const", pick(values)))
        : new LinkedHashMap<>(Map.of("enum", List.of(pick(values), pick(values), "last")));
  }

  private Map<String, Object> object(int depth) {
    var schema = type("object");
    if (chance(15)) {
      if (chance(70)) {
        schema.put("additionalProperties", schema(depth - 1));
      }
      if (chance(30)) {
        schema.put("maxProperties", random.nextInt(4));
      }
      return schema;
    }
    var properties = new LinkedHashMap<String, Object>();
    for (int i = random.nextInt(5); i >= 0; i--) {
      properties.put(pick(WORDS), schema(depth - 1));
    }
    schema.put("properties", properties);
    schema.put("required", properties.keySet().stream().filter(_ -> chance(60)).toList());
    if (chance(40)) {
      schema.put("additionalProperties", chance(60) ? false : schema(depth - 1));
    }
    return schema;
  }

  private Map<String, Object> array(int depth) {
    var schema = type("array");
    if (chance(80)) {
      schema.put("items", schema(depth - 1));
    }
    if (chance(30)) {
      schema.put("prefixItems", List.of(schema(depth - 1), schema(depth - 1)));
    }
    if (chance(40)) {
      schema.put("minItems", random.nextInt(4));
    }
    if (chance(40)) {
      schema.put("maxItems", 4 + random.nextInt(3));
    }
    return schema;
  }

  private Map<String, Object> anyOf(int depth) {
    return new LinkedHashMap<>(
        Map.of("anyOf", List.of(schema(depth - 1), schema(depth - 1), type("null"))));
  }

  private Map<String, Object> oneOf(int depth) {
    var cases = new ArrayList<Object>();
    for (var kind : List.of("circle", "square", "line")) {
      var properties = new LinkedHashMap<String, Object>();
      properties.put("kind", Map.of("const", kind));
      properties.put(pick(WORDS.subList(0, 4)), schema(depth - 1));
      var each = type("object");
      each.put("properties", properties);
      each.put("required", List.of("kind"));
      cases.add(each);
    }
    return new LinkedHashMap<>(Map.of("oneOf", cases));
  }

  private Map<String, Object> allOf(int depth) {
    var first = object(depth);
    var second = object(depth);
    first.remove("additionalProperties");
    second.remove("additionalProperties");
    first.remove("maxProperties");
    second.remove("maxProperties");
    return new LinkedHashMap<>(Map.of("allOf", List.of(first, second)));
  }

  private Map<String, Object> reference() {
    return new LinkedHashMap<>(Map.of("$ref", chance(50) ? "#/$defs/one" : "#/$defs/tree"));
  }

  private Map<String, Object> types() {
    var schema = new LinkedHashMap<String, Object>();
    schema.put("type", List.of("string", "null", "integer"));
    schema.put("maxLength", 5);
    schema.put("minimum", 3);
    return schema;
  }
}
