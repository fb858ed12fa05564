package io.plm4j.generate.constraint;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Transition;

/// A part without inner structure: a regular language of byte strings.
final class ByteDfa implements Part {
  private final Automaton automaton;
  private final int[] toEnd;

  /// @param automaton deterministic, over bytes, from each state of which an accepting one can be
  ///   reached
  ByteDfa(Automaton automaton) {
    this.automaton = automaton;
    toEnd = distances(automaton);
  }

  private static int[] distances(Automaton automaton) {
    int states = automaton.getNumStates();
    var toEnd = new int[states];
    Arrays.fill(toEnd, Position.ENDLESS);
    List<List<Integer>> sources = new ArrayList<>();
    for (int state = 0; state < states; state++) {
      sources.add(new ArrayList<>());
    }
    var transition = new Transition();
    for (int state = 0; state < states; state++) {
      int count = automaton.initTransition(state, transition);
      for (int i = 0; i < count; i++) {
        automaton.getNextTransition(transition);
        sources.get(transition.dest).add(state);
      }
    }
    var queue = new ArrayDeque<Integer>();
    for (int state = 0; state < states; state++) {
      if (automaton.isAccept(state)) {
        toEnd[state] = 0;
        queue.add(state);
      }
    }
    while (!queue.isEmpty()) {
      int state = queue.remove();
      for (int source : sources.get(state)) {
        if (toEnd[source] == Position.ENDLESS) {
          toEnd[source] = toEnd[state] + 1;
          queue.add(source);
        }
      }
    }
    return toEnd;
  }

  @Override
  public int shortest() {
    return toEnd.length == 0 ? Position.ENDLESS : toEnd[0];
  }

  @Override
  public At start() {
    return new At(this, 0);
  }

  /// The state to which a byte leads, or -1.
  int step(int state, int b) {
    return automaton.step(state, b);
  }

  boolean accepts(int state) {
    return automaton.isAccept(state);
  }

  int toEnd(int state) {
    return toEnd[state];
  }

  record At(ByteDfa dfa, int at) implements State {
    @Override
    public int toEnd() {
      return dfa.toEnd[at];
    }

    @Override
    public void enter(Position rest, Consumer<Position> out) {
      if (dfa.automaton.getNumTransitions(at) > 0) {
        out.accept(Position.of(this, rest));
      }
      if (dfa.accepts(at)) {
        rest.enter(out);
      }
    }

    @Override
    public void read(int b, Position rest, Consumer<Position> out) {
      int next = dfa.step(at, b);
      if (next >= 0) {
        new At(dfa, next).enter(rest, out);
      }
    }

    @Override
    public String toString() {
      return "dfa " + at;
    }
  }
}
