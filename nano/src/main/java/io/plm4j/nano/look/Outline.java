package io.plm4j.nano.look;

import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Locale;

/// Shapes that everybody has a name for.
public enum Outline {
  CIRCLE,
  SQUARE,
  TRIANGLE,
  RECTANGLE,
  STAR,
  DIAMOND,
  HEART,
  CROSS,
  RING,
  OVAL,
  PENTAGON,
  HEXAGON,
  ARROW,
  CRESCENT;

  /// The ones that are learnt first.
  public static final List<Outline> SIMPLE = List.of(CIRCLE, SQUARE, TRIANGLE, STAR, RECTANGLE);

  /// All.
  public static final List<Outline> ALL = List.of(values());

  /// Its name in answers.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Whether one sees that it turns, and still calls it the same: no circle does, and a square
  /// would become a diamond.
  public boolean canSpin() {
    return this != CIRCLE && this != RING && this != SQUARE && this != DIAMOND;
  }

  /// Whether a turn would make it something else, such as a square a diamond.
  public boolean mustStandUpright() {
    return this == SQUARE || this == DIAMOND || this == RECTANGLE || this == OVAL || this == CROSS;
  }

  /// The shape around a point.
  ///
  /// @param radius of the circle that holds it
  /// @param degrees by which it is turned, clockwise
  public Shape at(double x, double y, double radius, double degrees) {
    var place = AffineTransform.getTranslateInstance(x, y);
    place.rotate(Math.toRadians(degrees));
    place.scale(radius, radius);
    return place.createTransformedShape(unit());
  }

  private Shape unit() {
    return switch (this) {
      case CIRCLE -> new Ellipse2D.Double(-0.9, -0.9, 1.8, 1.8);
      case SQUARE -> new Rectangle2D.Double(-0.8, -0.8, 1.6, 1.6);
      case RECTANGLE -> new Rectangle2D.Double(-1, -0.5, 2, 1);
      case OVAL -> new Ellipse2D.Double(-1, -0.58, 2, 1.16);
      case TRIANGLE -> polygon(3, 1, 1);
      case DIAMOND -> polygon(4, 1, 1);
      case PENTAGON -> polygon(5, 1, 1);
      case HEXAGON -> polygon(6, 1, 1);
      case STAR -> polygon(10, 1, 0.42);
      case CROSS -> {
        var cross = new Area(new Rectangle2D.Double(-0.9, -0.3, 1.8, 0.6));
        cross.add(new Area(new Rectangle2D.Double(-0.3, -0.9, 0.6, 1.8)));
        yield cross;
      }
      case RING -> {
        var ring = new Area(new Ellipse2D.Double(-0.95, -0.95, 1.9, 1.9));
        ring.subtract(new Area(new Ellipse2D.Double(-0.55, -0.55, 1.1, 1.1)));
        yield ring;
      }
      case CRESCENT -> {
        var moon = new Area(new Ellipse2D.Double(-0.9, -0.9, 1.8, 1.8));
        moon.subtract(new Area(new Ellipse2D.Double(-0.45, -0.85, 1.6, 1.6)));
        yield moon;
      }
      case HEART -> {
        var heart = new Path2D.Double();
        heart.moveTo(0, 0.9);
        heart.curveTo(-1.5, -0.2, -0.75, -1.2, 0, -0.4);
        heart.curveTo(0.75, -1.2, 1.5, -0.2, 0, 0.9);
        heart.closePath();
        yield heart;
      }
      case ARROW -> {
        var arrow = new Path2D.Double();
        double[][] points = {
          {-0.95, -0.25},
          {0.1, -0.25},
          {0.1, -0.7},
          {0.95, 0},
          {0.1, 0.7},
          {0.1, 0.25},
          {-0.95, 0.25}
        };
        arrow.moveTo(points[0][0], points[0][1]);
        for (double[] point : points) {
          arrow.lineTo(point[0], point[1]);
        }
        arrow.closePath();
        yield arrow;
      }
    };
  }

  /// Corners on a circle, the first at its top; every second one at another radius.
  private static Shape polygon(int corners, double radius, double inner) {
    var path = new Path2D.Double();
    for (int i = 0; i < corners; i++) {
      double angle = 2 * Math.PI * i / corners;
      double r = i % 2 == 0 ? radius : inner;
      double x = Math.sin(angle) * r;
      double y = -Math.cos(angle) * r;
      if (i == 0) {
        path.moveTo(x, y);
      } else {
        path.lineTo(x, y);
      }
    }
    path.closePath();
    return path;
  }
}
