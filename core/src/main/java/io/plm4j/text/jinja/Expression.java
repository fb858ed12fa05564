package io.plm4j.text.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What stands for a value in a template.
sealed interface Expression {
  record Literal(Value value) implements Expression {}

  record Name(String name) implements Expression {}

  record Sequence(List<Expression> items, Value.Sequence.Kind kind) implements Expression {}

  record Mapping(List<Entry> entries) implements Expression {}

  record Entry(Expression key, Expression value) {}

  record Attribute(Expression target, String name) implements Expression {}

  record Item(Expression target, Expression key) implements Expression {}

  record Slice(
      Expression target,
      @Nullable Expression start,
      @Nullable Expression stop,
      @Nullable Expression step)
      implements Expression {}

  record Call(Expression callee, Parameters parameters) implements Expression {}

  record Filter(Expression target, String name, Parameters parameters) implements Expression {}

  record Test(Expression target, String name, Parameters parameters) implements Expression {}

  record Not(Expression operand) implements Expression {}

  record Sign(Operator operator, Expression operand) implements Expression {}

  record And(Expression left, Expression right) implements Expression {}

  record Or(Expression left, Expression right) implements Expression {}

  record Arithmetic(Operator operator, Expression left, Expression right) implements Expression {}

  record Comparison(Expression first, List<Operand> rest) implements Expression {}

  record Operand(Relation relation, Expression value) {}

  record Conditional(Expression condition, Expression then, @Nullable Expression otherwise)
      implements Expression {}

  /// What a call states between its parentheses.
  record Parameters(List<Expression> positional, Map<String, Expression> named) {
    static final Parameters NONE = new Parameters(List.of(), Map.of());
  }

  enum Operator {
    ADD("+"),
    SUBTRACT("-"),
    MULTIPLY("*"),
    DIVIDE("/"),
    DIVIDE_WHOLE("//"),
    REMAINDER("%"),
    CONCATENATE("~");

    private final String sign;

    Operator(String sign) {
      this.sign = sign;
    }

    String sign() {
      return sign;
    }
  }

  enum Relation {
    EQUAL("=="),
    UNEQUAL("!="),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">="),
    IN("in"),
    NOT_IN("not in");

    private final String sign;

    Relation(String sign) {
      this.sign = sign;
    }

    String sign() {
      return sign;
    }
  }
}
