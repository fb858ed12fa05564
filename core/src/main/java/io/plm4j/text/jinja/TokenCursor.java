package io.plm4j.text.jinja;

import io.plm4j.error.InputException;
import java.util.List;

/// Walks through the tokens of a template.
final class TokenCursor {
  /// Templates nest a handful deep; the bound keeps a hostile one from exhausting the stack.
  private static final int DEEPEST = 60;

  private final Source source;
  private final List<Token> tokens;
  private int at;
  private int depth;

  TokenCursor(Source source, List<Token> tokens) {
    this.source = source;
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(at);
  }

  /// The token after the current one.
  Token next() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  /// Gives the current token and moves past it.
  Token advance() {
    Token token = tokens.get(at);
    at = Math.min(at + 1, tokens.size() - 1);
    return token;
  }

  boolean skipName(String name) {
    return skip(Token.Kind.NAME, name);
  }

  boolean skipSign(String sign) {
    return skip(Token.Kind.SIGN, sign);
  }

  private boolean skip(Token.Kind kind, String text) {
    if (current().is(kind, text)) {
      advance();
      return true;
    }
    return false;
  }

  Token expectName() {
    Token token = advance();
    if (token.kind() != Token.Kind.NAME) {
      throw unexpected(token, "a name");
    }
    return token;
  }

  void expectName(String name) {
    Token token = advance();
    if (!token.is(Token.Kind.NAME, name)) {
      throw unexpected(token, "'" + name + "'");
    }
  }

  void expectSign(String sign) {
    Token token = advance();
    if (!token.is(Token.Kind.SIGN, sign)) {
      throw unexpected(token, "'" + sign + "'");
    }
  }

  void expect(Token.Kind kind) {
    Token token = advance();
    if (token.kind() != kind) {
      throw unexpected(token, new Token(kind, "", 0).shown());
    }
  }

  /// Begins something that may contain itself.
  void enter() {
    if (++depth > DEEPEST) {
      throw error(current(), "nested more than %d deep".formatted(DEEPEST));
    }
  }

  void leave() {
    depth--;
  }

  InputException unexpected(Token token, String wanted) {
    return error(token, "expected %s, found %s".formatted(wanted, token.shown()));
  }

  InputException error(Token token, String message) {
    return source.error(token.line(), message);
  }
}
