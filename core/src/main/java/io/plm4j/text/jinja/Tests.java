package io.plm4j.text.jinja;

import io.plm4j.text.jinja.Expression.Relation;
import java.util.Map;
import java.util.Set;

/// What can follow `is`.
final class Tests {
  private static final Set<String> NAMES =
      Set.of(
          "defined",
          "undefined",
          "none",
          "string",
          "mapping",
          "iterable",
          "sequence",
          "number",
          "integer",
          "float",
          "boolean",
          "true",
          "false",
          "divisibleby",
          "odd",
          "even");

  private static final Map<String, Relation> RELATIONS =
      Map.ofEntries(
          Map.entry("equalto", Relation.EQUAL),
          Map.entry("eq", Relation.EQUAL),
          Map.entry("==", Relation.EQUAL),
          Map.entry("ne", Relation.UNEQUAL),
          Map.entry("!=", Relation.UNEQUAL),
          Map.entry("lt", Relation.LESS),
          Map.entry("lessthan", Relation.LESS),
          Map.entry("<", Relation.LESS),
          Map.entry("le", Relation.LESS_OR_EQUAL),
          Map.entry("<=", Relation.LESS_OR_EQUAL),
          Map.entry("gt", Relation.GREATER),
          Map.entry("greaterthan", Relation.GREATER),
          Map.entry(">", Relation.GREATER),
          Map.entry("ge", Relation.GREATER_OR_EQUAL),
          Map.entry(">=", Relation.GREATER_OR_EQUAL),
          Map.entry("in", Relation.IN));

  private Tests() {}

  static void require(TokenCursor tokens, Token name) {
    if (!NAMES.contains(name.text()) && !RELATIONS.containsKey(name.text())) {
      throw tokens.error(name, "the test 'is %s' is not supported".formatted(name.text()));
    }
  }

  static boolean apply(Value value, String name, Arguments arguments, Budget budget) {
    Relation relation = RELATIONS.get(name);
    if (relation != null) {
      return holds(relation, value, arguments.only("other"), budget);
    }
    if (name.equals("divisibleby")) {
      return remainder(value, arguments.only("num"), budget) == 0;
    }
    arguments.none();
    return switch (name) {
      case "defined" -> !(value instanceof Value.Undefined);
      case "undefined" -> value instanceof Value.Undefined;
      case "none" -> value == Value.None.NONE;
      case "string" -> value instanceof Value.Text;
      case "mapping" -> value instanceof Value.Mapping;
      // Python can go through nothing where it goes through something undefined, and so can Jinja.
      case "iterable", "sequence" ->
          value instanceof Value.Generator && name.equals("iterable")
              || value instanceof Value.Text
              || value instanceof Value.Sequence
              || value instanceof Value.Mapping
              || value instanceof Value.Undefined;
      case "number" -> Python.isNumber(value);
      case "integer" -> value instanceof Value.Whole;
      case "float" -> value instanceof Value.Real;
      case "boolean" -> value instanceof Value.Truth;
      case "true" -> value == Value.Truth.TRUE;
      case "false" -> value == Value.Truth.FALSE;
      case "odd" -> remainder(value, new Value.Whole(2), budget) == 1;
      case "even" -> remainder(value, new Value.Whole(2), budget) == 0;
      default -> throw new Failure("the test '%s' is not supported".formatted(name));
    };
  }

  private static double remainder(Value value, Value divisor, Budget budget) {
    return Python.real(Arithmetic.apply(Expression.Operator.REMAINDER, value, divisor, budget));
  }

  static boolean holds(Relation relation, Value left, Value right, Budget budget) {
    return switch (relation) {
      case EQUAL -> Python.areEqual(left, right, budget);
      case UNEQUAL -> !Python.areEqual(left, right, budget);
      case LESS -> Python.compare(left, right, "<") < 0;
      case LESS_OR_EQUAL -> Python.compare(left, right, "<=") <= 0;
      case GREATER -> Python.compare(left, right, ">") > 0;
      case GREATER_OR_EQUAL -> Python.compare(left, right, ">=") >= 0;
      case IN -> Python.contains(right, left, budget);
      case NOT_IN -> !Python.contains(right, left, budget);
    };
  }
}
