package io.plm4j.nano.chart;

import io.plm4j.nano.chart.Palette.Swatch;
import io.plm4j.nano.chart.PlaceTalk.Place;
import io.plm4j.nano.chart.PlaceTalk.What;
import io.plm4j.nano.look.Canvas;
import io.plm4j.nano.look.Canvas.Anchor;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/// Draws a line chart.
///
/// @param colors one a line
record LinePainter(
    LineChart chart, ChartLook look, List<Swatch> colors, Pen pen, Legend.Place legendPlace) {
  /// @param mark what lies on a point
  /// @param dash lengths of line and gap; none for an unbroken line
  record Pen(double thickness, Mark mark, List<Float> dash, boolean filled) {
    Pen {
      dash = List.copyOf(dash);
    }
  }

  enum Mark {
    NONE,
    CIRCLE,
    SQUARE,
    TRIANGLE
  }

  private Plot plot(Canvas canvas) {
    return new Plot(canvas, look, chart.across(), chart.up(), chart.captions().title(), legend());
  }

  private Legend legend() {
    if (chart.series().size() == 1) {
      return Legend.NONE;
    }
    var entries = new ArrayList<Legend.Entry>();
    for (int i = 0; i < chart.series().size(); i++) {
      entries.add(new Legend.Entry(colors.get(i).color(), chart.series().get(i).name()));
    }
    return new Legend(entries, legendPlace, Legend.Key.LINE);
  }

  /// Whether all words have room.
  boolean fits() {
    try (var canvas = new Canvas(look.width(), look.height())) {
      var plot = plot(canvas);
      double step = plot.area().getWidth() / chart.places().size();
      return plot.isRoomy()
          && !legendCovers(plot)
          && (!chart.isPrinted()
              || chart.only().values().stream()
                  .allMatch(v -> look.letters().tick().width(chart.scale().print(v)) < step));
    }
  }

  private boolean legendCovers(Plot plot) {
    var box = plot.covered();
    return !box.isEmpty()
        && chart.series().stream().anyMatch(line -> path(plot, line).intersects(box));
  }

  private Path2D path(Plot plot, Series line) {
    var path = new Path2D.Double();
    for (int i = 0; i < chart.at().size(); i++) {
      double x = plot.x(chart.at().get(i));
      double y = plot.y(line.values().get(i));
      if (i == 0) {
        path.moveTo(x, y);
      } else {
        path.lineTo(x, y);
      }
    }
    return path;
  }

  /// Where its points are, and the words at its axes; of a chart of one line.
  List<Place> places(Canvas canvas) {
    var plot = plot(canvas);
    DoubleUnaryOperator up = y -> 1 - plot.y(y) / canvas.height();
    DoubleUnaryOperator along = x -> plot.x(x) / canvas.width();
    var places = new ArrayList<Place>();
    for (int i = 0; i < chart.places().size(); i++) {
      var name = chart.places().get(i);
      double height = up.applyAsDouble(chart.only().values().get(i));
      places.add(new Place(What.POINT, name, height));
      places.add(new Place(What.NAME_RIGHT, name, along.applyAsDouble(chart.at().get(i))));
    }
    places.addAll(PlaceTalk.marks(What.MARK_UP, chart.up(), up));
    return places;
  }

  void paint(Canvas canvas) {
    var plot = plot(canvas);
    plot.paintBehind(Plot.GridAlong.Y);
    for (int i = 0; i < chart.series().size(); i++) {
      paintLine(canvas, plot, chart.series().get(i), colors.get(i).color());
    }
    plot.paintFront();
  }

  private void paintLine(Canvas canvas, Plot plot, Series line, Color color) {
    var path = path(plot, line);
    if (pen.filled() && chart.series().size() == 1) {
      var area = new Path2D.Double(path);
      area.lineTo(plot.x(chart.at().getLast()), plot.area().getMaxY());
      area.lineTo(plot.x(chart.at().getFirst()), plot.area().getMaxY());
      area.closePath();
      canvas.fill(area, new Color(color.getRed(), color.getGreen(), color.getBlue(), 60));
    }
    canvas.stroke(path, color, stroke());
    double size = pen.thickness() * 1.6 + 3;
    for (int i = 0; i < chart.at().size(); i++) {
      double x = plot.x(chart.at().get(i));
      double y = plot.y(line.values().get(i));
      if (pen.mark() != Mark.NONE) {
        canvas.fill(mark(x, y, size), color);
      }
      if (chart.isPrinted()) {
        paintValue(canvas, line, i, x, y - size);
      }
    }
  }

  private void paintValue(Canvas canvas, Series line, int index, double x, double y) {
    canvas.text(
        chart.scale().print(line.values().get(index)),
        x,
        y,
        Anchor.MIDDLE,
        Anchor.END,
        look.letters().tick().in(look.ink()));
  }

  private Shape mark(double x, double y, double size) {
    return switch (pen.mark()) {
      case NONE, CIRCLE -> new Ellipse2D.Double(x - size, y - size, 2 * size, 2 * size);
      case SQUARE -> new Rectangle2D.Double(x - size, y - size, 2 * size, 2 * size);
      case TRIANGLE -> {
        var path = new Path2D.Double();
        path.moveTo(x, y - size * 1.2);
        path.lineTo(x + size * 1.2, y + size);
        path.lineTo(x - size * 1.2, y + size);
        path.closePath();
        yield path;
      }
    };
  }

  private BasicStroke stroke() {
    float thickness = (float) pen.thickness();
    if (pen.dash().isEmpty()) {
      return new BasicStroke(thickness, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    }
    float[] dash = new float[pen.dash().size()];
    for (int i = 0; i < dash.length; i++) {
      dash[i] = pen.dash().get(i);
    }
    return new BasicStroke(thickness, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dash, 0);
  }
}
