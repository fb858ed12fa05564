package io.plm4j.generate.constraint;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What schemas that hold together say about an object's properties.
final class Properties {
  private final List<Place> schemas;
  private final Set<String> names = new LinkedHashSet<>();
  private final Set<String> required = new LinkedHashSet<>();

  Properties(Conjunction conjunction) {
    schemas = List.copyOf(conjunction.schemas());
    for (var schema : schemas) {
      names.addAll(schema.named("properties").keySet());
      required.addAll(schema.texts("required"));
    }
    names.addAll(required);
    for (var schema : schemas) {
      checkUnevaluated(schema);
    }
  }

  /// The schema is obeyed where it says no more than that made objects have none but known
  /// properties, which they have anyway.
  private void checkUnevaluated(Place schema) {
    if (!schema.has("unevaluatedProperties")) {
      return;
    }
    var place = schema.at("unevaluatedProperties");
    boolean others =
        schemas.stream()
            .anyMatch(
                s -> s.has("properties") && !(s.path() + "/").startsWith(schema.path() + "/"));
    if (!place.node().isBoolean() || (place.isFalse() && others)) {
      throw place.error("is not supported here; use additionalProperties");
    }
  }

  /// Names that a schema has or requires, in their order.
  Set<String> names() {
    return names;
  }

  Set<String> required() {
    return required;
  }

  /// The schemas of the values under a name; none if anything may stand there.
  Set<Place> schemasOf(String name) {
    var all = new LinkedHashSet<Place>();
    for (var schema : schemas) {
      var own = schema.named("properties").get(name);
      if (own != null) {
        all.add(own);
      } else {
        schema.schema("additionalProperties").ifPresent(all::add);
      }
    }
    return all;
  }

  boolean forbids(String name) {
    return schemasOf(name).stream().anyMatch(Place::isFalse);
  }

  /// Whether properties of other names are made: where a schema asks for them, or says nothing
  /// about any.
  boolean isOpen() {
    boolean asked = false;
    for (var schema : schemas) {
      var others = schema.schema("additionalProperties");
      boolean none =
          schema.has("unevaluatedProperties") && schema.at("unevaluatedProperties").isFalse();
      if (none || others.filter(Place::isFalse).isPresent()) {
        return false;
      }
      asked |= others.isPresent();
    }
    return asked || names.isEmpty();
  }

  /// The schemas of the values under names that none of the schemas has.
  Set<Place> schemasOfOthers() {
    var all = new ArrayList<Place>();
    schemas.forEach(schema -> schema.schema("additionalProperties").ifPresent(all::add));
    return new LinkedHashSet<>(all);
  }
}
