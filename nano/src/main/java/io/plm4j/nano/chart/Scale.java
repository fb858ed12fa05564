package io.plm4j.nano.chart;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chance.Level;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What values there are and how they are written.
///
/// @param top about the highest value
/// @param decimals of the values
record Scale(double top, int decimals) {
  private static final List<Double> SMALL = List.of(5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 20.0, 25.0);
  private static final List<Double> MIDDLE = List.of(30.0, 40.0, 50.0, 60.0, 80.0, 100.0, 120.0);
  private static final List<Double> LARGE =
      List.of(150.0, 200.0, 250.0, 300.0, 400.0, 500.0, 600.0, 800.0, 1000.0);
  private static final List<Double> HUGE = List.of(1500.0, 2000.0, 4000.0, 5000.0, 8000.0);

  static Scale any(Dice dice, Level level) {
    double top =
        switch (level) {
          case FIRST -> dice.pick(dice.chance(0.7) ? SMALL : MIDDLE);
          case SECOND ->
              dice.pick(List.of(SMALL, MIDDLE, MIDDLE, LARGE).get(dice.weighted(4, 3, 2, 1)));
          case THIRD ->
              dice.pick(List.of(SMALL, MIDDLE, LARGE, HUGE).get(dice.weighted(6, 6, 4, 1)));
        };
    int decimals = level != Level.FIRST && top <= 20 && dice.chance(0.35) ? 1 : 0;
    return new Scale(top, decimals);
  }

  /// The smallest difference between values.
  double unit() {
    return decimals == 0 ? 1 : 0.1;
  }

  /// Values of which the highest and the lowest are so by more than can be overlooked.
  List<Double> values(Dice dice, int count, double lowest) {
    double margin = Math.max(unit(), top * 0.045);
    while (true) {
      var values = new ArrayList<Double>();
      for (int i = 0; i < count; i++) {
        double low = Math.max(unit(), top * lowest);
        values.add(round(dice.between(low, top * dice.between(0.75, 1.0)), unit()));
      }
      if (clear(values, margin)) {
        return List.copyOf(values);
      }
    }
  }

  private static boolean clear(List<Double> values, double margin) {
    var sorted = values.stream().sorted().toList();
    int last = sorted.size() - 1;
    return last == 0
        || sorted.get(last) - sorted.get(last - 1) >= margin
            && sorted.get(1) - sorted.getFirst() >= margin;
  }

  /// The nearest multiple of a step.
  static double round(double value, double step) {
    // In decimals, so that 0.1 times 3 is 0.3.
    var exact = BigDecimal.valueOf(step);
    return BigDecimal.valueOf(value)
        .divide(exact, 0, RoundingMode.HALF_UP)
        .multiply(exact)
        .doubleValue();
  }

  /// A printed value.
  String print(double value) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /// The least difference that can be read off an axis of this length.
  double readable(double range) {
    double step = unit();
    for (int i = 0; step < range / 50; i++) {
      step = round(step * (i % 3 == 1 ? 2.5 : 2), 0.1);
    }
    return step;
  }

  /// A value as it is said when it must be read off an axis.
  String rounded(double value, double range) {
    double step = readable(range);
    return trim(round(value, step));
  }

  /// Without a fraction if that is zero.
  static String trim(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
  }
}
