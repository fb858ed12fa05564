package io.plm4j.generate.constraint;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Follows `$ref`, `allOf`, `anyOf`, `oneOf` and `not` until only plain keywords are left.
final class Alternatives {
  private static final int MAX = 500;

  private final SchemaFile file;

  Alternatives(SchemaFile file) {
    this.file = file;
  }

  /// The ways in which schemas can hold together; none if they cannot.
  List<Conjunction> of(Set<Place> schemas) {
    var all = List.of(Conjunction.ANYTHING);
    for (var schema : schemas) {
      all = both(schema, all, of(schema, new LinkedHashSet<>()));
    }
    return all;
  }

  private List<Conjunction> of(Place schema, Set<Place> trail) {
    if (!schema.isObject()) {
      return schema.isFalse() ? List.of() : List.of(Conjunction.ANYTHING);
    }
    Keywords.check(schema);
    if (!trail.add(schema)) {
      throw schema.error("refers to itself without a property or an item in between");
    }
    var all = List.of(Conjunction.of(schema));
    if (schema.has("$ref")) {
      all = both(schema, all, of(file.follow(schema), trail));
    }
    for (var each : schema.schemas("allOf")) {
      all = both(schema, all, of(each, trail));
    }
    var anyOf = schema.schemas("anyOf");
    if (!anyOf.isEmpty()) {
      all = both(schema, all, anyOf.stream().flatMap(each -> of(each, trail).stream()).toList());
    }
    var oneOf = schema.schemas("oneOf");
    if (!oneOf.isEmpty()) {
      all = both(schema, all, exactlyOne(oneOf, trail));
    }
    var not = schema.schema("not");
    if (not.isPresent()) {
      all = all.stream().map(each -> each.andNever(Set.of(not.get()))).toList();
    }
    trail.remove(schema);
    return all;
  }

  private List<Conjunction> exactlyOne(List<Place> schemas, Set<Place> trail) {
    var all = new ArrayList<Conjunction>();
    for (var schema : schemas) {
      var others = new LinkedHashSet<>(schemas);
      others.remove(schema);
      of(schema, trail).forEach(each -> all.add(each.andNever(others)));
    }
    return all;
  }

  private static List<Conjunction> both(
      Place schema, List<Conjunction> first, List<Conjunction> second) {
    if ((long) first.size() * second.size() > MAX) {
      throw schema.error("has more than %d combinations of alternatives".formatted(MAX));
    }
    var all = new ArrayList<Conjunction>();
    first.forEach(a -> second.forEach(b -> all.add(a.and(b))));
    return all;
  }
}
