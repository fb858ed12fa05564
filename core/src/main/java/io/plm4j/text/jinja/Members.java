package io.plm4j.text.jinja;

import java.util.List;

/// What `x.name` and `x[key]` give.
final class Members {
  private Members() {}

  /// `target.name`: a method or attribute of the value's kind, else the item of that name.
  static Value attribute(Value target, String name, Budget budget) {
    return switch (target) {
      case Value.Undefined undefined -> throw new Failure(undefined.reason());
      case Value.Loop loop -> LoopMembers.find(loop, name);
      case Value.Namespace namespace -> namespace.members.getOrDefault(name, absent(target, name));
      case Value.Text text when TextMethods.has(name) ->
          new Value.Function(
              name, arguments -> TextMethods.call(text.text(), name, arguments, budget));
      case Value.Mapping mapping when MappingMethods.has(name) ->
          new Value.Function(name, arguments -> MappingMethods.call(mapping, name, arguments));
      default -> plainItem(target, Value.Text.of(name), budget);
    };
  }

  /// `target[key]`: an item, else the method or attribute of that name.
  static Value item(Value target, Value key, Budget budget) {
    if (target instanceof Value.Undefined undefined) {
      throw new Failure(undefined.reason());
    }
    Value item = plainItem(target, key, budget);
    return item instanceof Value.Undefined && key instanceof Value.Text name
        ? attribute(target, name.toString(), budget)
        : item;
  }

  private static Value plainItem(Value target, Value key, Budget budget) {
    if (target instanceof Value.Mapping mapping) {
      Value value = Python.isKey(key) ? mapping.entries().get(key) : null;
      return value != null ? value : absent(target, shown(key));
    }
    boolean indexed = target instanceof Value.Text || target instanceof Value.Sequence;
    if (indexed && key instanceof Value.Whole index) {
      List<Value> items = Python.items(target);
      budget.spend(target instanceof Value.Text ? items.size() : 1);
      long at = index.value() < 0 ? index.value() + items.size() : index.value();
      if (at >= 0 && at < items.size()) {
        return items.get((int) at);
      }
    }
    return absent(target, shown(key));
  }

  private static String shown(Value key) {
    return switch (key) {
      case Value.Text text -> text.toString();
      case Value.Whole whole -> String.valueOf(whole.value());
      default -> Python.kind(key);
    };
  }

  private static Value absent(Value target, String name) {
    return new Value.Undefined("%s has no '%s'".formatted(Python.kind(target), name));
  }
}
