package io.plm4j.generate.constraint;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// What may stand at some place of an answer: one of several parts. Rules refer to each other, to
/// themselves too, so they are made empty and filled in; after that they do not change.
final class Rule {
  /// Values may lie in each other this deep; deeper down only the shortest way out is left. Far
  /// below what JSON readers allow (Jackson 500, Python about 1000).
  private static final int MAX_DEPTH = 64;

  private final List<Part> parts = new ArrayList<>();
  private int shortest = Position.ENDLESS;

  void add(Part part) {
    parts.add(part);
  }

  List<Part> parts() {
    return parts;
  }

  /// The fewest bytes of an answer to this rule; endless if there is none.
  int shortest() {
    return shortest;
  }

  boolean isPossible() {
    return shortest < Position.ENDLESS;
  }

  void enter(Position rest, Consumer<Position> out) {
    boolean deep = isDeep(rest);
    for (var part : parts) {
      if (part.shortest() < Position.ENDLESS && (!deep || part.shortest() == shortest)) {
        part.start().enter(rest, out);
      }
    }
  }

  /// Whether a part that is not needed must not begin inside of this one.
  static boolean isDeep(Position rest) {
    return rest.depth() >= MAX_DEPTH;
  }

  /// Finds the shortest answer to each rule: rules need each other's, so in rounds, until nothing
  /// gets shorter.
  static void measure(Iterable<Rule> rules) {
    for (boolean changed = true; changed; ) {
      changed = false;
      for (var rule : rules) {
        for (var part : rule.parts) {
          part.measure();
          if (part.shortest() < rule.shortest) {
            rule.shortest = part.shortest();
            changed = true;
          }
        }
      }
    }
  }
}
