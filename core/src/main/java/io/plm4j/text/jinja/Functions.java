package io.plm4j.text.jinja;

import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The functions that a template can call without defining them.
final class Functions {
  /// As Jinja's sandbox has it.
  private static final int LONGEST_RANGE = 100_000;

  private static final Map<Character, String> DATE_FIELDS =
      Map.ofEntries(
          Map.entry('d', "dd"),
          Map.entry('m', "MM"),
          Map.entry('y', "uu"),
          Map.entry('Y', "uuuu"),
          Map.entry('b', "MMM"),
          Map.entry('B', "MMMM"),
          Map.entry('a', "EEE"),
          Map.entry('A', "EEEE"),
          Map.entry('H', "HH"),
          Map.entry('I', "hh"),
          Map.entry('M', "mm"),
          Map.entry('S', "ss"),
          Map.entry('p', "a"),
          Map.entry('j', "DDD"));

  private Functions() {}

  static void define(Scope scope, Clock clock, Budget budget) {
    define(scope, "raise_exception", arguments -> raise(arguments, budget));
    define(scope, "strftime_now", arguments -> now(arguments, clock));
    define(scope, "range", arguments -> range(arguments, budget));
    define(scope, "namespace", Functions::namespace);
    define(scope, "dict", arguments -> new Value.Mapping(members(arguments)));
  }

  private static void define(Scope scope, String name, Value.Function.Body body) {
    scope.set(name, new Value.Function(name, body));
  }

  private static Value raise(Arguments arguments, Budget budget) {
    throw new Failure(
        "the template refuses this conversation: "
            + Printing.print(arguments.only("message"), budget));
  }

  private static Value now(Arguments arguments, Clock clock) {
    String format = Python.text(arguments.only("format")).toString();
    var now = ZonedDateTime.now(clock);
    var out = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%' || i + 1 == format.length()) {
        out.append(c);
        continue;
      }
      char field = format.charAt(++i);
      String pattern = DATE_FIELDS.get(field);
      if (field == '%') {
        out.append('%');
      } else if (pattern != null) {
        out.append(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(now));
      } else {
        throw new Failure("strftime_now does not support '%%%c'".formatted(field));
      }
    }
    return Value.Text.of(out.toString());
  }

  private static Value range(Arguments arguments, Budget budget) {
    @Nullable Value[] bound = arguments.bind("start", "stop", "step");
    if (bound[0] == null) {
      throw new Failure("range() needs an argument");
    }
    long first = Python.whole(bound[0]);
    long start = bound[1] == null ? 0 : first;
    long stop = bound[1] == null ? first : Python.whole(bound[1]);
    long step = TextMethods.optionalWhole(bound[2], 1);
    if (step == 0) {
      throw new Failure("the step of range() must not be 0");
    }
    List<Value> items = new ArrayList<>();
    for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
      if (items.size() == LONGEST_RANGE) {
        throw new Failure("range() is longer than " + LONGEST_RANGE);
      }
      items.add(new Value.Whole(i));
    }
    budget.spend(items.size());
    return Value.Sequence.list(items);
  }

  private static Value namespace(Arguments arguments) {
    var namespace = new Value.Namespace();
    members(arguments)
        .forEach((name, value) -> namespace.members.put(Python.text(name).toString(), value));
    return namespace;
  }

  /// The members of another mapping, if one is given, then those given by name.
  private static Map<Value, Value> members(Arguments arguments) {
    Map<Value, Value> members = new LinkedHashMap<>();
    for (Value given : arguments.positional()) {
      if (!(given instanceof Value.Mapping mapping) || arguments.positional().size() > 1) {
        throw new Failure(arguments.callee() + " takes one mapping, or members by name");
      }
      members.putAll(mapping.entries());
    }
    arguments.named().forEach((name, value) -> members.put(Value.Text.of(name), value));
    return members;
  }
}
