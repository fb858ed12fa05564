package io.plm4j.nano.chart;

import io.plm4j.nano.look.Canvas;
import io.plm4j.nano.look.Canvas.Anchor;
import io.plm4j.nano.look.Lettering;
import java.awt.geom.Rectangle2D;

/// A legend's place in a picture, and how it is drawn.
record LegendBox(Legend legend, ChartLook look) {
  /// Of a line of text, in sizes of its letters.
  private static final double ROW = 1.45;

  private Lettering tick() {
    return look.letters().tick();
  }

  private boolean isAt(Legend.Place place) {
    return !legend.isEmpty() && legend.place() == place;
  }

  /// What it takes beside the plot, in pixels.
  double beside() {
    return isAt(Legend.Place.RIGHT) ? width() + tick().size() : 0;
  }

  /// What it takes below the plot, in pixels.
  double below() {
    return isAt(Legend.Place.BELOW) ? tick().size() * 1.8 : 0;
  }

  private double width() {
    return tick().size() * 1.6
        + legend.entries().stream().mapToDouble(e -> tick().width(e.text())).max().orElse(0);
  }

  private double height() {
    return tick().size() * (ROW * legend.entries().size() + 0.5);
  }

  /// What it covers of a plot; nothing if it is elsewhere.
  Rectangle2D covered(Rectangle2D plot) {
    if (legend.isEmpty() || !legend.place().isInside()) {
      return new Rectangle2D.Double();
    }
    double width = width() + tick().size() * 0.6;
    double at = isAt(Legend.Place.INSIDE) ? plot.getMaxX() - width - 6 : plot.getMinX() + 6;
    return new Rectangle2D.Double(at, plot.getMinY() + 6, width, height());
  }

  /// @param overhang pixels by which words reach over the plot's right edge
  void paint(Canvas canvas, Rectangle2D plot, double overhang) {
    if (legend.isEmpty()) {
      return;
    }
    double size = tick().size();
    switch (legend.place()) {
      case INSIDE, INSIDE_LEFT -> {
        var box = covered(plot);
        canvas.fill(box, look.plot());
        canvas.stroke(box, look.grid().color(), 1);
        paintColumn(canvas, box.getMinX() + size * 0.3, box.getMinY() + size * 0.25);
      }
      case RIGHT ->
          paintColumn(canvas, plot.getMaxX() + overhang + size, plot.getCenterY() - height() / 2);
      case BELOW -> paintRow(canvas);
    }
  }

  private void paintColumn(Canvas canvas, double at, double from) {
    double down = from;
    for (var entry : legend.entries()) {
      paint(canvas, entry, at, down);
      down += tick().size() * ROW;
    }
  }

  private void paintRow(Canvas canvas) {
    double all = legend.entries().stream().mapToDouble(this::step).sum();
    double at = Math.max(4, (canvas.width() - all) / 2);
    for (var entry : legend.entries()) {
      paint(canvas, entry, at, canvas.height() - tick().size() * 1.7);
      at += step(entry);
    }
  }

  private double step(Legend.Entry entry) {
    return tick().width(entry.text()) + tick().size() * 2.4;
  }

  private void paint(Canvas canvas, Legend.Entry entry, double at, double down) {
    double side = tick().size() * 0.8;
    double middle = down + tick().size() * 0.65;
    switch (legend.key()) {
      case BOX ->
          canvas.fill(new Rectangle2D.Double(at, middle - side / 2, side, side), entry.color());
      case LINE ->
          canvas.line(at - side * 0.2, middle, at + side * 1.2, middle, entry.color(), side / 5);
    }
    canvas.text(entry.text(), at + side * 1.5, middle, Anchor.START, Anchor.MIDDLE, tick());
  }
}
