package io.plm4j.generate.constraint;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A JSON array.
final class ArrayPart implements Part {
  private final List<Rule> first;
  private final @Nullable Rule others;
  private final int min;
  private final int max;

  /// The fewest bytes that items from this number on add, up to the least number of items, each
  /// with a comma before it, with which the very first one has none.
  private final int[] needed;

  /// @param first what the first items are
  /// @param others what the items after those are; null if there are none
  /// @param min the fewest items
  /// @param max the most items; -1 for any number
  ArrayPart(List<Rule> first, @Nullable Rule others, int min, int max) {
    this.first = List.copyOf(first);
    this.others = others;
    this.min = min;
    int most = others == null ? first.size() : Integer.MAX_VALUE;
    this.max = max < 0 ? most : Math.min(max, most);
    needed = new int[min + 1];
    measure();
  }

  @Override
  public void measure() {
    for (int i = min - 1; i >= 0; i--) {
      int item = i < max ? item(i).shortest() : Position.ENDLESS;
      needed[i] = Math.min(Position.ENDLESS, needed[i + 1] + item + (i == 0 ? 0 : 1));
    }
  }

  @Override
  public int shortest() {
    return Math.min(Position.ENDLESS, 2 + needed[0]);
  }

  @Override
  public State start() {
    return new At(this, Phase.BEFORE, 0, Gap.NONE);
  }

  private Rule item(int index) {
    if (index < first.size()) {
      return first.get(index);
    }
    if (others == null) {
      throw new IllegalStateException("no item " + index);
    }
    return others;
  }

  private boolean canHave(int index, Position rest) {
    return index < max && item(index).isPossible() && (index < min || !Rule.isDeep(rest));
  }

  /// Without a greatest number, what is beyond the last number that matters makes no difference.
  private int counted(int items) {
    return max < Integer.MAX_VALUE ? items : Math.min(items, Math.max(min, first.size()));
  }

  private enum Phase {
    BEFORE,
    OPEN,
    AFTER_ITEM,
    AFTER_COMMA
  }

  /// @param count items that are complete
  private record At(ArrayPart part, Phase phase, int count, int gap) implements State {
    @Override
    public int toEnd() {
      int items = part.needed[Math.min(count, part.min)];
      return switch (phase) {
        case BEFORE -> part.shortest();
        case OPEN, AFTER_ITEM -> Math.min(Position.ENDLESS, items + 1);
        case AFTER_COMMA -> Math.min(Position.ENDLESS, afterComma(items) + 1);
      };
    }

    /// An item must follow a comma, needed or not; its comma is there already.
    private int afterComma(int items) {
      return count < part.min ? items - 1 : part.item(count).shortest();
    }

    @Override
    public void enter(Position rest, Consumer<Position> out) {
      out.accept(Position.of(this, rest));
      boolean item = phase == Phase.AFTER_COMMA || (phase == Phase.OPEN && part.canHave(0, rest));
      if (item) {
        var after = new At(part, Phase.AFTER_ITEM, part.counted(count + 1), Gap.NONE);
        part.item(count).enter(Position.of(after, rest), out);
      }
    }

    @Override
    public void read(int b, Position rest, Consumer<Position> out) {
      switch (phase) {
        case BEFORE -> {
          if (b == '[') {
            new At(part, Phase.OPEN, 0, Gap.NONE).enter(rest, out);
          }
        }
        case OPEN -> gapOrEnd(b, rest, out);
        case AFTER_ITEM -> {
          if (b == ',' && gap == Gap.NONE && part.canHave(count, rest)) {
            new At(part, Phase.AFTER_COMMA, count, Gap.NONE).enter(rest, out);
          } else {
            gapOrEnd(b, rest, out);
          }
        }
        case AFTER_COMMA -> readGap(b, rest, out);
      }
    }

    private void gapOrEnd(int b, Position rest, Consumer<Position> out) {
      boolean enough = count >= part.min;
      if (b == ']' && enough) {
        rest.enter(out);
      } else if (enough || phase == Phase.OPEN) {
        readGap(b, rest, out);
      }
    }

    private void readGap(int b, Position rest, Consumer<Position> out) {
      int next = Gap.read(gap, b);
      if (next >= 0) {
        new At(part, phase, count, next).enter(rest, out);
      }
    }

    @Override
    public String toString() {
      return "array %s %d".formatted(phase, count);
    }
  }
}
