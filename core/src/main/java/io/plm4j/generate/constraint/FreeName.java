package io.plm4j.generate.constraint;

import java.util.function.Consumer;

/// Inside the name of a property that is not known: plain characters, at least one, and no name
/// twice, because readers of JSON disagree on what a repeated name means.
///
/// @param typed the name's bytes so far, one character each; [#BEFORE] before the opening quote
/// @param at state of [JsonText#CHARACTER] in the character that has begun
record FreeName(ObjectPart part, ObjectPart.Progress progress, String typed, int at)
    implements State {
  /// Neither this nor the next can come from bytes.
  static final String BEFORE = "\uFFFE";

  /// Stands for any name that differs from all that are there.
  static final String FRESH = "\uFFFF";

  @Override
  public int toEnd() {
    int name =
        typed.equals(BEFORE)
            ? 3
            : at != 0 ? JsonText.CHARACTER.toEnd(at) + 1 : isComplete() ? 1 : 2;
    return Math.min(Position.ENDLESS, name + 1 + part.otherValueToEnd());
  }

  private boolean isComplete() {
    return !typed.isEmpty() && !part.isKnown(typed) && !progress.used().contains(typed);
  }

  @Override
  public void enter(Position rest, Consumer<Position> out) {
    out.accept(Position.of(this, rest));
  }

  @Override
  public void read(int b, Position rest, Consumer<Position> out) {
    if (typed.equals(BEFORE)) {
      if (b == '"') {
        new FreeName(part, progress, "", 0).enter(rest, out);
      }
    } else if (at == 0 && b == '"') {
      if (isComplete()) {
        new Colon(part, progress, typed).enter(rest, out);
      }
    } else if (b != '\\') {
      int next = JsonText.CHARACTER.step(at, b);
      if (next >= 0) {
        int state = JsonText.CHARACTER.accepts(next) ? 0 : next;
        var more = typed.equals(FRESH) ? FRESH : typed + (char) b;
        new FreeName(part, progress, more, state).enter(rest, out);
      }
    }
  }

  /// Looking ahead, the tens of thousands of names that a token could continue are all the same.
  @Override
  public State forget() {
    if (typed.isEmpty() || typed.equals(BEFORE) || typed.equals(FRESH)) {
      return this;
    }
    boolean fresh =
        !part.beginsKnown(typed)
            && progress.used().stream().noneMatch(name -> name.startsWith(typed));
    return fresh ? new FreeName(part, progress, FRESH, at) : this;
  }

  /// Between the name and its colon.
  private record Colon(ObjectPart part, ObjectPart.Progress progress, String name)
      implements State {
    @Override
    public int toEnd() {
      return Math.min(Position.ENDLESS, 1 + part.otherValueToEnd());
    }

    @Override
    public void enter(Position rest, Consumer<Position> out) {
      out.accept(Position.of(this, rest));
    }

    @Override
    public void read(int b, Position rest, Consumer<Position> out) {
      if (b == ':') {
        part.enterOther(name, progress, rest, out);
      }
    }
  }
}
