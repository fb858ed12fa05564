package io.plm4j.text.jinja;

import io.plm4j.text.jinja.Expression.Operand;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Finds the value of an expression.
final class Evaluator {
  private final Budget budget;
  private final Filters filters;

  Evaluator(Budget budget) {
    this.budget = budget;
    filters = new Filters(budget);
  }

  Value evaluate(Expression expression, Scope scope) {
    budget.enter();
    Value value = find(expression, scope);
    budget.leave();
    return value;
  }

  boolean isTrue(Expression expression, Scope scope) {
    return Python.isTrue(evaluate(expression, scope));
  }

  private Value find(Expression expression, Scope scope) {
    return switch (expression) {
      case Expression.Literal literal -> literal.value();
      case Expression.Name name -> scope.get(name.name());
      case Expression.Sequence sequence ->
          new Value.Sequence(evaluateAll(sequence.items(), scope), sequence.kind());
      case Expression.Mapping mapping -> mapping(mapping, scope);
      case Expression.Attribute attribute ->
          Members.attribute(evaluate(attribute.target(), scope), attribute.name(), budget);
      case Expression.Item item ->
          Members.item(evaluate(item.target(), scope), evaluate(item.key(), scope), budget);
      case Expression.Slice slice -> slice(slice, scope);
      case Expression.Call call -> call(call, scope);
      case Expression.Filter filter ->
          filters.apply(
              evaluate(filter.target(), scope),
              arguments("the filter '" + filter.name() + "'", filter.parameters(), scope),
              filter.name());
      case Expression.Test test ->
          Value.Truth.of(
              Tests.apply(
                  evaluate(test.target(), scope),
                  test.name(),
                  arguments("the test '" + test.name() + "'", test.parameters(), scope),
                  budget));
      case Expression.Not not -> Value.Truth.of(!isTrue(not.operand(), scope));
      case Expression.Sign sign ->
          Arithmetic.signed(sign.operator(), evaluate(sign.operand(), scope));
      case Expression.And and -> {
        Value left = evaluate(and.left(), scope);
        yield Python.isTrue(left) ? evaluate(and.right(), scope) : left;
      }
      case Expression.Or or -> {
        Value left = evaluate(or.left(), scope);
        yield Python.isTrue(left) ? left : evaluate(or.right(), scope);
      }
      case Expression.Arithmetic arithmetic ->
          Arithmetic.apply(
              arithmetic.operator(),
              evaluate(arithmetic.left(), scope),
              evaluate(arithmetic.right(), scope),
              budget);
      case Expression.Comparison comparison -> Value.Truth.of(compare(comparison, scope));
      case Expression.Conditional conditional -> {
        if (isTrue(conditional.condition(), scope)) {
          yield evaluate(conditional.then(), scope);
        }
        Expression otherwise = conditional.otherwise();
        yield otherwise == null
            ? new Value.Undefined("an 'if' without 'else' has no value here")
            : evaluate(otherwise, scope);
      }
    };
  }

  private List<Value> evaluateAll(List<Expression> expressions, Scope scope) {
    List<Value> values = new ArrayList<>(expressions.size());
    for (Expression expression : expressions) {
      values.add(evaluate(expression, scope));
    }
    return values;
  }

  private Value mapping(Expression.Mapping mapping, Scope scope) {
    Map<Value, Value> entries = new LinkedHashMap<>();
    for (Expression.Entry entry : mapping.entries()) {
      Value key = evaluate(entry.key(), scope);
      if (!Python.isKey(key)) {
        throw new Failure("a key must be a string or a whole number, found " + Python.kind(key));
      }
      entries.put(key, evaluate(entry.value(), scope));
    }
    return new Value.Mapping(entries);
  }

  private Value slice(Expression.Slice slice, Scope scope) {
    Value target = evaluate(slice.target(), scope);
    return Slices.slice(
        target,
        slice.start() == null ? Value.None.NONE : evaluate(slice.start(), scope),
        slice.stop() == null ? Value.None.NONE : evaluate(slice.stop(), scope),
        slice.step() == null ? Value.None.NONE : evaluate(slice.step(), scope),
        budget);
  }

  private Value call(Expression.Call call, Scope scope) {
    Value callee = evaluate(call.callee(), scope);
    if (callee instanceof Value.Function function) {
      Value result =
          function.body().call(arguments(function.name() + "()", call.parameters(), scope));
      return result;
    }
    Python.requireDefined(callee);
    throw new Failure("%s cannot be called".formatted(Python.kind(callee)));
  }

  private Arguments arguments(String callee, Expression.Parameters parameters, Scope scope) {
    Map<String, Value> named = new LinkedHashMap<>();
    parameters.named().forEach((name, value) -> named.put(name, evaluate(value, scope)));
    return new Arguments(callee, evaluateAll(parameters.positional(), scope), named);
  }

  private boolean compare(Expression.Comparison comparison, Scope scope) {
    Value left = evaluate(comparison.first(), scope);
    for (Operand operand : comparison.rest()) {
      Value right = evaluate(operand.value(), scope);
      budget.spend(cost(left) + cost(right));
      if (!Tests.holds(operand.relation(), left, right, budget)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private static int cost(Value value) {
    return switch (value) {
      case Value.Text text -> text.text().length();
      case Value.Sequence sequence -> sequence.items().size();
      default -> 1;
    };
  }
}
