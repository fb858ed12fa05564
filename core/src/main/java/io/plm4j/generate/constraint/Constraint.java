package io.plm4j.generate.constraint;

import io.plm4j.error.InputException;
import io.plm4j.text.TokenTrie;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A form that an answer must have. Compiled once, used for any number of answers, by any number of
/// threads.
public final class Constraint {
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
