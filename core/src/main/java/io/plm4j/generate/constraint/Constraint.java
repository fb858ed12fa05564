package io.plm4j.generate.constraint;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.text.TokenTrie;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A form that an answer must have. Compiled once, used for any number of answers, by any number of
/// threads.
public final class Constraint {
  private static final int MAX_BYTES = 4 << 20;

  private final String form;
  private final Rule rule;

  private Constraint(String form, Rule rule) {
    this.form = form;
    this.rule = rule;
  }

  /// Exactly one of these texts.
  ///
  /// @throws InputException if there is none, or an empty one
  public static Constraint choice(List<String> texts) {
    if (texts.isEmpty()) {
      throw new InputException("there is no choice; name the texts that an answer may be");
    }
    if (texts.contains("")) {
      throw new InputException("a choice is empty; an answer has at least one character");
    }
    return new Constraint("list of choices", single(CodePoints.oneOf(texts)));
  }

  /// A text that a regular expression describes from its first character to its last.
  ///
  /// @param expression in the syntax that ECMAScript and Java have in common, without look-around,
  ///   references and flags
  /// @throws InputException if it is none, or describes nothing
  public static Constraint regex(String expression) {
    var dfa = new ByteDfa(CodePoints.toBytes(Expression.whole(expression)));
    if (dfa.shortest() == Position.ENDLESS) {
      throw new InputException(
          "no text keeps the regular expression " + Excerpt.of(List.of(expression)));
    }
    return new Constraint("regular expression", single(dfa));
  }

  /// A JSON value that keeps a schema, written without needless white space.
  ///
  /// Of JSON Schema 2020-12 everything is obeyed or refused, nothing ignored. The values are not
  /// all that keep the schema: properties come in its order, others than it names only where it
  /// speaks of them, and numbers have no exponent.
  ///
  /// @param schema the schema's text
  /// @throws InputException if it is no schema, uses what is not supported, or no value keeps it;
  ///   the message names the place
  public static Constraint jsonSchema(String schema) {
    return jsonSchema("the JSON schema", schema);
  }

  /// A JSON value that keeps the schema of a file.
  ///
  /// @throws InputException as with [#jsonSchema(String)], and if the file cannot be read
  public static Constraint jsonSchema(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new InputException(
            "The JSON schema %s %s."
                .formatted(file, Files.exists(file) ? "is not a file" : "does not exist"));
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new InputException(
            "%s has more than %,d bytes; a JSON schema has fewer.".formatted(file, MAX_BYTES));
      }
      return jsonSchema(file.toString(), Files.readString(file));
    } catch (MalformedInputException e) {
      throw new InputException("%s is not UTF-8 text.".formatted(file), e);
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s.".formatted(file, e.getMessage()), e);
    }
  }

  private static Constraint jsonSchema(String name, String schema) {
    return new Constraint("JSON schema", SchemaCompiler.compile(name, schema));
  }

  private static Rule single(ByteDfa dfa) {
    var rule = new Rule();
    rule.add(dfa);
    Rule.measure(List.of(rule));
    return rule;
  }

  /// Follows one answer.
  ///
  /// @param trie the model's tokens
  /// @param endIds tokens that end an answer
  /// @param maxNewTokens how many tokens the answer may have
  /// @throws InputException if the shortest possible answer has more
  public Matcher matcher(TokenTrie trie, List<Integer> endIds, int maxNewTokens) {
    Set<Position> start = new LinkedHashSet<>();
    rule.enter(Position.END, start::add);
    return new Matcher(form, start, trie, endIds, maxNewTokens);
  }

  /// What kind of form it is, for messages.
  @Override
  public String toString() {
    return form;
  }
}
