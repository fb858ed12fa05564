package io.plm4j.generate.constraint;

import io.plm4j.error.InputException;
import java.util.Collection;
import java.util.List;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;
import org.apache.lucene.util.automaton.TooComplexToDeterminizeException;
import org.apache.lucene.util.automaton.UTF32ToUTF8;
import org.jspecify.annotations.Nullable;

/// Languages of code points, and the bounds within which they are worked out.
final class CodePoints {
  static final int MIN = 0;

  /// Two code points that are no characters are kept for marks, see [Pattern].
  static final int MAX = Character.MAX_CODE_POINT - 2;

  /// Lucene's measure of effort: about a second at most.
  private static final int WORK = 200_000;

  private static final int MAX_STATES = 100_000;

  private CodePoints() {}

  /// Any one character; surrogates are not characters.
  static Automaton any() {
    return Operations.union(
        List.of(Automata.makeCharRange(MIN, 0xD7FF), Automata.makeCharRange(0xE000, MAX)));
  }

  /// Texts with so many characters.
  ///
  /// @param max -1 for any number
  static Automaton length(int min, int max) {
    requireSize(Math.max(min, max));
    var any = any();
    return determinize(
        max < 0 ? Operations.repeat(any, min) : Operations.repeat(any, min, Math.max(min, max)));
  }

  static Automaton determinize(Automaton automaton) {
    try {
      var result = Operations.removeDeadStates(Operations.determinize(automaton, WORK));
      requireSize(result.getNumStates());
      return result;
    } catch (TooComplexToDeterminizeException e) {
      throw tooLarge(e);
    }
  }

  /// @param automata deterministic
  static Automaton intersection(Collection<Automaton> automata) {
    Automaton result = null;
    for (var automaton : automata) {
      if (result == null) {
        result = automaton;
      } else {
        requireSize((long) result.getNumStates() * automaton.getNumStates() / 1000);
        result = determinize(Operations.intersection(result, automaton));
      }
    }
    return result == null ? Operations.repeat(any()) : result;
  }

  /// Exactly one of these texts.
  static ByteDfa oneOf(Collection<String> texts) {
    var all = texts.stream().map(JsonText::wellFormed).map(Automata::makeString).toList();
    return new ByteDfa(determinize(new UTF32ToUTF8().convert(Operations.union(all))));
  }

  static void requireSize(long states) {
    if (states > MAX_STATES) {
      throw tooLarge(null);
    }
  }

  private static InputException tooLarge(@Nullable Throwable cause) {
    return new InputException(
        "has too many states to be worked out; make repetitions and lengths smaller", cause);
  }
}
