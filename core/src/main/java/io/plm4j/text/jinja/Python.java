package io.plm4j.text.jinja;

import java.util.ArrayList;
import java.util.List;

/// How Python treats values: what counts as true, what equals what, what can be gone through.
final class Python {
  private Python() {}

  static boolean isTrue(Value value) {
    return switch (value) {
      case Value.Text text -> text.text().length() > 0;
      case Value.Whole whole -> whole.value() != 0;
      case Value.Real real -> real.value() != 0;
      case Value.Truth truth -> truth == Value.Truth.TRUE;
      case Value.Sequence sequence -> !sequence.items().isEmpty();
      case Value.Mapping mapping -> !mapping.entries().isEmpty();
      case Value.None _, Value.Undefined _ -> false;
      case Value.Generator _, Value.Namespace _, Value.Loop _, Value.Function _ -> true;
    };
  }

  static boolean areEqual(Value a, Value b, Budget budget) {
    budget.enter();
    boolean equal = compareEqual(a, b, budget);
    budget.leave();
    return equal;
  }

  private static boolean compareEqual(Value a, Value b, Budget budget) {
    if (isNumber(a) && isNumber(b)) {
      return isReal(a) || isReal(b) ? real(a) == real(b) : whole(a) == whole(b);
    }
    return switch (a) {
      case Value.Sequence left ->
          b instanceof Value.Sequence right
              && left.kind() == right.kind()
              && areEqual(left.items(), right.items(), budget);
      case Value.Mapping left ->
          b instanceof Value.Mapping right
              && left.entries().size() == right.entries().size()
              && left.entries().entrySet().stream()
                  .allMatch(entry -> {
                    Value other = right.entries().get(entry.getKey());
                    return other != null && areEqual(entry.getValue(), other, budget);
                  });
      case Value.Undefined _ -> b instanceof Value.Undefined;
      case Value.Generator _, Value.Namespace _, Value.Loop _, Value.Function _ -> a == b;
      case Value.Text _, Value.Whole _, Value.Real _, Value.Truth _, Value.None _ -> a.equals(b);
    };
  }

  private static boolean areEqual(List<Value> a, List<Value> b, Budget budget) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!areEqual(a.get(i), b.get(i), budget)) {
        return false;
      }
    }
    return true;
  }

  /// Negative, zero or positive, for numbers and for texts.
  static int compare(Value a, Value b, String sign) {
    if (isNumber(a) && isNumber(b)) {
      return isReal(a) || isReal(b)
          ? Double.compare(real(a), real(b))
          : Long.compare(whole(a), whole(b));
    }
    if (a instanceof Value.Text left && b instanceof Value.Text right) {
      return compareCodePoints(left.toString(), right.toString());
    }
    requireDefined(a);
    requireDefined(b);
    throw new Failure("'%s' is not possible between %s and %s".formatted(sign, kind(a), kind(b)));
  }

  private static int compareCodePoints(String a, String b) {
    return java.util.Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
  }

  static boolean contains(Value container, Value item, Budget budget) {
    return switch (container) {
      case Value.Text text -> {
        if (item instanceof Value.Text part) {
          yield text.toString().contains(part.toString());
        }
        throw new Failure("'in' a string needs a string, found " + kind(item));
      }
      case Value.Mapping mapping -> isKey(item) && mapping.entries().containsKey(item);
      default -> items(container).stream().anyMatch(candidate -> areEqual(candidate, item, budget));
    };
  }

  /// Whether a mapping may have the value as a key.
  static boolean isKey(Value value) {
    return value instanceof Value.Text || value instanceof Value.Whole;
  }

  /// What a loop over the value goes through.
  static List<Value> items(Value value) {
    return switch (value) {
      case Value.Sequence sequence -> sequence.items();
      case Value.Generator generator -> generator.take();
      case Value.Mapping mapping -> List.copyOf(mapping.entries().keySet());
      case Value.Undefined _ -> List.of();
      case Value.Text text -> {
        List<Value> characters = new ArrayList<>();
        String s = text.toString();
        for (int i = 0; i < s.length(); i = s.offsetByCodePoints(i, 1)) {
          characters.add(new Value.Text(text.text().substring(i, s.offsetByCodePoints(i, 1))));
        }
        yield characters;
      }
      case Value.Whole _,
          Value.Real _,
          Value.Truth _,
          Value.None _,
          Value.Namespace _,
          Value.Loop _,
          Value.Function _ ->
          throw new Failure("cannot go through %s item by item".formatted(kind(value)));
    };
  }

  static int length(Value value) {
    if (value instanceof Value.Generator) {
      throw new Failure(kind(value) + " has no length");
    }
    return value instanceof Value.Text text
        ? text.toString().codePointCount(0, text.text().length())
        : items(value).size();
  }

  static boolean isNumber(Value value) {
    return value instanceof Value.Whole
        || value instanceof Value.Real
        || value instanceof Value.Truth;
  }

  static boolean isReal(Value value) {
    return value instanceof Value.Real;
  }

  /// A whole number; truth values count as 1 and 0.
  static long whole(Value value) {
    return switch (value) {
      case Value.Whole whole -> whole.value();
      case Value.Truth truth -> truth == Value.Truth.TRUE ? 1 : 0;
      default -> {
        requireDefined(value);
        throw new Failure("expected a whole number, found " + kind(value));
      }
    };
  }

  static double real(Value value) {
    return value instanceof Value.Real real ? real.value() : whole(value);
  }

  static TracedText text(Value value) {
    if (value instanceof Value.Text text) {
      return text.text();
    }
    requireDefined(value);
    throw new Failure("expected a string, found " + kind(value));
  }

  static void requireDefined(Value value) {
    if (value instanceof Value.Undefined undefined) {
      throw new Failure(undefined.reason());
    }
  }

  /// For messages.
  static String kind(Value value) {
    return switch (value) {
      case Value.Text _ -> "a string";
      case Value.Whole _ -> "a whole number";
      case Value.Real _ -> "a number";
      case Value.Truth _ -> "a truth value";
      case Value.None _ -> "none";
      case Value.Undefined _ -> "something undefined";
      case Value.Sequence sequence ->
          sequence.kind() == Value.Sequence.Kind.LIST ? "a list" : "a tuple";
      case Value.Mapping _ -> "a mapping";
      case Value.Namespace _ -> "a namespace";
      case Value.Loop _ -> "a loop";
      case Value.Generator _ -> "what 'select' or 'map' gives (it needs '| list')";
      case Value.Function _ -> "a function";
    };
  }
}
