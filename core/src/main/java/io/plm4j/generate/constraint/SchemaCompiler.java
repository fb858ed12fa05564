package io.plm4j.generate.constraint;

import io.plm4j.error.InputException;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.lucene.util.automaton.Automaton;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Turns a JSON schema into rules.
///
/// The rules describe values that keep the schema, not all of them: properties come in the schema's
/// order, and only those it knows unless it speaks of others; numbers have no exponent. A rule
/// belongs to a set of schemas that hold together, so `allOf`, references and recursion need
/// nothing special.
final class SchemaCompiler {
  private static final int MAX_RULES = 5_000;

  private final SchemaFile file;
  private final Alternatives alternatives;
  private final StringForms forms = new StringForms();
  private final Values values;
  private final Separation separation;
  private final Map<Set<Place>, Rule> rules = new LinkedHashMap<>();
  private final Deque<Set<Place>> open = new ArrayDeque<>();

  private SchemaCompiler(SchemaFile file) {
    this.file = file;
    alternatives = new Alternatives(file);
    values = new Values(alternatives, forms);
    separation = new Separation(alternatives, values);
  }

  /// @param name how messages call the schema
  /// @throws InputException if it is no schema, uses what is not supported, or no value keeps it
  static Rule compile(String name, String json) {
    return new SchemaCompiler(SchemaFile.parse(name, json)).compile();
  }

  private Rule compile() {
    var root = file.root();
    var rule = rule(Set.of(root));
    while (!open.isEmpty()) {
      fill(open.remove());
    }
    Rule.measure(rules.values());
    if (!rule.isPossible()) {
      throw root.error("cannot be kept by any value of limited length");
    }
    return rule;
  }

  private Rule rule(Set<Place> schemas) {
    var known = rules.get(schemas);
    if (known != null) {
      return known;
    }
    if (rules.size() == MAX_RULES) {
      throw file.root().error("has more than %d parts".formatted(MAX_RULES));
    }
    var rule = new Rule();
    rules.put(schemas, rule);
    open.add(schemas);
    return rule;
  }

  private void fill(Set<Place> schemas) {
    var rule = rule(schemas);
    for (var way : alternatives.of(schemas)) {
      var parts = parts(way);
      if (!parts.isEmpty()) {
        requireNever(way);
      }
      parts.forEach(rule::add);
    }
  }

  /// Listed values are tried one by one; others must be made such that they cannot go wrong.
  private void requireNever(Conjunction way) {
    if (way.values().isPresent()) {
      return;
    }
    for (var other : way.never()) {
      if (!separation.isSure(way, other)) {
        throw other.error(
            "may hold together with %s, which oneOf or not forbids; use anyOf, or tell them apart by a required property with different const values"
                .formatted(way.schemas()));
      }
    }
  }

  private List<Part> parts(Conjunction way) {
    var listed = way.values();
    if (listed.isPresent()) {
      return literals(listed.get().stream().filter(value -> values.keeps(value, way)).toList());
    }
    var parts = new ArrayList<Part>();
    var kinds = way.kindsToMake();
    for (var kind : kinds) {
      switch (kind) {
        case NULL -> parts.add(CodePoints.oneOf(List.of("null")));
        case BOOLEAN -> parts.add(CodePoints.oneOf(List.of("true", "false")));
        case INTEGER -> {
          if (!kinds.contains(Kind.FRACTION)) {
            parts.add(number(way, true));
          }
        }
        case FRACTION -> parts.add(number(way, false));
        case STRING -> parts.add(text(way));
        case ARRAY -> array(way).ifPresent(parts::add);
        case OBJECT -> object(way).ifPresent(parts::add);
      }
    }
    return parts;
  }

  private static List<Part> literals(List<JsonNode> values) {
    return values.isEmpty()
        ? List.of()
        : List.of(CodePoints.oneOf(values.stream().map(JsonNode::toString).toList()));
  }

  private Part number(Conjunction way, boolean integer) {
    var steps = way.all(schema -> step(schema));
    if (steps.stream().distinct().count() > 1) {
      throw first(way).error("has several multipleOf; write their product");
    }
    var low = way.low();
    var high = way.high();
    low.value().ifPresent(value -> requireSmall(way, value, value.signum()));
    high.value().ifPresent(value -> requireSmall(way, value, -value.signum()));
    var decimals =
        new Decimals(
            low.value(),
            low.included(),
            high.value(),
            high.included(),
            steps.stream().findFirst(),
            integer);
    return worked(way, () -> new ByteDfa(decimals.automaton()));
  }

  private static Optional<BigDecimal> step(Place schema) {
    var step = schema.number("multipleOf");
    if (step.isPresent()) {
      var unit = step.get().stripTrailingZeros();
      if (unit.signum() <= 0 || unit.precision() > 4 || Math.abs(unit.scale()) > Decimals.DIGITS) {
        throw schema
            .at("multipleOf")
            .error("must be greater than 0 and have at most 4 digits, such as 5 or 0.25");
      }
      return Optional.of(unit);
    }
    return step;
  }

  /// @param away greater than 0 if the numbers must lie farther from 0 than the bound
  private static void requireSmall(Conjunction way, BigDecimal bound, int away) {
    boolean fine = Decimals.scale(bound) > Decimals.MAX_DIGITS;
    boolean far = Decimals.digits(bound) > Decimals.MAX_DIGITS;
    if (fine || (far && away > 0)) {
      throw first(way).error("has a bound with more than %d digits".formatted(Decimals.MAX_DIGITS));
    }
  }

  private static Place first(Conjunction way) {
    return way.schemas().iterator().next();
  }

  private Part text(Conjunction way) {
    int min = way.least("minLength");
    int max = way.most("maxLength");
    var languages = new ArrayList<Automaton>();
    way.schemas().forEach(schema -> languages.addAll(forms.of(schema)));
    if (languages.isEmpty()) {
      return new TextPart(min, max);
    }
    return worked(
        way,
        () -> {
          if (min > 0 || max >= 0) {
            languages.add(CodePoints.length(min, max));
          }
          return JsonText.quoted(CodePoints.intersection(languages));
        });
  }

  /// Adds the place to what is said about an automaton that grows too large.
  private static Part worked(Conjunction way, Supplier<Part> part) {
    try {
      return part.get();
    } catch (InputException e) {
      throw first(way).error(String.valueOf(e.getMessage()), e);
    }
  }

  private Optional<Part> array(Conjunction way) {
    int min = way.least("minItems");
    int max = way.most("maxItems");
    int longest = 0;
    for (var schema : way.schemas()) {
      longest = Math.max(longest, schema.schemas("prefixItems").size());
      requireNoTwinsPossible(schema, max);
    }
    var first = new ArrayList<Rule>();
    for (int i = 0; i < longest; i++) {
      first.add(rule(items(way, i)));
    }
    var others = items(way, longest);
    @Nullable Rule rest = others.stream().anyMatch(Place::isFalse) ? null : rule(others);
    return max >= 0 && min > max
        ? Optional.empty()
        : Optional.of(new ArrayPart(first, rest, min, max));
  }

  private static void requireNoTwinsPossible(Place schema, int max) {
    if (schema.flag("uniqueItems") && (max < 0 || max > 1)) {
      throw schema
          .at("uniqueItems")
          .error(
              "is not supported for more than one item; take it out, or name the items with prefixItems");
    }
  }

  private static Set<Place> items(Conjunction way, int index) {
    var all = new LinkedHashSet<Place>();
    for (var schema : way.schemas()) {
      if (schema.has("items") && schema.node().get("items").isArray()) {
        throw schema.at("items").error("must be one schema; a list of them is called prefixItems");
      }
      var first = schema.schemas("prefixItems");
      if (index < first.size()) {
        all.add(first.get(index));
      } else {
        schema.schema("items").ifPresent(all::add);
      }
    }
    return all;
  }

  private Optional<Part> object(Conjunction way) {
    var properties = new Properties(way);
    int min = way.least("minProperties");
    int max = way.most("maxProperties");
    if (min > properties.required().size()) {
      throw way.schemas().stream()
          .filter(schema -> schema.has("minProperties"))
          .findFirst()
          .orElseThrow()
          .at("minProperties")
          .error("is more than the number of required properties; name more under required");
    }
    var list = new ArrayList<ObjectPart.Property>();
    // Properties that are forbidden have a schema that no value keeps, and so are never made.
    for (var name : properties.names()) {
      boolean required = properties.required().contains(name);
      list.add(
          ObjectPart.Property.of(
              JsonText.wellFormed(name), rule(properties.schemasOf(name)), required));
    }
    var others = properties.isOpen() ? rule(properties.schemasOfOthers()) : null;
    return Optional.of(new ObjectPart(list, others, max));
  }
}
