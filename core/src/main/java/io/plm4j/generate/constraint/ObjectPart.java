package io.plm4j.generate.constraint;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A JSON object: its known properties in their order, those that are not required possibly left
/// out, then properties of any other names where they are allowed.
final class ObjectPart implements Part {
  private final List<Property> properties;
  private final @Nullable Rule others;
  private final int max;

  /// Names that no other property may have, byte by byte.
  private final Set<String> known;

  /// The fewest bytes of the required properties from this number on, each with a comma.
  private final int[] needed;

  /// How many properties from this number on are required.
  private final int[] required;

  /// @param name the JSON spelling of the name, with quotes and the colon
  record Property(String key, byte[] name, Rule value, boolean required) {
    static Property of(String key, Rule value, boolean required) {
      byte[] name = (JsonText.quote(key) + ":").getBytes(StandardCharsets.UTF_8);
      return new Property(JsonText.latin1(key), name, value, required);
    }

    private int shortest() {
      return Math.min(Position.ENDLESS, name.length + value.shortest());
    }
  }

  /// @param others what properties of other names are; null if there are none
  /// @param max the most properties; -1 for any number
  ObjectPart(List<Property> properties, @Nullable Rule others, int max) {
    this.properties = List.copyOf(properties);
    this.others = others;
    this.max = max < 0 ? Integer.MAX_VALUE : max;
    var names = new HashSet<String>();
    properties.forEach(property -> names.add(property.key));
    known = Set.copyOf(names);
    needed = new int[properties.size() + 1];
    required = new int[properties.size() + 1];
    for (int i = properties.size() - 1; i >= 0; i--) {
      required[i] = required[i + 1] + (properties.get(i).required ? 1 : 0);
    }
    measure();
  }

  @Override
  public void measure() {
    for (int i = properties.size() - 1; i >= 0; i--) {
      var property = properties.get(i);
      int own = property.required ? property.shortest() + 1 : 0;
      needed[i] = Math.min(Position.ENDLESS, needed[i + 1] + own);
    }
  }

  @Override
  public int shortest() {
    if (required[0] > max) {
      return Position.ENDLESS;
    }
    return Math.min(Position.ENDLESS, 2 + needed[0] - (required[0] > 0 ? 1 : 0));
  }

  @Override
  public State start() {
    return new At(this, Phase.BEFORE, new Progress(0, 0, Set.of()), Gap.NONE);
  }

  /// What an object has so far.
  ///
  /// @param next the first known property that may still come
  /// @param count all properties, as far as it matters
  /// @param used names of others
  record Progress(int next, int count, Set<String> used) {
    Progress withKnown(int index, int max) {
      return new Progress(index + 1, counted(max), used);
    }

    Progress withOther(String name, int next, int max) {
      var names = new HashSet<>(used);
      names.add(name);
      return new Progress(next, counted(max), Set.copyOf(names));
    }

    private int counted(int max) {
      return max == Integer.MAX_VALUE ? 0 : count + 1;
    }
  }

  /// Whether a known property may come next.
  private boolean canHave(int index, Progress progress, Position rest) {
    var property = properties.get(index);
    if (!property.value.isPossible()) {
      return false;
    }
    return property.required
        || (!Rule.isDeep(rest) && progress.count + 1 + required[progress.next] <= max);
  }

  private boolean canHaveOther(Progress progress, Position rest) {
    return others != null
        && others.isPossible()
        && required[progress.next] == 0
        && progress.count < max
        && !Rule.isDeep(rest)
        && !progress.used.contains(FreeName.FRESH);
  }

  private boolean canGoOn(Progress progress, Position rest) {
    for (int i = progress.next; i < properties.size(); i++) {
      if (canHave(i, progress, rest)) {
        return true;
      }
      if (properties.get(i).required) {
        return false;
      }
    }
    return canHaveOther(progress, rest);
  }

  private void enterNames(Progress progress, Position rest, Consumer<Position> out) {
    for (int i = progress.next; i < properties.size(); i++) {
      if (canHave(i, progress, rest)) {
        new KnownName(this, i, 0, progress).enter(rest, out);
      }
      if (properties.get(i).required) {
        return;
      }
    }
    if (canHaveOther(progress, rest)) {
      new FreeName(this, progress, FreeName.BEFORE, 0).enter(rest, out);
    }
  }

  private enum Phase {
    BEFORE,
    OPEN,
    AFTER_VALUE,
    AFTER_COMMA
  }

  private record At(ObjectPart part, Phase phase, Progress progress, int gap) implements State {
    @Override
    public int toEnd() {
      int more = part.needed[progress.next];
      return switch (phase) {
        case BEFORE -> part.shortest();
        case OPEN -> part.shortest() - 1;
        case AFTER_VALUE -> Math.min(Position.ENDLESS, more + 1);
        // The comma of the next one is there already; where none is needed, a name follows anyway,
        // and that way is measured by the name itself.
        case AFTER_COMMA ->
            Math.min(Position.ENDLESS, more > 0 ? more : part.cheapestOptional(progress) + 1);
      };
    }

    @Override
    public void enter(Position rest, Consumer<Position> out) {
      out.accept(Position.of(this, rest));
      if (phase == Phase.OPEN || phase == Phase.AFTER_COMMA) {
        part.enterNames(progress, rest, out);
      }
    }

    @Override
    public void read(int b, Position rest, Consumer<Position> out) {
      switch (phase) {
        case BEFORE -> {
          if (b == '{') {
            new At(part, Phase.OPEN, progress, Gap.NONE).enter(rest, out);
          }
        }
        case OPEN -> gapOrEnd(b, rest, out);
        case AFTER_VALUE -> {
          if (b == ',' && gap == Gap.NONE && part.canGoOn(progress, rest)) {
            new At(part, Phase.AFTER_COMMA, progress, Gap.NONE).enter(rest, out);
          } else {
            gapOrEnd(b, rest, out);
          }
        }
        case AFTER_COMMA -> readGap(b, rest, out);
      }
    }

    private void gapOrEnd(int b, Position rest, Consumer<Position> out) {
      boolean enough = part.required[progress.next] == 0;
      if (b == '}' && enough) {
        rest.enter(out);
      } else if (enough || phase == Phase.OPEN) {
        readGap(b, rest, out);
      }
    }

    private void readGap(int b, Position rest, Consumer<Position> out) {
      int next = Gap.read(gap, b);
      if (next >= 0) {
        new At(part, phase, progress, next).enter(rest, out);
      }
    }

    @Override
    public String toString() {
      return "object %s %s".formatted(phase, progress);
    }
  }

  /// The fewest bytes of a property after a comma that nothing required follows.
  private int cheapestOptional(Progress progress) {
    int least = others == null ? Position.ENDLESS : 4 + others.shortest();
    for (int i = progress.next; i < properties.size(); i++) {
      least = Math.min(least, properties.get(i).shortest());
    }
    return least;
  }

  private void enterValue(Rule value, Progress after, Position rest, Consumer<Position> out) {
    new Value(value, new At(this, Phase.AFTER_VALUE, after, Gap.NONE), Gap.NONE).enter(rest, out);
  }

  /// Inside the name of a known property.
  private record KnownName(ObjectPart part, int index, int at, Progress progress) implements State {
    @Override
    public int toEnd() {
      var property = part.properties.get(index);
      return Math.min(Position.ENDLESS, property.shortest() - at + part.needed[index + 1] + 1);
    }

    @Override
    public void enter(Position rest, Consumer<Position> out) {
      out.accept(Position.of(this, rest));
    }

    @Override
    public void read(int b, Position rest, Consumer<Position> out) {
      var property = part.properties.get(index);
      if (b != (property.name[at] & 0xFF)) {
        return;
      }
      if (at + 1 < property.name.length) {
        new KnownName(part, index, at + 1, progress).enter(rest, out);
      } else {
        part.enterValue(property.value, progress.withKnown(index, part.max), rest, out);
      }
    }
  }

  /// After the colon: one space may stand there.
  private record Value(Rule value, State after, int gap) implements State {
    @Override
    public int toEnd() {
      return Math.min(Position.ENDLESS, value.shortest() + after.toEnd());
    }

    @Override
    public void enter(Position rest, Consumer<Position> out) {
      if (gap == Gap.NONE) {
        out.accept(Position.of(this, rest));
      }
      value.enter(Position.of(after, rest), out);
    }

    @Override
    public void read(int b, Position rest, Consumer<Position> out) {
      if (b == ' ') {
        new Value(value, after, Gap.read(gap, b)).enter(rest, out);
      }
    }
  }

  /// Whether a name is taken, or about to be.
  boolean isKnown(String name) {
    return known.contains(name);
  }

  /// Whether a known name begins like this.
  boolean beginsKnown(String start) {
    return known.stream().anyMatch(name -> name.startsWith(start));
  }

  /// The fewest bytes of the value of a property that is not known, and of the end after it.
  int otherValueToEnd() {
    return others == null ? Position.ENDLESS : others.shortest() + 1;
  }

  /// After the colon of a property that is not known.
  void enterOther(String name, Progress before, Position rest, Consumer<Position> out) {
    if (others != null) {
      enterValue(others, before.withOther(name, properties.size(), max), rest, out);
    }
  }
}
