package io.plm4j.generate.constraint;

import java.util.function.Consumer;

/// A JSON string of any characters, counted where its length has bounds.
///
/// @param min the fewest characters
/// @param max the most characters; -1 for any number
record TextPart(int min, int max) implements Part {
  private static final int TOKEN_LENGTH = 128;

  @Override
  public int shortest() {
    return max >= 0 && min > max ? Position.ENDLESS : min + 2;
  }

  @Override
  public State start() {
    return new Quote(this);
  }

  /// Before the opening quote.
  private record Quote(TextPart part) implements State {
    @Override
    public int toEnd() {
      return part.shortest();
    }

    @Override
    public void enter(Position rest, Consumer<Position> out) {
      out.accept(Position.of(this, rest));
    }

    @Override
    public void read(int b, Position rest, Consumer<Position> out) {
      if (b == '"') {
        new Inside(part, 0, 0).enter(rest, out);
      }
    }
  }

  /// @param at state of [JsonText#CHARACTER] in the character that has begun; 0 between characters
  /// @param count characters that are complete, as far as it matters
  private record Inside(TextPart part, int at, int count) implements State {
    @Override
    public int toEnd() {
      int inCharacter = at == 0 ? 0 : JsonText.CHARACTER.toEnd(at);
      int complete = at == 0 ? count : count + 1;
      return inCharacter + Math.max(0, part.min - complete) + 1;
    }

    @Override
    public void enter(Position rest, Consumer<Position> out) {
      out.accept(Position.of(this, rest));
    }

    @Override
    public void read(int b, Position rest, Consumer<Position> out) {
      if (at == 0 && b == '"') {
        if (count >= part.min) {
          rest.enter(out);
        }
        return;
      }
      if (at == 0 && count == part.max) {
        return;
      }
      int next = JsonText.CHARACTER.step(at, b);
      if (next < 0) {
        return;
      }
      boolean complete = JsonText.CHARACTER.accepts(next);
      var state =
          complete ? new Inside(part, 0, counted(count + 1)) : new Inside(part, next, count);
      state.enter(rest, out);
    }

    /// No token has more characters than this, so until they run short, their number is no matter.
    @Override
    public State forget() {
      boolean plenty = count >= part.min && part.max - count > TOKEN_LENGTH;
      return plenty ? new Inside(part, at, part.max - TOKEN_LENGTH) : this;
    }

    /// Without a greatest length, what is beyond the least one makes no difference.
    private int counted(int characters) {
      return part.max < 0 ? Math.min(characters, part.min) : characters;
    }
  }
}
