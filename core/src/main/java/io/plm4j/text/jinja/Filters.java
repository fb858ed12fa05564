package io.plm4j.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What can follow `|`.
final class Filters {
  private static final Set<String> NAMES =
      Set.of(
          "capitalize",
          "count",
          "d",
          "default",
          "first",
          "indent",
          "int",
          "items",
          "join",
          "last",
          "length",
          "list",
          "lower",
          "map",
          "reject",
          "rejectattr",
          "replace",
          "select",
          "selectattr",
          "string",
          "title",
          "tojson",
          "trim",
          "upper");

  /// Where Jinja's `title`, unlike Python's, begins a word.
  private static final Pattern WORD_BREAKS =
      Pattern.compile("[-\\s({\\[<]+", Pattern.UNICODE_CHARACTER_CLASS);

  private final Budget budget;
  private final Selection selection;

  Filters(Budget budget) {
    this.budget = budget;
    selection = new Selection(this, budget);
  }

  static void require(TokenCursor tokens, Token name) {
    if (!NAMES.contains(name.text())) {
      throw tokens.error(name, "the filter '%s' is not supported".formatted(name.text()));
    }
  }

  Value apply(Value value, Arguments arguments, String name) {
    return switch (name) {
      case "default", "d" -> defaultValue(value, arguments);
      case "string" -> {
        arguments.none();
        yield new Value.Text(text(value));
      }
      case "trim" ->
          new Value.Text(
              Texts.strip(
                  text(value),
                  TextMethods.optionalText(arguments.bind("chars")[0]),
                  Texts.Side.BOTH));
      case "upper", "lower", "capitalize", "title" -> {
        arguments.none();
        yield new Value.Text(recase(text(value), name));
      }
      case "replace" -> TextMethods.replace(text(value), arguments, budget);
      case "indent" -> indent(Python.text(value), arguments);
      case "length", "count" -> {
        arguments.none();
        yield new Value.Whole(Python.length(value));
      }
      case "list" -> {
        arguments.none();
        yield Value.Sequence.list(items(value));
      }
      case "items" -> {
        arguments.none();
        yield items(value, arguments);
      }
      case "first" -> {
        arguments.none();
        List<Value> first = value instanceof Value.Generator g ? g.takeFirst() : items(value);
        yield first.isEmpty() ? new Value.Undefined("there is no first item") : first.getFirst();
      }
      case "last" -> {
        arguments.none();
        if (value instanceof Value.Generator) {
          throw new Failure("'last' needs a list, found " + Python.kind(value));
        }
        List<Value> items = items(value);
        yield items.isEmpty() ? new Value.Undefined("there is no last item") : items.getLast();
      }
      case "join" -> join(value, arguments);
      case "int" -> whole(value, arguments);
      case "tojson" -> new Json(arguments).write(value, budget);
      case "map" -> selection.map(items(value), arguments);
      case "select", "reject", "selectattr", "rejectattr" ->
          selection.select(name, items(value), arguments);
      default -> throw new Failure("the filter '%s' is not supported".formatted(name));
    };
  }

  static boolean has(String name) {
    return NAMES.contains(name);
  }

  private List<Value> items(Value value) {
    List<Value> items = Python.items(value);
    budget.spend(items.size());
    return items;
  }

  private static Value items(Value value, Arguments arguments) {
    return switch (value) {
      case Value.Mapping mapping -> new Value.Generator(MappingMethods.pairs(mapping));
      case Value.Undefined _ -> new Value.Generator(List.of());
      default -> throw new Failure(arguments.callee() + " needs a mapping");
    };
  }

  private TracedText text(Value value) {
    TracedText text = Printing.print(value, budget);
    budget.spend(text.length());
    return text;
  }

  private static Value defaultValue(Value value, Arguments arguments) {
    var bound = arguments.bind("default_value", "boolean");
    boolean replacesFalse = bound[1] != null && Python.isTrue(bound[1]);
    boolean missing = value instanceof Value.Undefined || replacesFalse && !Python.isTrue(value);
    return !missing ? value : bound[0] != null ? bound[0] : new Value.Text(TracedText.EMPTY);
  }

  private static TracedText recase(TracedText text, String name) {
    return switch (name) {
      case "upper" -> Texts.upper(text);
      case "lower" -> Texts.lower(text);
      case "capitalize" -> Texts.capitalize(text);
      default -> text.derive(title(text.toString()));
    };
  }

  private static String title(String s) {
    var out = new StringBuilder();
    int from = 0;
    Matcher breaks = WORD_BREAKS.matcher(s);
    while (breaks.find()) {
      out.append(titleWord(s.substring(from, breaks.start()))).append(breaks.group());
      from = breaks.end();
    }
    return out.append(titleWord(s.substring(from))).toString();
  }

  private static String titleWord(String word) {
    if (word.isEmpty()) {
      return word;
    }
    int second = word.offsetByCodePoints(0, 1);
    return word.substring(0, second).toUpperCase(Locale.ROOT)
        + word.substring(second).toLowerCase(Locale.ROOT);
  }

  /// Blanks before each line but the first, unless `first`; empty lines only if `blank`.
  private Value indent(TracedText text, Arguments arguments) {
    var bound = arguments.bind("width", "first", "blank");
    TracedText margin =
        bound[0] instanceof Value.Text given
            ? given.text()
            : TracedText.trusted(
                " ".repeat((int) Math.clamp(TextMethods.optionalWhole(bound[0], 4), 0, 1000)));
    boolean first = bound[1] != null && Python.isTrue(bound[1]);
    boolean blank = bound[2] != null && Python.isTrue(bound[2]);
    var out = new TracedText.Builder();
    List<Value> lines = Texts.lines(text.concat(TracedText.trusted("\n")));
    for (int i = 0; i < lines.size(); i++) {
      TracedText line = Python.text(lines.get(i));
      boolean indented = i == 0 ? first : blank || line.length() > 0;
      if (i > 0) {
        out.append(TracedText.trusted("\n"));
      }
      budget.spend(1 + margin.length());
      (indented ? out.append(margin) : out).append(line);
    }
    return new Value.Text(out.build());
  }

  private Value join(Value value, Arguments arguments) {
    var bound = arguments.bind("d", "attribute");
    TracedText separator = bound[0] == null ? TracedText.EMPTY : Printing.print(bound[0], budget);
    List<TracedText> parts = new ArrayList<>();
    for (Value item : items(value)) {
      Value part = bound[1] == null ? item : selection.attribute(item, bound[1]);
      parts.add(Printing.print(part, budget));
      budget.spend(parts.getLast().length() + separator.length());
    }
    return new Value.Text(Texts.join(parts, separator));
  }

  private static Value whole(Value value, Arguments arguments) {
    @Nullable Value[] bound = arguments.bind("default");
    Value otherwise = bound[0] == null ? new Value.Whole(0) : bound[0];
    Python.requireDefined(value);
    return switch (value) {
      case Value.Whole whole -> whole;
      case Value.Truth truth -> new Value.Whole(Python.whole(truth));
      case Value.Real real when Double.isFinite(real.value()) ->
          new Value.Whole((long) real.value());
      case Value.Text text -> {
        try {
          yield new Value.Whole((long) Double.parseDouble(text.toString().strip()));
        } catch (NumberFormatException e) {
          yield otherwise;
        }
      }
      default -> otherwise;
    };
  }
}
