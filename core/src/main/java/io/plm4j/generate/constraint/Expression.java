package io.plm4j.generate.constraint;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;
import org.apache.lucene.util.automaton.Transition;

/// A regular expression, in what ECMAScript's and Java's have in common.
///
/// Automata know no anchors. So `^` and `$` are two marks that are no characters, a text is looked
/// at with marks around it, any number of them since `^^` is `^`, and in the end they are taken
/// away again.
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
                Operations.repeat(Automata.makeChar(BEGIN)),
                new ExpressionParser(expression).parse(),
                Operations.repeat(Automata.makeChar(END)))));
  }

  private static Automaton texts(Automaton marked) {
    CodePoints.requireSize(marked.getNumStates());
    var between =
        Operations.concatenate(
            List.of(
                Operations.repeat(Automata.makeChar(BEGIN), 1),
                Operations.repeat(CodePoints.any()),
                Operations.repeat(Automata.makeChar(END), 1)));
    var texts =
        withoutMarks(
            CodePoints.determinize(
                Operations.removeDeadStates(
                    Operations.intersection(Operations.removeDeadStates(marked), between))));
    return keepsEmptyText(marked)
        ? CodePoints.determinize(Operations.union(List.of(texts, Automata.makeEmptyString())))
        : texts;
  }

  /// In an empty text the end is where the beginning is, so the marks come in any order.
  private static boolean keepsEmptyText(Automaton marked) {
    var marks = Operations.repeat(Automata.makeCharRange(BEGIN, END));
    return !Operations.isEmpty(Operations.intersection(marked, marks));
  }

  /// @param marked deterministic
  private static Automaton withoutMarks(Automaton marked) {
    var builder = new Automaton.Builder();
    var transition = new Transition();
    // Automata begin in state 0: the old one has done its duty with the first mark.
    int start = builder.createState();
    for (int state = 0; state < marked.getNumStates(); state++) {
      builder.createState();
    }
    for (int state = 0; state < marked.getNumStates(); state++) {
      copy(marked, state, builder, state + 1, transition);
    }
    for (int state : afterMarks(marked, 0, BEGIN)) {
      copy(marked, state, builder, start, transition);
    }
    return CodePoints.determinize(builder.finish());
  }

  private static void copy(
      Automaton marked, int from, Automaton.Builder builder, int to, Transition transition) {
    if (afterMarks(marked, from, END).stream().anyMatch(marked::isAccept)) {
      builder.setAccept(to, true);
    }
    int count = marked.initTransition(from, transition);
    for (int i = 0; i < count; i++) {
      marked.getNextTransition(transition);
      if (transition.min <= CodePoints.MAX) {
        builder.addTransition(
            to, transition.dest + 1, transition.min, Math.min(transition.max, CodePoints.MAX));
      }
    }
  }

  /// The states that one or more marks lead to.
  private static Set<Integer> afterMarks(Automaton marked, int from, int mark) {
    var states = new LinkedHashSet<Integer>();
    int state = marked.getNumStates() == 0 ? -1 : marked.step(from, mark);
    while (state >= 0 && states.add(state)) {
      state = marked.step(state, mark);
    }
    return states;
  }
}
