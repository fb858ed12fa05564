package io.plm4j.generate.constraint;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;

/// The decimal spellings, without an exponent, of the numbers in a range.
///
/// @param low the least value
/// @param lowIncluded whether the least value itself is one
/// @param high the greatest value
/// @param step every number is a multiple of it; greater than 0
/// @param integer whether a point and what follows it are left out
record Decimals(
    Optional<BigDecimal> low,
    boolean lowIncluded,
    Optional<BigDecimal> high,
    boolean highIncluded,
    Optional<BigDecimal> step,
    boolean integer) {
  /// Without bounds of their own, numbers have at most so many digits before the point and as many
  /// after it: more come only from a model that has lost itself.
  static final int DIGITS = 18;

  /// More digits than any bound that means something; beyond, the automaton grows without need.
  static final int MAX_DIGITS = 40;

  /// Deterministic, over the characters of numbers.
  Automaton automaton() {
    var positive = magnitudes(low, lowIncluded, high, highIncluded);
    // 0 has no sign.
    boolean toZero = high.isEmpty() || high.get().signum() >= 0;
    var negative =
        magnitudes(
            toZero ? Optional.of(BigDecimal.ZERO) : high.map(BigDecimal::negate),
            !toZero && highIncluded,
            low.map(BigDecimal::negate),
            lowIncluded);
    return CodePoints.determinize(
        Operations.union(
            List.of(positive, Operations.concatenate(List.of(Automata.makeChar('-'), negative)))));
  }

  /// The numbers from 0 on that lie in a range.
  private Automaton magnitudes(
      Optional<BigDecimal> from,
      boolean fromIncluded,
      Optional<BigDecimal> to,
      boolean toIncluded) {
    boolean fromZero = from.isEmpty() || from.get().signum() < 0;
    var least = fromZero ? BigDecimal.ZERO : from.get();
    boolean leastIncluded = fromZero || fromIncluded;
    int free = step.isPresent() ? DIGITS / 2 : DIGITS;
    var widest = BigDecimal.TEN.pow(Math.max(free, digits(least) + 1)).subtract(BigDecimal.ONE);
    boolean bounded = to.isPresent() && digits(to.get()) <= MAX_DIGITS;
    var most = bounded ? to.get() : widest;
    if (most.signum() < 0) {
      return Automata.makeEmpty();
    }
    int finest = Math.max(DIGITS, Math.max(scale(least), scale(most)));
    int scale = integer ? 0 : step.map(Decimals::scale).orElse(finest);
    var shapes = new ArrayList<Automaton>();
    for (int length = 1; length <= Math.max(1, digits(most)); length++) {
      shapes.add(
          new Walk(length, scale, least, leastIncluded, most, !bounded || toIncluded).automaton());
    }
    return Operations.union(shapes);
  }

  /// Digits before the point.
  static int digits(BigDecimal value) {
    return Math.max(0, value.precision() - value.scale());
  }

  /// Digits after the point.
  static int scale(BigDecimal value) {
    return Math.max(0, value.stripTrailingZeros().scale());
  }

  /// Numbers with exactly `length` digits before the point, digit by digit, each state knowing
  /// whether the digits so far are those of a bound, and the remainder of the step.
  private final class Walk {
    private final int length;
    private final int scale;
    private final String low;
    private final String high;
    private final boolean lowExact;
    private final boolean highExact;
    private final BigInteger divisor;
    private final int divisorScale;
    private final Automaton.Builder builder = new Automaton.Builder();
    private final Map<Place, Integer> states = new HashMap<>();
    private final List<Place> open = new ArrayList<>();

    /// @param at how many digits have come
    /// @param point whether the point has come
    private record Place(int at, boolean point, boolean onLow, boolean onHigh, int remainder) {}

    Walk(
        int length,
        int scale,
        BigDecimal low,
        boolean lowIncluded,
        BigDecimal high,
        boolean highIncluded) {
      this.length = length;
      this.scale = scale;
      this.low = spell(low.setScale(scale, RoundingMode.CEILING));
      this.high = spell(high.setScale(scale, RoundingMode.FLOOR));
      // A bound that has more digits than are written is passed, not met.
      lowExact = lowIncluded || low.setScale(scale, RoundingMode.CEILING).compareTo(low) != 0;
      highExact = highIncluded || high.setScale(scale, RoundingMode.FLOOR).compareTo(high) != 0;
      divisorScale = step.map(Decimals::scale).orElse(0);
      divisor =
          step.map(s -> s.movePointRight(divisorScale).toBigIntegerExact()).orElse(BigInteger.ONE);
    }

    /// All digits without the point; more than `length` before it if the value has them.
    private String spell(BigDecimal value) {
      var digits = value.movePointRight(scale).toBigIntegerExact().toString();
      return "0".repeat(Math.max(0, length + scale - digits.length())) + digits;
    }

    Automaton automaton() {
      int all = length + scale;
      if (low.length() > all) {
        return Automata.makeEmpty();
      }
      boolean onHigh = high.length() == all;
      state(new Place(0, false, true, onHigh, 0));
      while (!open.isEmpty()) {
        expand(open.removeLast());
      }
      return builder.finish();
    }

    private int state(Place place) {
      var known = states.get(place);
      if (known != null) {
        return known;
      }
      CodePoints.requireSize(states.size());
      int state = builder.createState();
      builder.setAccept(state, isNumber(place));
      states.put(place, state);
      open.add(place);
      return state;
    }

    private void expand(Place place) {
      int from = state(place);
      if (place.at == length && !place.point && scale > 0) {
        var next = new Place(place.at, true, place.onLow, place.onHigh, place.remainder);
        builder.addTransition(from, state(next), '.');
        return;
      }
      if (place.at == length + scale) {
        return;
      }
      for (int digit = 0; digit <= 9; digit++) {
        boolean leadingZero = place.at == 0 && digit == 0 && length > 1;
        int below = place.onLow ? Integer.compare(digit, low.charAt(place.at) - '0') : 1;
        int above = place.onHigh ? Integer.compare(digit, high.charAt(place.at) - '0') : -1;
        if (!leadingZero && below >= 0 && above <= 0) {
          var next =
              new Place(place.at + 1, place.point, below == 0, above == 0, remainder(place, digit));
          builder.addTransition(from, state(next), '0' + digit);
        }
      }
    }

    /// Of the digits so far as one number.
    private int remainder(Place place, int digit) {
      return BigInteger.valueOf(place.remainder)
          .multiply(BigInteger.TEN)
          .add(BigInteger.valueOf(digit))
          .mod(divisor)
          .intValue();
    }

    private boolean isNumber(Place place) {
      if (place.at < length || (place.point && place.at == length)) {
        return false;
      }
      boolean lowMet = !place.onLow || meets(low, place.at, lowExact);
      // What remains of the upper bound can only make it greater than the digits so far.
      boolean highMet = !place.onHigh || highExact || !high.substring(place.at).matches("0*");
      return lowMet && highMet && isMultiple(place);
    }

    private static boolean meets(String bound, int at, boolean exact) {
      return exact && bound.substring(at).matches("0*");
    }

    private boolean isMultiple(Place place) {
      int missing = Math.max(0, divisorScale - (place.at - length));
      return BigInteger.valueOf(place.remainder)
              .multiply(BigInteger.TEN.pow(missing))
              .mod(divisor)
              .signum()
          == 0;
    }
  }
}
