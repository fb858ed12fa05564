package io.plm4j.nano.chart;

import io.plm4j.nano.chart.BarChart.Lie;
import io.plm4j.nano.chart.BarChart.Printed;
import io.plm4j.nano.chart.ChartLook.Bars.Fill;
import io.plm4j.nano.chart.PlaceTalk.Place;
import io.plm4j.nano.chart.PlaceTalk.What;
import io.plm4j.nano.look.Canvas;
import io.plm4j.nano.look.Canvas.Anchor;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Shape;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/// Draws a bar chart.
final class BarPainter {
  private final BarChart chart;
  private final ChartLook look;
  private final List<Color> colors;
  private final Legend.Place legendPlace;

  /// @param colors one a bar, or one a series if there are several
  BarPainter(BarChart chart, ChartLook look, List<Color> colors, Legend.Place legendPlace) {
    this.chart = chart;
    this.look = look;
    this.colors = List.copyOf(colors);
    this.legendPlace = legendPlace;
  }

  private Plot plot(Canvas canvas) {
    var words = chart.captions();
    var categories = Axis.ofCategories(chart.categories(), margin(), words.across());
    var values = chart.values();
    return switch (chart.lie()) {
      case UPRIGHT -> new Plot(canvas, look, categories, values, chart.title(), legend());
      case FLAT -> new Plot(canvas, look, values, categories.reversed(), chart.title(), legend());
    };
  }

  private double margin() {
    return look.bars().thickness() / 2 + Math.max(0.08, 0.045 * chart.categories().size());
  }

  private Legend legend() {
    if (!chart.isGrouped()) {
      return Legend.NONE;
    }
    var entries = new ArrayList<Legend.Entry>();
    for (int i = 0; i < chart.series().size(); i++) {
      entries.add(new Legend.Entry(colors.get(i), chart.series().get(i).name()));
    }
    return new Legend(entries, legendPlace, Legend.Key.BOX);
  }

  /// Whether all words have room.
  boolean fits() {
    try (var canvas = new Canvas(look.width(), look.height())) {
      var plot = plot(canvas);
      return plot.isRoomy() && (!chart.isPrinted() || valuesFit(plot));
    }
  }

  private boolean valuesFit(Plot plot) {
    if (chart.lie() == Lie.FLAT) {
      return true;
    }
    double slot =
        (plot.x(1) - plot.x(0))
            / (chart.isGrouped() ? chart.series().size() / look.bars().thickness() : 1);
    return chart.series().stream()
        .flatMap(series -> series.values().stream())
        .allMatch(value -> look.letters().tick().width(chart.scale().print(value)) < slot * 0.95);
  }

  /// Where its bars end, and where the words at its axes are; of a chart of one series.
  List<Place> places(Canvas canvas) {
    var plot = plot(canvas);
    boolean upright = chart.lie() == Lie.UPRIGHT;
    DoubleUnaryOperator up = y -> 1 - plot.y(y) / canvas.height();
    DoubleUnaryOperator along = x -> plot.x(x) / canvas.width();
    var values = upright ? up : along;
    var places = new ArrayList<Place>();
    for (int i = 0; i < chart.categories().size(); i++) {
      var name = chart.categories().get(i);
      double end = values.applyAsDouble(chart.only().values().get(i));
      places.add(new Place(upright ? What.TOP : What.END, name, end));
      places.add(
          new Place(
              upright ? What.NAME_RIGHT : What.NAME_UP,
              name,
              (upright ? along : up).applyAsDouble(i)));
    }
    places.addAll(
        PlaceTalk.marks(upright ? What.MARK_UP : What.MARK_RIGHT, chart.values(), values));
    return places;
  }

  void paint(Canvas canvas) {
    var plot = plot(canvas);
    plot.paintBehind(chart.lie() == Lie.UPRIGHT ? Plot.GridAlong.Y : Plot.GridAlong.X);
    int groups = chart.series().size();
    double thickness = look.bars().thickness() / groups;
    for (int s = 0; s < groups; s++) {
      for (int c = 0; c < chart.categories().size(); c++) {
        double middle = c - look.bars().thickness() / 2 + thickness * (s + 0.5);
        double value = chart.series().get(s).values().get(c);
        var color = colors.get(chart.isGrouped() ? s : c % colors.size());
        paintBar(canvas, plot, middle, thickness, value, color);
      }
    }
    plot.paintFront();
  }

  private void paintBar(
      Canvas canvas, Plot plot, double middle, double thickness, double value, Color color) {
    double half = thickness / 2;
    Rectangle2D bar;
    if (chart.lie() == Lie.UPRIGHT) {
      double left = plot.x(middle - half);
      bar =
          new Rectangle2D.Double(
              left,
              plot.y(value),
              plot.x(middle + half) - left,
              plot.y(chart.values().low()) - plot.y(value));
    } else {
      double top = Math.min(plot.y(middle - half), plot.y(middle + half));
      double high = Math.abs(plot.y(middle + half) - plot.y(middle - half));
      bar =
          new Rectangle2D.Double(
              plot.x(chart.values().low()),
              top,
              plot.x(value) - plot.x(chart.values().low()),
              high);
    }
    paintFilled(canvas, bar, color);
    if (chart.isPrinted()) {
      paintValue(canvas, bar, value, color);
    }
  }

  private void paintFilled(Canvas canvas, Rectangle2D bar, Color color) {
    double round = Math.min(look.bars().roundness(), Math.min(bar.getWidth(), bar.getHeight()) / 3);
    Shape shape =
        round == 0
            ? bar
            : new RoundRectangle2D.Double(
                bar.getX(), bar.getY(), bar.getWidth(), bar.getHeight(), 2 * round, 2 * round);
    if (look.bars().fill() == Fill.SHADED) {
      canvas
          .graphics()
          .setPaint(
              new GradientPaint(
                  (float) bar.getMinX(),
                  (float) bar.getMinY(),
                  color.brighter(),
                  (float) bar.getMaxX(),
                  (float) bar.getMaxY(),
                  color));
      canvas.graphics().fill(shape);
    } else {
      canvas.fill(shape, color);
    }
    if (look.bars().fill() == Fill.HATCHED) {
      hatch(canvas, shape, color.darker());
    }
    if (look.bars().edge() > 0) {
      canvas.stroke(shape, look.ink(), look.bars().edge());
    }
  }

  private static void hatch(Canvas canvas, Shape shape, Color color) {
    var before = canvas.graphics().getClip();
    canvas.graphics().clip(shape);
    var bounds = shape.getBounds2D();
    canvas.graphics().setColor(color);
    canvas.graphics().setStroke(new BasicStroke(1));
    for (double at = bounds.getMinX() - bounds.getHeight(); at < bounds.getMaxX(); at += 9) {
      canvas.line(at, bounds.getMaxY(), at + bounds.getHeight(), bounds.getMinY(), color, 1);
    }
    canvas.graphics().setClip(before);
  }

  private void paintValue(Canvas canvas, Rectangle2D bar, double value, Color color) {
    var tick = look.letters().tick();
    var text = chart.scale().print(value);
    double gap = tick.size() * 0.25;
    boolean upright = chart.lie() == Lie.UPRIGHT;
    double room = upright ? bar.getHeight() - tick.height() : bar.getWidth() - tick.width(text);
    double across = upright ? bar.getWidth() - tick.width(text) : room;
    // A bar that is too small for its value has it outside.
    boolean inside =
        chart.printed() == Printed.INSIDE
            && room > 2 * gap
            && across > 2
            && look.bars().fill() == Fill.PLAIN;
    if (inside) {
      int brightness = color.getRed() * 3 + color.getGreen() * 6 + color.getBlue();
      var ink = tick.in(brightness > 1500 ? Color.BLACK : Color.WHITE);
      if (upright) {
        canvas.text(text, bar.getCenterX(), bar.getMinY() + gap, Anchor.MIDDLE, Anchor.START, ink);
      } else {
        canvas.text(text, bar.getMaxX() - gap, bar.getCenterY(), Anchor.END, Anchor.MIDDLE, ink);
      }
    } else if (upright) {
      canvas.text(
          text,
          bar.getCenterX(),
          bar.getMinY() - gap * 0.6,
          Anchor.MIDDLE,
          Anchor.END,
          tick.in(look.ink()));
    } else {
      canvas.text(
          text,
          bar.getMaxX() + gap,
          bar.getCenterY(),
          Anchor.START,
          Anchor.MIDDLE,
          tick.in(look.ink()));
    }
  }
}
