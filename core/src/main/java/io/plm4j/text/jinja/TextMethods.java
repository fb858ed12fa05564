package io.plm4j.text.jinja;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The methods of Python's `str` that chat templates use.
final class TextMethods {
  private static final Set<String> NAMES =
      Set.of(
          "strip",
          "lstrip",
          "rstrip",
          "split",
          "splitlines",
          "startswith",
          "endswith",
          "find",
          "count",
          "join",
          "replace",
          "upper",
          "lower",
          "title",
          "capitalize");

  private TextMethods() {}

  static boolean has(String name) {
    return NAMES.contains(name);
  }

  static Value call(TracedText text, String name, Arguments arguments, Budget budget) {
    budget.spend(text.length());
    return switch (name) {
      case "strip" -> strip(text, arguments, Texts.Side.BOTH);
      case "lstrip" -> strip(text, arguments, Texts.Side.LEFT);
      case "rstrip" -> strip(text, arguments, Texts.Side.RIGHT);
      case "split" -> {
        var bound = arguments.bind("sep", "maxsplit");
        yield Value.Sequence.list(
            Texts.split(text, optionalText(bound[0]), optionalWhole(bound[1], -1)));
      }
      case "splitlines" -> {
        arguments.none();
        yield Value.Sequence.list(Texts.lines(text));
      }
      case "startswith" -> {
        Value prefix = arguments.only("prefix");
        yield Value.Truth.of(anyOf(prefix).stream().anyMatch(text.toString()::startsWith));
      }
      case "endswith" -> {
        Value suffix = arguments.only("suffix");
        yield Value.Truth.of(anyOf(suffix).stream().anyMatch(text.toString()::endsWith));
      }
      case "find" -> {
        String s = text.toString();
        int at = s.indexOf(Python.text(arguments.only("sub")).toString());
        yield new Value.Whole(at < 0 ? -1 : s.codePointCount(0, at));
      }
      case "count" -> {
        String part = Python.text(arguments.only("sub")).toString();
        yield new Value.Whole(
            part.isEmpty()
                ? Python.length(new Value.Text(text)) + 1
                : Texts.split(text, part, -1).size() - 1);
      }
      case "join" -> {
        List<TracedText> parts =
            Python.items(arguments.only("iterable")).stream().map(Python::text).toList();
        budget.spend(parts.stream().mapToLong(part -> part.length() + text.length()).sum());
        yield new Value.Text(Texts.join(parts, text));
      }
      case "replace" -> replace(text, arguments, budget);
      case "upper" -> noArguments(arguments, Texts.upper(text));
      case "lower" -> noArguments(arguments, Texts.lower(text));
      case "title" -> noArguments(arguments, Texts.title(text));
      case "capitalize" -> noArguments(arguments, Texts.capitalize(text));
      default -> throw new AssertionError(name);
    };
  }

  private static Value noArguments(Arguments arguments, TracedText result) {
    arguments.none();
    return new Value.Text(result);
  }

  private static Value strip(TracedText text, Arguments arguments, Texts.Side side) {
    return new Value.Text(Texts.strip(text, optionalText(arguments.bind("chars")[0]), side));
  }

  /// `replace(old, new, count)`, as a method and as a filter.
  static Value replace(TracedText text, Arguments arguments, Budget budget) {
    var bound = arguments.bind("old", "new", "count");
    if (bound[0] == null || bound[1] == null) {
      throw new Failure("replace needs the arguments 'old' and 'new'");
    }
    return new Value.Text(
        Texts.replace(
            text,
            Python.text(bound[0]),
            Python.text(bound[1]),
            optionalWhole(bound[2], -1),
            budget));
  }

  static @Nullable String optionalText(@Nullable Value value) {
    return value == null || value == Value.None.NONE ? null : Python.text(value).toString();
  }

  static long optionalWhole(@Nullable Value value, long absent) {
    return value == null || value == Value.None.NONE ? absent : Python.whole(value);
  }

  /// A text, or a tuple of texts of which any may fit.
  private static List<String> anyOf(Value value) {
    return value instanceof Value.Sequence sequence && sequence.kind() == Value.Sequence.Kind.TUPLE
        ? sequence.items().stream().map(item -> Python.text(item).toString()).toList()
        : List.of(Python.text(value).toString());
  }
}
