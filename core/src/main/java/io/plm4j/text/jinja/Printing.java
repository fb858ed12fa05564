package io.plm4j.text.jinja;

import java.math.BigDecimal;
import java.util.Map;

/// Values as Python prints them: `str(x)`, and `repr(x)` for what lies inside lists and mappings.
final class Printing {
  private final Budget budget;
  private final StringBuilder out = new StringBuilder();
  private boolean typed;

  private Printing(Budget budget) {
    this.budget = budget;
  }

  static TracedText print(Value value, Budget budget) {
    return switch (value) {
      case Value.Text text -> text.text();
      case Value.Undefined _ -> TracedText.EMPTY;
      default -> {
        var printing = new Printing(budget);
        printing.represent(value);
        // Quotes and escapes depend on the content, so the whole counts as typed if any part is.
        String printed = printing.out.toString();
        yield printing.typed ? TracedText.typed(printed) : TracedText.trusted(printed);
      }
    };
  }

  private void represent(Value value) {
    budget.enter();
    int start = out.length();
    switch (value) {
      case Value.Text text -> {
        typed |= text.text().hasTyped();
        quote(text.toString());
      }
      case Value.Whole whole -> out.append(whole.value());
      case Value.Real real -> out.append(real(real.value()));
      case Value.Truth truth -> out.append(truth == Value.Truth.TRUE ? "True" : "False");
      case Value.None _ -> out.append("None");
      case Value.Undefined _ -> out.append("Undefined");
      case Value.Sequence sequence -> {
        boolean list = sequence.kind() == Value.Sequence.Kind.LIST;
        out.append(list ? '[' : '(');
        String separator = "";
        for (Value item : sequence.items()) {
          out.append(separator);
          represent(item);
          separator = ", ";
        }
        out.append(list ? "]" : sequence.items().size() == 1 ? ",)" : ")");
      }
      case Value.Mapping mapping -> {
        out.append('{');
        String separator = "";
        for (Map.Entry<Value, Value> entry : mapping.entries().entrySet()) {
          out.append(separator);
          represent(entry.getKey());
          out.append(": ");
          represent(entry.getValue());
          separator = ", ";
        }
        out.append('}');
      }
      case Value.Generator _, Value.Namespace _, Value.Loop _, Value.Function _ ->
          throw new Failure("cannot print " + Python.kind(value));
    }
    budget.spend(out.length() - start);
    budget.leave();
  }

  /// The shortest decimal that reads back as the number, with an exponent below 1e-4 and from 1e16
  /// on.
  static String real(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }
    var decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    int exponent = decimal.precision() - decimal.scale() - 1;
    if (value != 0 && (exponent < -4 || exponent >= 16)) {
      String digits = decimal.unscaledValue().abs().toString();
      return (value < 0 ? "-" : "")
          + digits.charAt(0)
          + (digits.length() > 1 ? "." + digits.substring(1) : "")
          + (exponent < 0 ? "e-" : "e+")
          + (Math.abs(exponent) < 10 ? "0" : "")
          + Math.abs(exponent);
    }
    String plain = decimal.toPlainString();
    String sign = value == 0 && 1 / value < 0 ? "-" : "";
    return sign + (plain.contains(".") ? plain : plain + ".0");
  }

  private void quote(String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    out.append(quote);
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\\' -> out.append("\\\\");
            default -> {
              if (c == quote) {
                out.append('\\').append(quote);
              } else if (isPrintable(c)) {
                out.appendCodePoint(c);
              } else {
                out.append(
                    c < 0x100
                        ? "\\x%02x".formatted(c)
                        : c < 0x10000 ? "\\u%04x".formatted(c) : "\\U%08x".formatted(c));
              }
            }
          }
        });
    out.append(quote);
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
