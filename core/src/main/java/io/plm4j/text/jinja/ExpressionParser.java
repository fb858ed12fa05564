package io.plm4j.text.jinja;

import io.plm4j.text.jinja.Expression.Operand;
import io.plm4j.text.jinja.Expression.Operator;
import io.plm4j.text.jinja.Expression.Parameters;
import io.plm4j.text.jinja.Expression.Relation;
import io.plm4j.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Parses expressions, loosest binding first: `a if b else c`, `or`, `and`, `not`, comparisons, `+
/// -`, `~`, `* / // %`, signs, then members, calls, filters and tests.
final class ExpressionParser {
  private final TokenCursor tokens;

  ExpressionParser(TokenCursor tokens) {
    this.tokens = tokens;
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
    return filtered(signedOperand());
  }

  /// A sign binds closer than a filter: `-1|abs` is `(-1)|abs`.
  private Expression signedOperand() {
    Operator sign = operator(Operator.SUBTRACT, Operator.ADD);
    if (sign == null) {
      return members(primary());
    }
    tokens.enter();
    Expression operand = signedOperand();
    tokens.leave();
    return members(new Expression.Sign(sign, operand));
  }

  private Expression primary() {
    Token token = tokens.advance();
    return switch (token.kind()) {
      case NAME ->
          switch (token.text()) {
            case "true", "True" -> new Expression.Literal(Value.Truth.TRUE);
            case "false", "False" -> new Expression.Literal(Value.Truth.FALSE);
            case "none", "None" -> new Expression.Literal(Value.None.NONE);
            default -> new Expression.Name(token.text());
          };
      case STRING -> {
        var text = new StringBuilder(token.text());
        while (tokens.current().kind() == Kind.STRING) {
          text.append(tokens.advance().text());
        }
        yield new Expression.Literal(Value.Text.of(text.toString()));
      }
      case INTEGER -> new Expression.Literal(new Value.Whole(whole(token)));
      case DECIMAL -> new Expression.Literal(new Value.Real(Double.parseDouble(token.text())));
      case SIGN ->
          switch (token.text()) {
            case "(" -> parenthesized();
            case "[" -> list();
            case "{" -> mapping();
            default -> throw tokens.unexpected(token, "a value");
          };
      case TEXT, OPEN_OUTPUT, CLOSE_OUTPUT, OPEN_TAG, CLOSE_TAG, END ->
          throw tokens.unexpected(token, "a value");
    };
  }

  private long whole(Token token) {
    try {
      return Long.parseLong(token.text());
    } catch (NumberFormatException e) {
      throw tokens.error(token, "the number %s is too large".formatted(token.text()));
    }
  }

  private Expression parenthesized() {
    if (tokens.skipSign(")")) {
      return new Expression.Sequence(List.of(), Value.Sequence.Kind.TUPLE);
    }
    Expression inside = parseTuple();
    tokens.expectSign(")");
    return inside;
  }

  private Expression list() {
    List<Expression> items = new ArrayList<>();
    while (!tokens.skipSign("]")) {
      if (!items.isEmpty()) {
        tokens.expectSign(",");
        if (tokens.skipSign("]")) {
          break;
        }
      }
      items.add(parse());
    }
    return new Expression.Sequence(items, Value.Sequence.Kind.LIST);
  }

  private Expression mapping() {
    List<Expression.Entry> entries = new ArrayList<>();
    while (!tokens.skipSign("}")) {
      if (!entries.isEmpty()) {
        tokens.expectSign(",");
        if (tokens.skipSign("}")) {
          break;
        }
      }
      Expression key = parse();
      tokens.expectSign(":");
      entries.add(new Expression.Entry(key, parse()));
    }
    return new Expression.Mapping(entries);
  }

  private Expression members(Expression target) {
    Expression value = target;
    while (true) {
      if (tokens.skipSign(".")) {
        value = afterDot(value);
      } else if (tokens.skipSign("[")) {
        value = subscript(value);
      } else if (tokens.current().is(Kind.SIGN, "(")) {
        value = new Expression.Call(value, parameters());
      } else {
        return value;
      }
    }
  }

  private Expression afterDot(Expression target) {
    Token token = tokens.advance();
    return switch (token.kind()) {
      case NAME -> new Expression.Attribute(target, token.text());
      case INTEGER ->
          new Expression.Item(target, new Expression.Literal(new Value.Whole(whole(token))));
      default -> throw tokens.unexpected(token, "a name after '.'");
    };
  }

  private Expression subscript(Expression target) {
    Expression start = tokens.current().is(Kind.SIGN, ":") ? null : parse();
    if (!tokens.skipSign(":")) {
      tokens.expectSign("]");
      if (start == null) {
        throw new AssertionError();
      }
      return new Expression.Item(target, start);
    }
    Expression stop = sliceEnds() ? null : parse();
    Expression step = tokens.skipSign(":") && !sliceEnds() ? parse() : null;
    tokens.expectSign("]");
    return new Expression.Slice(target, start, stop, step);
  }

  private boolean sliceEnds() {
    return tokens.current().is(Kind.SIGN, ":") || tokens.current().is(Kind.SIGN, "]");
  }

  /// Filters, tests, and calls of what they give.
  private Expression filtered(Expression target) {
    Expression value = target;
    while (true) {
      if (tokens.skipSign("|")) {
        value = filter(value);
      } else if (tokens.skipName("is")) {
        value = test(value);
      } else if (tokens.current().is(Kind.SIGN, "(")) {
        value = new Expression.Call(value, parameters());
      } else {
        return value;
      }
    }
  }

  /// A filter's name and arguments, after the `|`.
  Expression filter(Expression target) {
    Token name = tokens.expectName();
    Filters.require(tokens, name);
    return new Expression.Filter(target, name.text(), optionalParameters());
  }

  private Expression test(Expression target) {
    boolean negated = tokens.skipName("not");
    Token name = tokens.expectName();
    Tests.require(tokens, name);
    Parameters parameters =
        startsTestOperand()
            ? new Parameters(List.of(members(primary())), Map.of())
            : optionalParameters();
    Expression test = new Expression.Test(target, name.text(), parameters);
    return negated ? new Expression.Not(test) : test;
  }

  /// `is divisibleby 3`: a test may have its argument without parentheses.
  private boolean startsTestOperand() {
    Token token = tokens.current();
    return switch (token.kind()) {
      case NAME ->
          switch (token.text()) {
            case "else", "or", "and" -> false;
            case "is" -> throw tokens.error(token, "two tests cannot follow each other");
            default -> true;
          };
      case STRING, INTEGER, DECIMAL -> true;
      case SIGN -> token.text().equals("[") || token.text().equals("{");
      case TEXT, OPEN_OUTPUT, CLOSE_OUTPUT, OPEN_TAG, CLOSE_TAG, END -> false;
    };
  }

  private Parameters optionalParameters() {
    return tokens.current().is(Kind.SIGN, "(") ? parameters() : Parameters.NONE;
  }

  private Parameters parameters() {
    tokens.expectSign("(");
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    while (!tokens.skipSign(")")) {
      if (!positional.isEmpty() || !named.isEmpty()) {
        tokens.expectSign(",");
        if (tokens.skipSign(")")) {
          break;
        }
      }
      Token token = tokens.current();
      if (token.is(Kind.SIGN, "*") || token.is(Kind.SIGN, "**")) {
        throw tokens.error(token, "arguments with '%s' are not supported".formatted(token.text()));
      }
      if (token.kind() == Kind.NAME && tokens.next().is(Kind.SIGN, "=")) {
        tokens.advance();
        tokens.advance();
        if (named.putIfAbsent(token.text(), parse()) != null) {
          throw tokens.error(token, "the argument '%s' occurs twice".formatted(token.text()));
        }
      } else if (named.isEmpty()) {
        positional.add(parse());
      } else {
        throw tokens.error(token, "an argument without a name cannot follow one with a name");
      }
    }
    return new Parameters(positional, named);
  }
}
