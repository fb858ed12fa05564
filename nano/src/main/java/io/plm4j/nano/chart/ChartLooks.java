package io.plm4j.nano.chart;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chance.Level;
import io.plm4j.nano.chance.Style;
import io.plm4j.nano.look.Fonts;

/// Chooses how a chart looks.
final class ChartLooks {
  private ChartLooks() {}

  static ChartLook any(Dice dice, Fonts fonts, Level level, Style style) {
    var parts = new LookParts(dice, fonts, level, style);
    var look =
        switch (style) {
          case TRAIN -> program(dice, new ProgramLooks(parts));
          case HELD_OUT -> heldOut(dice, new HeldOutLooks(parts));
        };
    return level == Level.FIRST ? look.withMarks(dice.between(3, 5)) : look;
  }

  private static ChartLook program(Dice dice, ProgramLooks looks) {
    return switch (dice.weighted(34, 8, 8, 8, 8, 8, 6, 20)) {
      case 0 -> looks.matplotlib();
      case 1 -> looks.seaborn();
      case 2 -> looks.ggplot();
      case 3 -> looks.office();
      case 4 -> looks.minimal();
      case 5 -> looks.web();
      case 6 -> looks.dark();
      default -> looks.mixed();
    };
  }

  private static ChartLook heldOut(Dice dice, HeldOutLooks looks) {
    return switch (dice.between(0, 2)) {
      case 0 -> looks.newspaper();
      case 1 -> looks.weekly();
      default -> looks.print();
    };
  }
}
