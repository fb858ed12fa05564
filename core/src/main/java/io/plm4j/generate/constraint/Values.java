package io.plm4j.generate.constraint;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.util.automaton.Automaton;
import tools.jackson.databind.JsonNode;

/// Says whether a given value keeps a schema. For the few values of `enum` and `const`, and of the
/// supported keywords only.
final class Values {
  private final Alternatives alternatives;
  private final StringForms forms;

  Values(Alternatives alternatives, StringForms forms) {
    this.alternatives = alternatives;
    this.forms = forms;
  }

  boolean keeps(JsonNode value, Set<Place> schemas) {
    return alternatives.of(schemas).stream().anyMatch(way -> keeps(value, way));
  }

  boolean keeps(JsonNode value, Conjunction way) {
    return way.schemas().stream().allMatch(schema -> keepsPlain(value, schema))
        && way.never().stream().noneMatch(schema -> keeps(value, Set.of(schema)));
  }

  private boolean keepsPlain(JsonNode value, Place schema) {
    var kind = kind(value);
    boolean listed =
        !schema.has("enum")
            || schema.node().get("enum").valueStream().anyMatch(one -> equal(one, value));
    return Kind.allowedBy(schema).contains(kind)
        && listed
        && (!schema.has("const") || equal(schema.node().get("const"), value))
        && switch (kind) {
          case NULL, BOOLEAN -> true;
          case INTEGER, FRACTION -> keepsNumber(value, Conjunction.of(schema));
          case STRING -> keepsText(value.stringValue(), schema);
          case ARRAY -> keepsArray(value, schema);
          case OBJECT -> keepsObject(value, schema);
        };
  }

  private static Kind kind(JsonNode value) {
    if (value.isNumber()) {
      boolean whole = value.decimalValue().stripTrailingZeros().scale() <= 0;
      return whole ? Kind.INTEGER : Kind.FRACTION;
    }
    return value.isNull()
        ? Kind.NULL
        : value.isBoolean()
            ? Kind.BOOLEAN
            : value.isString() ? Kind.STRING : value.isArray() ? Kind.ARRAY : Kind.OBJECT;
  }

  private static boolean keepsNumber(JsonNode value, Conjunction schema) {
    var number = value.decimalValue();
    var exactly = new Conjunction.Bound(Optional.of(number), true);
    return !schema.low().isAbove(exactly)
        && !exactly.isAbove(schema.high())
        && schema.all(s -> s.number("multipleOf")).stream()
            .allMatch(step -> number.remainder(step).signum() == 0);
  }

  private boolean keepsText(String text, Place schema) {
    int length = text.codePointCount(0, text.length());
    return length >= schema.least("minLength")
        && length <= schema.most("maxLength").orElse(Integer.MAX_VALUE)
        && forms.of(schema).stream().allMatch(form -> accepts(form, text));
  }

  private static boolean accepts(Automaton form, String text) {
    int state = form.getNumStates() == 0 ? -1 : 0;
    for (int c : text.codePoints().toArray()) {
      state = state < 0 ? -1 : form.step(state, c);
    }
    return state >= 0 && form.isAccept(state);
  }

  private boolean keepsArray(JsonNode value, Place schema) {
    if (value.size() < schema.least("minItems")
        || value.size() > schema.most("maxItems").orElse(Integer.MAX_VALUE)
        || (schema.flag("uniqueItems") && hasTwins(value))) {
      return false;
    }
    var first = schema.schemas("prefixItems");
    for (int i = 0; i < value.size(); i++) {
      var item = i < first.size() ? Optional.of(first.get(i)) : schema.schema("items");
      if (item.isPresent() && !keeps(value.get(i), Set.of(item.get()))) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasTwins(JsonNode array) {
    var items = array.valueStream().toList();
    for (int i = 0; i < items.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (equal(items.get(i), items.get(j))) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean keepsObject(JsonNode value, Place schema) {
    var named = schema.named("properties");
    var others = schema.schema("additionalProperties");
    for (var key : value.propertyNames()) {
      var own = named.containsKey(key) ? Optional.of(named.get(key)) : others;
      if (own.isPresent() && !keeps(value.get(key), Set.of(own.get()))) {
        return false;
      }
    }
    return schema.texts("required").stream().allMatch(value::has)
        && value.size() >= schema.least("minProperties")
        && value.size() <= schema.most("maxProperties").orElse(Integer.MAX_VALUE);
  }

  /// Equal as JSON values: 1 is 1.0, and the order of properties does not matter.
  private static boolean equal(JsonNode a, JsonNode b) {
    if (a.isNumber() && b.isNumber()) {
      return a.decimalValue().compareTo(b.decimalValue()) == 0;
    }
    if (a.isArray() && b.isArray()) {
      List<JsonNode> left = a.valueStream().toList();
      List<JsonNode> right = b.valueStream().toList();
      boolean same = left.size() == right.size();
      for (int i = 0; same && i < left.size(); i++) {
        same = equal(left.get(i), right.get(i));
      }
      return same;
    }
    if (a.isObject() && b.isObject()) {
      return a.size() == b.size()
          && a.propertyStream()
              .allMatch(
                  entry -> b.has(entry.getKey()) && equal(entry.getValue(), b.get(entry.getKey())));
    }
    return a.equals(b);
  }
}
