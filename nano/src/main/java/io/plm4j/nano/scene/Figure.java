package io.plm4j.nano.scene;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.look.Hue;
import io.plm4j.nano.look.Outline;
import io.plm4j.region.Box;
import java.awt.Shape;

/// A shape in a scene.
///
/// @param radius of the circle that holds it, in pixels
/// @param degrees by which it is turned
record Figure(
    Outline outline,
    Hue.Named color,
    SizeWord size,
    double x,
    double y,
    double radius,
    double degrees) {
  /// Its size in words; said only where sizes differ.
  enum SizeWord {
    SMALL("small "),
    LARGE("large "),
    UNSAID("");

    private final String prefix;

    SizeWord(String prefix) {
      this.prefix = prefix;
    }

    String prefix() {
      return prefix;
    }
  }

  /// By how many degrees a shape is turned, most not at all.
  static double tilt(Dice dice, Outline outline) {
    return outline.mustStandUpright() || dice.chance(0.6) ? 0 : dice.between(-25.0, 25.0);
  }

  Shape shape() {
    return outline.at(x, y, radius, degrees);
  }

  /// Such as `red circle`.
  String name() {
    return color.label() + " " + outline.label();
  }

  /// Such as `large red circle`.
  String fullName() {
    return size.prefix() + name();
  }

  Box box() {
    var bounds = shape().getBounds2D();
    return new Box(bounds.getMinX(), bounds.getMinY(), bounds.getMaxX(), bounds.getMaxY());
  }
}
