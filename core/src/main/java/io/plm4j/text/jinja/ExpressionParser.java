package io.plm4j.text.jinja;

import io.plm4j.text.jinja.Expression.Operand;
import io.plm4j.text.jinja.Expression.Operator;
import io.plm4j.text.jinja.Expression.Relation;
import io.plm4j.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Parses expressions, loosest binding first: `a if b else c`, `or`, `and`, `not`, comparisons, `+
/// -`, `~`, `* / // %`, signs, then members, calls, filters and tests.
final class ExpressionParser {
  private final TokenCursor tokens;
  private final OperandParser operands;

  ExpressionParser(TokenCursor tokens) {
    this.tokens = tokens;
    operands = new OperandParser(tokens, this);
  }

  Expression parse() {
    tokens.enter();
    Expression value = or();
    while (tokens.skipName("if")) {
      Expression condition = or();
      Expression otherwise = tokens.skipName("else") ? parse() : null;
      value = new Expression.Conditional(condition, value, otherwise);
    }
    tokens.leave();
    return value;
  }

  /// Without the conditional form, whose `if` would be taken from `for x in y if z`.
  Expression parseUnconditional() {
    return or();
  }

  /// One expression, or several with commas between, which make a tuple.
  Expression parseTuple() {
    Expression first = parse();
    return tokens.current().is(Kind.SIGN, ",") ? tuple(first) : first;
  }

  private Expression tuple(Expression first) {
    List<Expression> items = new ArrayList<>(List.of(first));
    while (tokens.skipSign(",") && !endsTuple()) {
      items.add(parse());
    }
    return new Expression.Sequence(items, Value.Sequence.Kind.TUPLE);
  }

  private boolean endsTuple() {
    Token token = tokens.current();
    return token.kind() == Kind.CLOSE_OUTPUT
        || token.kind() == Kind.CLOSE_TAG
        || token.is(Kind.SIGN, ")");
  }

  private Expression or() {
    Expression left = and();
    while (tokens.skipName("or")) {
      left = new Expression.Or(left, and());
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (tokens.skipName("and")) {
      left = new Expression.And(left, not());
    }
    return left;
  }

  private Expression not() {
    if (tokens.skipName("not")) {
      tokens.enter();
      Expression operand = not();
      tokens.leave();
      return new Expression.Not(operand);
    }
    return comparison();
  }

  private Expression comparison() {
    Expression first = sum();
    List<Operand> rest = new ArrayList<>();
    for (Relation next = relation(); next != null; next = relation()) {
      rest.add(new Operand(next, sum()));
    }
    return rest.isEmpty() ? first : new Expression.Comparison(first, rest);
  }

  private @Nullable Relation relation() {
    if (tokens.current().is(Kind.NAME, "not") && tokens.next().is(Kind.NAME, "in")) {
      tokens.advance();
      tokens.advance();
      return Relation.NOT_IN;
    }
    if (tokens.skipName("in")) {
      return Relation.IN;
    }
    for (Relation relation : Relation.values()) {
      if (tokens.skipSign(relation.sign())) {
        return relation;
      }
    }
    return null;
  }

  private Expression sum() {
    Expression left = concatenation();
    for (Operator next = operator(Operator.ADD, Operator.SUBTRACT);
        next != null;
        next = operator(Operator.ADD, Operator.SUBTRACT)) {
      left = new Expression.Arithmetic(next, left, concatenation());
    }
    return left;
  }

  private Expression concatenation() {
    Expression left = product();
    while (tokens.skipSign("~")) {
      left = new Expression.Arithmetic(Operator.CONCATENATE, left, product());
    }
    return left;
  }

  private Expression product() {
    Operator[] signs = {
      Operator.MULTIPLY, Operator.DIVIDE, Operator.DIVIDE_WHOLE, Operator.REMAINDER
    };
    Expression left = signed();
    for (Operator next = operator(signs); next != null; next = operator(signs)) {
      left = new Expression.Arithmetic(next, left, signed());
    }
    return left;
  }

  private @Nullable Operator operator(Operator... candidates) {
    for (Operator candidate : candidates) {
      if (tokens.skipSign(candidate.sign())) {
        return candidate;
      }
    }
    return null;
  }

  private Expression signed() {
    return operands.filtered(signedOperand());
  }

  /// A sign binds closer than a filter: `-1|abs` is `(-1)|abs`.
  private Expression signedOperand() {
    Operator sign = operator(Operator.SUBTRACT, Operator.ADD);
    if (sign == null) {
      return operands.members(operands.primary());
    }
    tokens.enter();
    Expression operand = signedOperand();
    tokens.leave();
    return operands.members(new Expression.Sign(sign, operand));
  }

  /// A filter's name and arguments, after the `|`.
  Expression filter(Expression target) {
    return operands.filter(target);
  }
}
