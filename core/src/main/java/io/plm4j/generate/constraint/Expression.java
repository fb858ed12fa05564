package io.plm4j.generate.constraint;

import java.util.List;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;
import org.apache.lucene.util.automaton.Transition;

/// A regular expression, in what ECMAScript's and Java's have in common.
///
/// Automata know no anchors. So `^` and `$` are two marks that are no characters, a text is looked
/// at with the marks around it, and in the end the marks are taken away again.
final class Expression {
  static final int BEGIN = Character.MAX_CODE_POINT - 1;
  static final int END = Character.MAX_CODE_POINT;

  private Expression() {}

  /// The texts in which the expression is found somewhere, as JSON Schema's `pattern` wants it.
  ///
  /// @return deterministic, over code points
  /// @throws io.plm4j.error.InputException if the expression is none, or cannot be worked out
  static Automaton foundIn(String expression) {
    var anything =
        Operations.repeat(
            Operations.union(List.of(CodePoints.any(), Automata.makeCharRange(BEGIN, END))));
    return texts(
        Operations.concatenate(
            List.of(anything, new ExpressionParser(expression).parse(), anything)));
  }

  /// The texts that the expression describes from their first character to their last.
  ///
  /// @return deterministic, over code points
  /// @throws io.plm4j.error.InputException if the expression is none, or cannot be worked out
  static Automaton whole(String expression) {
    return texts(
        Operations.concatenate(
            List.of(
                Operations.optional(Automata.makeChar(BEGIN)),
                new ExpressionParser(expression).parse(),
                Operations.optional(Automata.makeChar(END)))));
  }

  private static Automaton texts(Automaton marked) {
    CodePoints.requireSize(marked.getNumStates());
    var between =
        Operations.concatenate(
            List.of(
                Automata.makeChar(BEGIN),
                Operations.repeat(CodePoints.any()),
                Automata.makeChar(END)));
    return withoutMarks(
        CodePoints.determinize(
            Operations.removeDeadStates(
                Operations.intersection(Operations.removeDeadStates(marked), between))));
  }

  private static Automaton withoutMarks(Automaton marked) {
    int begin = marked.getNumStates() == 0 ? -1 : marked.step(0, BEGIN);
    if (begin < 0) {
      return Automata.makeEmpty();
    }
    var builder = new Automaton.Builder();
    var transition = new Transition();
    for (int state = 0; state < marked.getNumStates(); state++) {
      builder.createState();
    }
    for (int state = 0; state < marked.getNumStates(); state++) {
      // Automata begin in state 0, which has done its duty with the first mark.
      int from = state == 0 ? begin : state;
      int end = marked.step(from, END);
      builder.setAccept(state, end >= 0 && marked.isAccept(end));
      int count = marked.initTransition(from, transition);
      for (int i = 0; i < count; i++) {
        marked.getNextTransition(transition);
        if (transition.min <= CodePoints.MAX) {
          builder.addTransition(
              state, transition.dest, transition.min, Math.min(transition.max, CodePoints.MAX));
        }
      }
    }
    return Operations.removeDeadStates(builder.finish());
  }
}
