package io.plm4j.generate.constraint;

import java.util.LinkedHashSet;
import java.util.Set;

/// Finds out whether the values that are made for one schema can never keep another: what `oneOf`
/// and `not` ask for. Where it cannot tell, it says no.
final class Separation {
  private static final int MAX_DEPTH = 6;

  private final Alternatives alternatives;
  private final Values values;

  Separation(Alternatives alternatives, Values values) {
    this.alternatives = alternatives;
    this.values = values;
  }

  /// Whether no value that is made for `made` keeps `other`.
  boolean isSure(Conjunction made, Place other) {
    return isSure(made, Set.of(other), MAX_DEPTH);
  }

  private boolean isSure(Conjunction made, Set<Place> other, int depth) {
    return alternatives.of(other).stream().allMatch(way -> apart(made, way, depth));
  }

  private boolean apart(Conjunction made, Conjunction other, int depth) {
    if (made.values().isPresent()) {
      return made.values().get().stream()
          .allMatch(value -> !values.keeps(value, made) || !values.keeps(value, other));
    }
    if (other.values().isPresent()) {
      return other.values().get().stream()
          .allMatch(value -> !values.keeps(value, other) || !values.keeps(value, made));
    }
    var kinds = made.kindsToMake();
    kinds.retainAll(other.kinds());
    return kinds.stream()
        .allMatch(kind ->
            switch (kind) {
              case NULL, BOOLEAN -> false;
              case INTEGER, FRACTION ->
                  made.low().isAbove(other.high()) || other.low().isAbove(made.high());
              case STRING -> countsApart(made, other, "minLength", "maxLength");
              case ARRAY -> countsApart(made, other, "minItems", "maxItems");
              case OBJECT -> objectsApart(made, other, depth);
            });
  }

  private static boolean countsApart(Conjunction a, Conjunction b, String least, String most) {
    return isBelow(a.most(most), b.least(least)) || isBelow(b.most(most), a.least(least));
  }

  private static boolean isBelow(int most, int least) {
    return most >= 0 && most < least;
  }

  private boolean objectsApart(Conjunction made, Conjunction other, int depth) {
    var ours = new Properties(made);
    var theirs = new Properties(other);
    boolean lacksOne =
        !ours.isOpen() && theirs.required().stream().anyMatch(name -> !ours.names().contains(name));
    boolean hasForbidden = ours.required().stream().anyMatch(theirs::forbids);
    if (lacksOne || hasForbidden) {
      return true;
    }
    var shared = new LinkedHashSet<>(ours.required());
    shared.addAll(theirs.required());
    return depth > 0
        && shared.stream()
            .filter(name -> !theirs.schemasOf(name).isEmpty())
            .anyMatch(name ->
                alternatives.of(ours.schemasOf(name)).stream()
                    .allMatch(way -> isSure(way, theirs.schemasOf(name), depth - 1)));
  }
}
