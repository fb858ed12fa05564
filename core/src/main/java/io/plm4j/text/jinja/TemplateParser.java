package io.plm4j.text.jinja;

import io.plm4j.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Parses a template into statements.
final class TemplateParser {
  private final TokenCursor tokens;
  private final ExpressionParser expressions;
  private int loops;

  private TemplateParser(TokenCursor tokens) {
    this.tokens = tokens;
    expressions = new ExpressionParser(tokens);
  }

  static List<Statement> parse(Source source, String template) {
    var cursor = new TokenCursor(source, Lexer.tokens(source, template));
    return new TemplateParser(cursor).statements();
  }

  /// Statements up to the tag with one of these names, at which the cursor then stands (on the
  /// name); without names, up to the end of the template.
  private List<Statement> statements(String... ends) {
    tokens.enter();
    List<Statement> body = new ArrayList<>();
    while (true) {
      Token token = tokens.advance();
      switch (token.kind()) {
        case TEXT -> body.add(new Statement.Text(TracedText.trusted(token.text()), token.line()));
        case OPEN_OUTPUT -> {
          body.add(new Statement.Output(expressions.parseTuple(), token.line()));
          tokens.expect(Kind.CLOSE_OUTPUT);
        }
        case OPEN_TAG -> {
          if (List.of(ends).contains(tokens.current().text())) {
            tokens.leave();
            return body;
          }
          body.add(statement());
          tokens.expect(Kind.CLOSE_TAG);
        }
        case END -> {
          if (ends.length > 0) {
            throw tokens.unexpected(token, "{% " + ends[ends.length - 1] + " %}");
          }
          tokens.leave();
          return body;
        }
        case CLOSE_OUTPUT, CLOSE_TAG, NAME, STRING, INTEGER, DECIMAL, SIGN ->
            throw new AssertionError(token);
      }
    }
  }

  /// The body of a tag: the rest of the tag, then statements up to the closing tag.
  private List<Statement> body(String... ends) {
    tokens.expect(Kind.CLOSE_TAG);
    return statements(ends);
  }

  private Statement statement() {
    Token tag = tokens.expectName();
    int line = tag.line();
    return switch (tag.text()) {
      case "if" -> parseIf(line);
      case "for" -> parseFor(line);
      case "set" -> parseSet(line);
      case "macro" -> parseMacro(line);
      case "generation" -> {
        // It marks what a model is trained to say; rendering is not changed by it.
        List<Statement> body = body("endgeneration");
        tokens.advance();
        yield new Statement.Block(body, line);
      }
      case "break", "continue" -> {
        if (loops == 0) {
          throw tokens.error(tag, "'%s' outside of a loop".formatted(tag.text()));
        }
        yield tag.text().equals("break") ? new Statement.Break(line) : new Statement.Continue(line);
      }
      default ->
          throw tokens.error(tag, "the tag '{%% %s %%}' is not supported".formatted(tag.text()));
    };
  }

  private Statement parseIf(int line) {
    List<Statement.Branch> branches = new ArrayList<>();
    List<Statement> otherwise = List.of();
    int branchLine = line;
    while (true) {
      Expression condition = expressions.parseUnconditional();
      List<Statement> body = body("elif", "else", "endif");
      branches.add(new Statement.Branch(condition, body, branchLine));
      Token end = tokens.advance();
      if (end.text().equals("elif")) {
        branchLine = end.line();
        continue;
      }
      if (end.text().equals("else")) {
        otherwise = body("endif");
        tokens.advance();
      }
      return new Statement.If(branches, otherwise, line);
    }
  }

  private Statement parseFor(int line) {
    Statement.Target target = target();
    tokens.expectName("in");
    Expression items = expressions.parseUnconditional();
    Expression filter = tokens.skipName("if") ? expressions.parse() : null;
    if (tokens.current().is(Kind.NAME, "recursive")) {
      throw tokens.error(tokens.current(), "recursive loops are not supported");
    }
    loops++;
    List<Statement> body = body("else", "endfor");
    loops--;
    List<Statement> otherwise = List.of();
    if (tokens.advance().text().equals("else")) {
      otherwise = body("endfor");
      tokens.advance();
    }
    return new Statement.For(target, items, filter, body, otherwise, line);
  }

  private Statement parseSet(int line) {
    Statement.Target target = target();
    if (tokens.skipSign("=")) {
      return new Statement.Set(target, expressions.parseTuple(), line);
    }
    Expression value = new Expression.Name(Statement.SetBlock.BODY);
    while (tokens.skipSign("|")) {
      value = expressions.filter(value);
    }
    List<Statement> body = body("endset");
    tokens.advance();
    return new Statement.SetBlock(target, value, body, line);
  }

  private Statement.Target target() {
    List<Statement.Target> parts = new ArrayList<>(List.of(simpleTarget()));
    boolean several = false;
    while (tokens.skipSign(",")) {
      several = true;
      if (tokens.current().kind() == Kind.NAME && !tokens.current().text().equals("in")) {
        parts.add(simpleTarget());
      }
    }
    return several ? new Statement.Target.Names(parts) : parts.getFirst();
  }

  private Statement.Target simpleTarget() {
    if (tokens.skipSign("(")) {
      tokens.enter();
      Statement.Target inner = target();
      tokens.leave();
      tokens.expectSign(")");
      return inner;
    }
    Token name = tokens.expectName();
    if (tokens.skipSign(".")) {
      return new Statement.Target.NamespaceMember(name.text(), tokens.expectName().text());
    }
    return new Statement.Target.Name(name.text());
  }

  private Statement parseMacro(int line) {
    String name = tokens.expectName().text();
    List<String> parameters = new ArrayList<>();
    Map<String, Expression> defaults = new LinkedHashMap<>();
    tokens.expectSign("(");
    while (!tokens.skipSign(")")) {
      if (!parameters.isEmpty()) {
        tokens.expectSign(",");
      }
      Token parameter = tokens.expectName();
      parameters.add(parameter.text());
      if (tokens.skipSign("=")) {
        defaults.put(parameter.text(), expressions.parse());
      } else if (!defaults.isEmpty()) {
        throw tokens.error(parameter, "a parameter without a default follows one with a default");
      }
    }
    int outer = loops;
    loops = 0;
    List<Statement> body = body("endmacro");
    loops = outer;
    tokens.advance();
    return new Statement.Macro(name, parameters, defaults, body, line);
  }
}
