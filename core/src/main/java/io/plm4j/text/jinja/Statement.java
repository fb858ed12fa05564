package io.plm4j.text.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a template does, in order.
sealed interface Statement {
  /// The line that a complaint about it names, from 1.
  int line();

  record Text(TracedText text, int line) implements Statement {}

  record Output(Expression value, int line) implements Statement {}

  record If(List<Branch> branches, List<Statement> otherwise, int line) implements Statement {}

  record Branch(Expression condition, List<Statement> body, int line) {}

  /// @param filter which items take part (`for x in y if filter`)
  /// @param otherwise what happens if no item does
  record For(
      Target target,
      Expression items,
      @Nullable Expression filter,
      List<Statement> body,
      List<Statement> otherwise,
      int line)
      implements Statement {}

  record Set(Target target, Expression value, int line) implements Statement {}

  /// `{% set name %}text{% endset %}`
  ///
  /// @param value what is assigned, in terms of the rendered body, which has the name {@link #BODY}
  record SetBlock(Target target, Expression value, List<Statement> body, int line)
      implements Statement {
    static final String BODY = "the block";
  }

  record Macro(
      String name,
      List<String> parameters,
      Map<String, Expression> defaults,
      List<Statement> body,
      int line)
      implements Statement {}

  /// A body with names of its own: `{% generation %}`.
  record Block(List<Statement> body, int line) implements Statement {}

  record Break(int line) implements Statement {}

  record Continue(int line) implements Statement {}

  /// Where a value is put.
  sealed interface Target {
    record Name(String name) implements Target {}

    record Names(List<Target> parts) implements Target {}

    record NamespaceMember(String namespace, String name) implements Target {}
  }
}
