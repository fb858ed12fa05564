package io.plm4j.nano.chart;

import io.plm4j.nano.chart.Palette.Swatch;
import io.plm4j.nano.look.Canvas;
import io.plm4j.nano.look.Canvas.Anchor;
import java.awt.Color;
import java.awt.geom.Arc2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/// Draws a pie chart.
///
/// @param start where the first slice begins, in degrees from the right, turning left
/// @param turn 1 to go on against the clock, as matplotlib does, -1 with it
/// @param hole of a ring, as a part of the radius
record PiePainter(
    PieChart chart,
    ChartLook look,
    List<Swatch> colors,
    double start,
    int turn,
    double hole,
    double gap) {
  private double titleHeight() {
    var title = look.letters().title();
    return chart.captions().title().isPresent()
        ? title.height() + title.size()
        : title.size() * 0.6;
  }

  private double widest() {
    var tick = look.letters().tick();
    return chart.names().stream().mapToDouble(tick::width).max().orElse(0);
  }

  private double legendWidth() {
    return widest() + look.letters().tick().size() * 2.5;
  }

  private double radius() {
    double tick = look.letters().tick().size();
    double high = look.height() - titleHeight();
    return switch (chart.labels()) {
      case AT_SLICES ->
          Math.min(high / 2 - tick * 2.2, (look.width() - 2 * widest() - 3 * tick) / 2);
      case IN_LEGEND -> Math.min(high / 2 - tick, (look.width() - legendWidth() - 3 * tick) / 2);
    };
  }

  /// Whether all words have room.
  boolean fits() {
    var title = look.letters().title();
    return radius() > look.height() * 0.26
        && (!chart.isPrinted() || numbersFit())
        && chart.captions().title().map(title::width).orElse(0.0) < look.width() * 0.95;
  }

  /// Whether each number lies on its slice.
  private boolean numbersFit() {
    var tick = look.letters().tick();
    double least = chart.percents().get(chart.smallest());
    double arc = least / 100 * 2 * Math.PI * radius() * numbersAt();
    double widest =
        chart.percents().stream().map(chart::print).mapToDouble(tick::width).max().orElse(0);
    return arc > Math.max(tick.size() * 1.5, tick.width(chart.print(least)))
        && radius() * (1 - hole) > widest;
  }

  /// Where on a slice its number stands, as a part of the radius.
  private double numbersAt() {
    return hole > 0 ? (1 + hole) / 2 : 0.62;
  }

  void paint(Canvas canvas) {
    canvas.fillAll(look.figure());
    double radius = radius();
    double tick = look.letters().tick().size();
    double x =
        chart.labels() == PieChart.Labels.AT_SLICES
            ? look.width() / 2.0
            : tick + radius + (look.width() - legendWidth() - 3 * tick - 2 * radius) / 2;
    double y = titleHeight() + (look.height() - titleHeight()) / 2.0;
    double at = start;
    for (int i = 0; i < chart.names().size(); i++) {
      double extent = turn * 3.6 * chart.percents().get(i);
      var slice =
          new Arc2D.Double(x - radius, y - radius, 2 * radius, 2 * radius, at, extent, Arc2D.PIE);
      canvas.fill(slice, colors.get(i).color());
      if (gap > 0) {
        canvas.stroke(slice, look.figure(), gap);
      }
      at += extent;
    }
    if (hole > 0) {
      double inner = radius * hole;
      canvas.fill(new Ellipse2D.Double(x - inner, y - inner, 2 * inner, 2 * inner), look.figure());
    }
    paintWords(canvas, x, y, radius);
  }

  private void paintWords(Canvas canvas, double x, double y, double radius) {
    var letters = look.letters();
    double at = start;
    for (int i = 0; i < chart.names().size(); i++) {
      double extent = turn * 3.6 * chart.percents().get(i);
      double middle = Math.toRadians(at + extent / 2);
      double cos = Math.cos(middle);
      double sin = Math.sin(middle);
      if (chart.labels() == PieChart.Labels.AT_SLICES) {
        var anchor = cos > 0 ? Anchor.START : Anchor.END;
        canvas.text(
            chart.names().get(i),
            x + cos * radius * 1.08,
            y - sin * radius * 1.08,
            anchor,
            Anchor.MIDDLE,
            letters.tick().in(look.ink()));
      }
      if (chart.isPrinted()) {
        double away = radius * numbersAt();
        var color = colors.get(i).color();
        int brightness = color.getRed() * 3 + color.getGreen() * 6 + color.getBlue();
        canvas.text(
            chart.print(chart.percents().get(i)),
            x + cos * away,
            y - sin * away,
            Anchor.MIDDLE,
            Anchor.MIDDLE,
            letters.tick().in(brightness > 1000 ? Color.BLACK : Color.WHITE));
      }
      at += extent;
    }
    chart
        .captions()
        .title()
        .ifPresent(text ->
            canvas.text(
                text,
                look.width() / 2.0,
                letters.title().size() * 0.6,
                Anchor.MIDDLE,
                Anchor.START,
                letters.title()));
    if (chart.labels() == PieChart.Labels.IN_LEGEND) {
      paintLegend(canvas);
    }
  }

  private void paintLegend(Canvas canvas) {
    var tick = look.letters().tick();
    double row = tick.size() * 1.6;
    double at = look.width() - legendWidth() - tick.size() * 0.5;
    double down = titleHeight() + (look.height() - titleHeight() - row * chart.names().size()) / 2;
    for (int i = 0; i < chart.names().size(); i++) {
      double side = tick.size() * 0.85;
      canvas.fill(
          new Rectangle2D.Double(at, down + tick.size() * 0.2, side, side), colors.get(i).color());
      canvas.text(
          chart.names().get(i),
          at + side * 1.5,
          down + tick.size() * 0.62,
          Anchor.START,
          Anchor.MIDDLE,
          tick.in(look.ink()));
      down += row;
    }
  }
}
