package io.plm4j.text.jinja;

import io.plm4j.text.jinja.Expression.Operator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Python's operators on numbers, texts and lists.
final class Arithmetic {
  private Arithmetic() {}

  static Value signed(Operator sign, Value operand) {
    if (!Python.isNumber(operand)) {
      Python.requireDefined(operand);
      throw new Failure(
          "'%s' needs a number, found %s".formatted(sign.sign(), Python.kind(operand)));
    }
    boolean minus = sign == Operator.SUBTRACT;
    if (operand instanceof Value.Real real) {
      return new Value.Real(minus ? -real.value() : real.value());
    }
    long whole = Python.whole(operand);
    return new Value.Whole(minus ? -whole : whole);
  }

  static Value apply(Operator operator, Value left, Value right, Budget budget) {
    if (operator == Operator.CONCATENATE) {
      return concatenate(Printing.print(left, budget), Printing.print(right, budget), budget);
    }
    Python.requireDefined(left);
    Python.requireDefined(right);
    if (Python.isNumber(left) && Python.isNumber(right)) {
      return operator == Operator.DIVIDE || Python.isReal(left) || Python.isReal(right)
          ? new Value.Real(reals(operator, Python.real(left), Python.real(right)))
          : new Value.Whole(wholes(operator, Python.whole(left), Python.whole(right)));
    }
    if (operator == Operator.ADD) {
      if (left instanceof Value.Text a && right instanceof Value.Text b) {
        return concatenate(a.text(), b.text(), budget);
      }
      if (left instanceof Value.Sequence a
          && right instanceof Value.Sequence b
          && a.kind() == b.kind()) {
        budget.spend(a.items().size() + (long) b.items().size());
        List<Value> items = new ArrayList<>(a.items());
        items.addAll(b.items());
        return new Value.Sequence(items, a.kind());
      }
    }
    if (operator == Operator.MULTIPLY) {
      if (Python.isNumber(right) && !Python.isReal(right)) {
        return repeat(left, Python.whole(right), budget);
      }
      if (Python.isNumber(left) && !Python.isReal(left)) {
        return repeat(right, Python.whole(left), budget);
      }
    }
    throw new Failure(
        "'%s' is not possible between %s and %s"
            .formatted(operator.sign(), Python.kind(left), Python.kind(right)));
  }

  private static Value concatenate(TracedText left, TracedText right, Budget budget) {
    budget.spend(left.length() + (long) right.length());
    return new Value.Text(left.concat(right));
  }

  private static Value repeat(Value value, long times, Budget budget) {
    int count = (int) Math.clamp(times, 0, Integer.MAX_VALUE);
    switch (value) {
      case Value.Text text -> {
        budget.spend(Math.max(1, text.text().length()) * (long) count);
        var repeated = new TracedText.Builder();
        for (int i = 0; i < count; i++) {
          repeated.append(text.text());
        }
        return new Value.Text(repeated.build());
      }
      case Value.Sequence sequence -> {
        budget.spend(Math.max(1, sequence.items().size()) * (long) count);
        List<Value> items = new ArrayList<>();
        Collections.nCopies(count, sequence.items()).forEach(items::addAll);
        return new Value.Sequence(items, sequence.kind());
      }
      default -> throw new Failure("'*' is not possible with " + Python.kind(value));
    }
  }

  private static double reals(Operator operator, double a, double b) {
    return switch (operator) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / divisor(b);
      case DIVIDE_WHOLE -> Math.floor(a / divisor(b));
      case REMAINDER -> {
        double rest = a % divisor(b);
        yield rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
      }
      case CONCATENATE -> throw new AssertionError();
    };
  }

  private static long wholes(Operator operator, long a, long b) {
    try {
      return switch (operator) {
        case ADD -> Math.addExact(a, b);
        case SUBTRACT -> Math.subtractExact(a, b);
        case MULTIPLY -> Math.multiplyExact(a, b);
        case DIVIDE_WHOLE -> Math.floorDivExact(a, divisor(b));
        case REMAINDER -> Math.floorMod(a, divisor(b));
        case DIVIDE, CONCATENATE -> throw new AssertionError(operator);
      };
    } catch (ArithmeticException e) {
      throw new Failure("the result of '%s' is too large".formatted(operator.sign()));
    }
  }

  private static double divisor(double divisor) {
    if (divisor == 0) {
      throw new Failure("division by zero");
    }
    return divisor;
  }

  private static long divisor(long divisor) {
    if (divisor == 0) {
      throw new Failure("division by zero");
    }
    return divisor;
  }
}
