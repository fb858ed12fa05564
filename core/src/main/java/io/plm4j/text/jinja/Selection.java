package io.plm4j.text.jinja;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The filters that go through a list with a test, an attribute or another filter: `select`,
/// `selectattr`, `reject`, `rejectattr`, `map`.
final class Selection {
  private final Filters filters;
  private final Budget budget;

  Selection(Filters filters, Budget budget) {
    this.filters = filters;
    this.budget = budget;
  }

  Value select(String filter, List<Value> items, Arguments arguments) {
    boolean byAttribute = filter.endsWith("attr");
    boolean keeps = filter.startsWith("select");
    List<Value> positional = arguments.positional();
    if (byAttribute && positional.isEmpty()) {
      throw new Failure(arguments.callee() + " needs the name of an attribute");
    }
    List<Value> test = positional.subList(byAttribute ? 1 : 0, positional.size());
    List<Value> chosen = new ArrayList<>();
    for (Value item : items) {
      Value tested = byAttribute ? attribute(item, positional.getFirst()) : item;
      if (passes(tested, test, arguments) == keeps) {
        chosen.add(item);
      }
    }
    return new Value.Generator(chosen);
  }

  private boolean passes(Value value, List<Value> test, Arguments arguments) {
    if (test.isEmpty()) {
      return Python.isTrue(value);
    }
    String name = Python.text(test.getFirst()).toString();
    return Tests.apply(
        value,
        name,
        new Arguments("the test '" + name + "'", test.subList(1, test.size()), arguments.named()),
        budget);
  }

  Value map(List<Value> items, Arguments arguments) {
    Map<String, Value> named = new HashMap<>(arguments.named());
    Value attribute = named.remove("attribute");
    List<Value> mapped = new ArrayList<>();
    if (attribute != null && arguments.positional().isEmpty()) {
      Value otherwise = named.remove("default");
      if (!named.isEmpty()) {
        throw new Failure(arguments.callee() + " knows only 'attribute' and 'default' by name");
      }
      for (Value item : items) {
        Value found = attribute(item, attribute);
        mapped.add(found instanceof Value.Undefined && otherwise != null ? otherwise : found);
      }
      return new Value.Generator(mapped);
    }
    if (arguments.positional().isEmpty()) {
      throw new Failure(arguments.callee() + " needs a filter or an attribute");
    }
    String name = Python.text(arguments.positional().getFirst()).toString();
    List<Value> rest = arguments.positional().subList(1, arguments.positional().size());
    var inner = new Arguments("the filter '" + name + "'", rest, arguments.named());
    budget.enter();
    for (Value item : items) {
      mapped.add(filters.apply(item, inner, name));
    }
    budget.leave();
    return new Value.Generator(mapped);
  }

  /// An attribute by name or index, or by a path with dots between.
  Value attribute(Value item, Value path) {
    if (path instanceof Value.Whole) {
      return Members.item(item, path, budget);
    }
    Value value = item;
    for (String part : Python.text(path).toString().split("\\.", -1)) {
      boolean index =
          !part.isEmpty() && part.length() < 10 && part.chars().allMatch(c -> c >= '0' && c <= '9');
      value =
          Members.item(
              value, index ? new Value.Whole(Integer.parseInt(part)) : Value.Text.of(part), budget);
    }
    return value;
  }
}
