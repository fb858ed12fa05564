package io.plm4j.text.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The filter `tojson` of transformers: Python's `json.dumps` with characters left as they are.
final class Json {
  private final boolean asciiOnly;
  private final @Nullable String indent;
  private final String itemSeparator;
  private final String keySeparator;
  private final boolean sorted;
  private boolean typed;

  Json(Arguments arguments) {
    var bound = arguments.bind("ensure_ascii", "indent", "separators", "sort_keys");
    asciiOnly = bound[0] != null && Python.isTrue(bound[0]);
    indent = indent(bound[1]);
    sorted = bound[3] != null && Python.isTrue(bound[3]);
    if (bound[2] instanceof Value.Sequence separators && separators.items().size() == 2) {
      itemSeparator = Python.text(separators.items().get(0)).toString();
      keySeparator = Python.text(separators.items().get(1)).toString();
    } else if (bound[2] == null || bound[2] == Value.None.NONE) {
      itemSeparator = indent == null ? ", " : ",";
      keySeparator = ": ";
    } else {
      throw new Failure("the argument 'separators' of tojson must be a pair of strings");
    }
  }

  private static @Nullable String indent(@Nullable Value value) {
    return switch (value) {
      case null -> null;
      case Value.None _ -> null;
      case Value.Text text -> text.toString();
      default -> " ".repeat((int) Math.clamp(Python.whole(value), 0, 100));
    };
  }

  Value write(Value value, Budget budget) {
    var out = new StringBuilder();
    write(value, 0, out, budget);
    String json = out.toString();
    return new Value.Text(typed ? TracedText.typed(json) : TracedText.trusted(json));
  }

  private void write(Value value, int level, StringBuilder out, Budget budget) {
    budget.enter();
    int start = out.length();
    switch (value) {
      case Value.Text text -> {
        typed |= text.text().hasTyped();
        quote(text.toString(), out);
      }
      case Value.Whole whole -> out.append(whole.value());
      case Value.Real real -> out.append(real(real.value()));
      case Value.Truth truth -> out.append(truth == Value.Truth.TRUE);
      case Value.None _ -> out.append("null");
      case Value.Sequence sequence -> {
        List<Runnable> writers = new ArrayList<>();
        for (Value item : sequence.items()) {
          writers.add(() -> write(item, level + 1, out, budget));
        }
        enclose('[', ']', level, writers, out);
      }
      case Value.Mapping mapping -> {
        List<Runnable> writers = new ArrayList<>();
        for (Map.Entry<Value, Value> entry : entries(mapping)) {
          writers.add(() -> {
            typed |= entry.getKey() instanceof Value.Text text && text.text().hasTyped();
            quote(key(entry.getKey()), out);
            out.append(keySeparator);
            write(entry.getValue(), level + 1, out, budget);
          });
        }
        enclose('{', '}', level, writers, out);
      }
      case Value.Undefined _,
          Value.Generator _,
          Value.Namespace _,
          Value.Loop _,
          Value.Function _ -> {
        Python.requireDefined(value);
        throw new Failure("tojson cannot write " + Python.kind(value));
      }
    }
    budget.spend(out.length() - start);
    budget.leave();
  }

  private void enclose(
      char open, char close, int level, List<Runnable> writers, StringBuilder out) {
    out.append(open);
    String separator = "";
    for (Runnable writer : writers) {
      out.append(separator);
      newLine(level + 1, out);
      writer.run();
      separator = itemSeparator;
    }
    if (!writers.isEmpty()) {
      newLine(level, out);
    }
    out.append(close);
  }

  private void newLine(int level, StringBuilder out) {
    if (indent != null) {
      out.append('\n').repeat(indent, level);
    }
  }

  private List<Map.Entry<Value, Value>> entries(Value.Mapping mapping) {
    List<Map.Entry<Value, Value>> entries = new ArrayList<>(mapping.entries().entrySet());
    if (sorted) {
      Comparator<Value> byKey = (a, b) -> Python.compare(a, b, "<");
      entries.sort(Map.Entry.comparingByKey(byKey));
    }
    return entries;
  }

  private static String key(Value key) {
    return key instanceof Value.Whole whole ? String.valueOf(whole.value()) : key.toString();
  }

  private static String real(double value) {
    return Double.isNaN(value)
        ? "NaN"
        : Double.isInfinite(value) ? (value > 0 ? "Infinity" : "-Infinity") : Printing.real(value);
  }

  private void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (c < 0x20 || asciiOnly && c > 0x7E) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
