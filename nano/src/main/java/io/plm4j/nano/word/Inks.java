package io.plm4j.nano.word;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.look.Hue;
import java.util.ArrayList;
import java.util.List;

/// Which colours letters can have on which ground.
final class Inks {
  private Inks() {}

  /// A colour that can be read there, often black.
  static Hue on(Dice dice, Hue ground) {
    var inks = new ArrayList<Hue>(List.of(Hue.BLACK, Hue.BLACK, Hue.WHITE));
    inks.addAll(Hue.BRIGHT);
    inks.removeIf(
        ink -> !ink.standsOutFrom(ground) || !ground.standsOutFrom(ink) || !contrasts(ink, ground));
    return dice.pick(inks);
  }

  /// Letters need more than another hue: another brightness.
  private static boolean contrasts(Hue a, Hue b) {
    int needed = a == Hue.GRAY || b == Hue.GRAY ? 3 : 2;
    return Math.abs(brightness(a) - brightness(b)) >= needed;
  }

  private static int brightness(Hue hue) {
    return switch (hue) {
      case BLACK -> 0;
      case BLUE, PURPLE, BROWN -> 2;
      case RED, GREEN, GRAY -> 3;
      case ORANGE, PINK, CYAN -> 5;
      case YELLOW -> 6;
      case WHITE -> 7;
    };
  }
}
