package io.plm4j.text.jinja;

import io.plm4j.text.jinja.Expression.Parameters;
import io.plm4j.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Parses what stands between operators: names, literals, lists and mappings, and what follows
/// them: members, calls, filters and tests.
final class OperandParser {
  private final TokenCursor tokens;
  private final ExpressionParser expressions;

  OperandParser(TokenCursor tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  Expression primary() {
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
    Expression inside = expressions.parseTuple();
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
      items.add(expressions.parse());
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
      Expression key = expressions.parse();
      tokens.expectSign(":");
      entries.add(new Expression.Entry(key, expressions.parse()));
    }
    return new Expression.Mapping(entries);
  }

  Expression members(Expression target) {
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
    Expression start = tokens.current().is(Kind.SIGN, ":") ? null : expressions.parse();
    if (!tokens.skipSign(":")) {
      tokens.expectSign("]");
      if (start == null) {
        throw new AssertionError();
      }
      return new Expression.Item(target, start);
    }
    Expression stop = sliceEnds() ? null : expressions.parse();
    Expression step = tokens.skipSign(":") && !sliceEnds() ? expressions.parse() : null;
    tokens.expectSign("]");
    return new Expression.Slice(target, start, stop, step);
  }

  private boolean sliceEnds() {
    return tokens.current().is(Kind.SIGN, ":") || tokens.current().is(Kind.SIGN, "]");
  }

  /// Filters, tests, and calls of what they give.
  Expression filtered(Expression target) {
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
        if (named.putIfAbsent(token.text(), expressions.parse()) != null) {
          throw tokens.error(token, "the argument '%s' occurs twice".formatted(token.text()));
        }
      } else if (named.isEmpty()) {
        positional.add(expressions.parse());
      } else {
        throw tokens.error(token, "an argument without a name cannot follow one with a name");
      }
    }
    return new Parameters(positional, named);
  }
}
