package io.plm4j.generate.constraint;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A place in a form: the part that is being read, and where it goes on after it.
final class Position {
  /// Lengths from here on count as endless; far from where adding some of them overflows.
  static final int ENDLESS = 1 << 28;

  /// Nothing is left to read.
  static final Position END = new Position(new End(), null);

  private final State state;
  private final @Nullable Position rest;
  private final int toEnd;
  private final int depth;
  private final int hash;

  private Position(State state, @Nullable Position rest) {
    this.state = state;
    this.rest = rest;
    toEnd = Math.min(ENDLESS, state.toEnd() + (rest == null ? 0 : rest.toEnd));
    depth = rest == null ? 0 : rest.depth + 1;
    hash = 31 * state.hashCode() + (rest == null ? 0 : rest.hash);
  }

  static Position of(State state, Position rest) {
    return new Position(state, rest);
  }

  /// The fewest bytes that end the answer from here.
  int toEnd() {
    return toEnd;
  }

  /// How many parts this one lies in.
  int depth() {
    return depth;
  }

  void enter(Consumer<Position> out) {
    if (rest == null) {
      out.accept(this);
    } else {
      state.enter(rest, out);
    }
  }

  void read(int b, Consumer<Position> out) {
    if (rest != null) {
      state.read(b, rest, out);
    }
  }

  /// The position with fewer details, see [State#forget].
  Position forget() {
    if (rest == null) {
      return this;
    }
    var lessRest = rest.forget();
    var less = state.forget();
    return less == state && lessRest == rest ? this : new Position(less, lessRest);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    Position a = this;
    Object b = other;
    // A loop, because answers may be nested deeply.
    while (a != b) {
      if (!(b instanceof Position position)
          || a.hash != position.hash
          || !a.state.equals(position.state)) {
        return false;
      }
      if (a.rest == null || position.rest == null) {
        return a.rest == position.rest;
      }
      a = a.rest;
      b = position.rest;
    }
    return true;
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return state + (rest == null ? "" : " < " + rest);
  }

  private record End() implements State {
    @Override
    public int toEnd() {
      return 0;
    }

    @Override
    public void enter(Position rest, Consumer<Position> out) {
      out.accept(END);
    }

    @Override
    public void read(int b, Position rest, Consumer<Position> out) {}
  }
}
