package io.plm4j.generate.constraint;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// Schemas that must hold together, after references and alternatives have been followed: what
/// remains of them are plain keywords.
///
/// @param schemas all of which hold
/// @param never none of which holds
record Conjunction(Set<Place> schemas, Set<Place> never) {
  static final Conjunction ANYTHING = new Conjunction(Set.of(), Set.of());

  static Conjunction of(Place schema) {
    return new Conjunction(Set.of(schema), Set.of());
  }

  Conjunction and(Conjunction other) {
    return new Conjunction(union(schemas, other.schemas), union(never, other.never));
  }

  Conjunction andNever(Set<Place> others) {
    return new Conjunction(schemas, union(never, others));
  }

  private static Set<Place> union(Set<Place> a, Set<Place> b) {
    var all = new LinkedHashSet<>(a);
    all.addAll(b);
    return all;
  }

  /// The kinds that every schema allows.
  Set<Kind> kinds() {
    var kinds = Kind.all();
    schemas.forEach(schema -> kinds.retainAll(Kind.allowedBy(schema)));
    return kinds;
  }

  /// The kinds of the answers that are made: where no `type` is given, those that the keywords are
  /// about, or all if they are about none.
  Set<Kind> kindsToMake() {
    var kinds = kinds();
    if (schemas.stream().noneMatch(schema -> schema.has("type"))) {
      var meant = EnumSet.noneOf(Kind.class);
      schemas.forEach(schema -> meant.addAll(Kind.meantBy(schema)));
      if (!meant.isEmpty()) {
        kinds.retainAll(meant);
      }
    }
    return kinds;
  }

  /// The values of `const` or of the first `enum`; empty if neither is there.
  Optional<List<JsonNode>> values() {
    for (var schema : schemas) {
      if (schema.has("const")) {
        return Optional.of(List.of(schema.node().get("const")));
      }
    }
    for (var schema : schemas) {
      if (schema.has("enum")) {
        var list = schema.at("enum");
        if (!list.node().isArray() || list.node().isEmpty()) {
          throw list.error("must be a list of values with at least one entry");
        }
        var values = new ArrayList<JsonNode>();
        list.node().forEach(values::add);
        return Optional.of(values);
      }
    }
    return Optional.empty();
  }

  /// The greatest of the schemas' least numbers.
  int least(String key) {
    return schemas.stream().mapToInt(schema -> schema.least(key)).max().orElse(0);
  }

  /// The smallest of the schemas' greatest numbers; -1 if there is none.
  int most(String key) {
    return schemas.stream().flatMapToInt(schema -> schema.most(key).stream()).min().orElse(-1);
  }

  <T> List<T> all(Function<Place, Optional<T>> value) {
    return schemas.stream().flatMap(schema -> value.apply(schema).stream()).toList();
  }

  /// A bound of numbers.
  record Bound(Optional<BigDecimal> value, boolean included) {
    /// Whether no number lies from this lower bound to an upper one.
    boolean isAbove(Bound upper) {
      if (value.isEmpty() || upper.value.isEmpty()) {
        return false;
      }
      int order = value.get().compareTo(upper.value.get());
      return order > 0 || (order == 0 && !(included && upper.included));
    }
  }

  Bound low() {
    var bound = new Bound(all(s -> s.number("minimum")).stream().max(BigDecimal::compareTo), true);
    var open = all(s -> s.number("exclusiveMinimum")).stream().max(BigDecimal::compareTo);
    boolean narrower =
        open.isPresent() && bound.value.filter(v -> v.compareTo(open.get()) > 0).isEmpty();
    return narrower ? new Bound(open, false) : bound;
  }

  Bound high() {
    var bound = new Bound(all(s -> s.number("maximum")).stream().min(BigDecimal::compareTo), true);
    var open = all(s -> s.number("exclusiveMaximum")).stream().min(BigDecimal::compareTo);
    boolean narrower =
        open.isPresent() && bound.value.filter(v -> v.compareTo(open.get()) < 0).isEmpty();
    return narrower ? new Bound(open, false) : bound;
  }
}
