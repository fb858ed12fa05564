package io.plm4j.nano.chart;

import io.plm4j.nano.chart.ChartLook.Frame;
import io.plm4j.nano.chart.ChartLook.Grid;
import io.plm4j.nano.chart.ChartLook.Margins;
import io.plm4j.nano.look.Canvas;
import io.plm4j.nano.look.Canvas.Anchor;
import java.awt.BasicStroke;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.Comparator;
import java.util.Optional;

/// A plot with its axes: where everything lies, and all of it but the data.
final class Plot {
  /// A word may take this part of the distance to the next before it is turned.
  private static final double CROWDED = 0.9;

  private final Canvas canvas;
  private final ChartLook look;
  private final Axis x;
  private final Axis y;
  private final Optional<String> title;
  private final LegendBox legend;
  private final double left;
  private final double top;
  private final double right;
  private final double bottom;

  /// Whether the words below the plot have no room side by side.
  private final boolean crowded;

  /// How far the words below the plot are turned, in degrees.
  private final int slope;

  /// @param canvas of the look's size
  Plot(Canvas canvas, ChartLook look, Axis x, Axis y, Optional<String> title, Legend legend) {
    this.canvas = canvas;
    this.look = look;
    this.x = x;
    this.y = y;
    this.title = title;
    this.legend = new LegendBox(legend, look);
    double pad = look.letters().tick().size() * 0.6;
    double ticks = Math.max(look.ticks().length(), 0) + look.ticks().gap();
    double tightLeft = pad + named(y) + widest(y) + ticks;
    double tightRight = canvas.width() - pad - this.legend.beside() - lastHalf();
    double tightTop = pad + title.map(t -> titleHeight()).orElse(0.0) + firstHalf();
    boolean fixed =
        look.margins() == Margins.FIXED && this.legend.beside() == 0 && this.legend.below() == 0;
    left = fixed ? Math.max(canvas.width() * 0.125, tightLeft) : tightLeft;
    right = fixed ? Math.min(canvas.width() * 0.9, tightRight) : tightRight;
    crowded = widest(x) > slot(right - left) * CROWDED;
    slope = crowded ? look.letters().slope() : 0;
    double tightBottom =
        canvas.height() - pad - this.legend.below() - named(x) - ticks - slopedHeight(slope);
    top = fixed ? Math.max(canvas.height() * 0.12, tightTop) : tightTop;
    bottom = fixed ? Math.min(canvas.height() * 0.89, tightBottom) : tightBottom;
  }

  private double titleHeight() {
    return look.letters().title().height() + look.letters().title().size() * 0.5;
  }

  private double named(Axis axis) {
    var label = look.letters().label();
    return axis.name().isPresent() ? label.height() + label.size() * 0.35 : 0;
  }

  private double widest(Axis axis) {
    return axis.marks().stream()
        .map(mark -> look.letters().tick().width(mark.label()))
        .max(Comparator.naturalOrder())
        .orElse(0.0);
  }

  /// The last word below the plot may reach over its edge.
  private double lastHalf() {
    return x.marks().isEmpty() || x.part(x.marks().getLast().at()) < 0.93
        ? 0
        : look.letters().tick().width(x.marks().getLast().label()) / 2;
  }

  /// How far the first word below the plot reaches to the left of it.
  private double firstReach() {
    if (slope != 0 || x.marks().isEmpty()) {
      return 0;
    }
    var first = x.marks().getFirst();
    return look.letters().tick().width(first.label()) / 2 - x.part(first.at()) * (right - left);
  }

  private double firstHalf() {
    return look.letters().tick().height() * 0.4;
  }

  /// The least distance between two marks below the plot.
  private double slot(double width) {
    double slot = width;
    for (int i = 1; i < x.marks().size(); i++) {
      slot =
          Math.min(
              slot,
              Math.abs(x.part(x.marks().get(i).at()) - x.part(x.marks().get(i - 1).at())) * width);
    }
    return slot;
  }

  private double slopedHeight(int degrees) {
    var tick = look.letters().tick();
    double radians = Math.toRadians(degrees);
    return widest(x) * Math.sin(radians) + tick.height() * Math.cos(radians);
  }

  double x(double value) {
    return left + x.part(value) * (right - left);
  }

  double y(double value) {
    return bottom - y.part(value) * (bottom - top);
  }

  Rectangle2D area() {
    return new Rectangle2D.Double(left, top, right - left, bottom - top);
  }

  /// Whether words and plot have room beside each other.
  boolean isRoomy() {
    return (!crowded || slope != 0)
        && !isStacked()
        && left - firstReach() >= 0
        && right - left > canvas.width() * 0.45
        && bottom - top > canvas.height() * 0.4
        && title.map(look.letters().title()::width).orElse(0.0)
            < canvas.width() * 0.96 - (look.letters().titleAt() == Anchor.START ? left : 0)
        && x.name().map(look.letters().label()::width).orElse(0.0) < right - left
        && y.name().map(look.letters().label()::width).orElse(0.0) < bottom - top;
  }

  /// Whether words beside the plot touch those above them.
  private boolean isStacked() {
    var marks = y.marks();
    for (int i = 1; i < marks.size(); i++) {
      double apart = Math.abs(y(marks.get(i).at()) - y(marks.get(i - 1).at()));
      if (apart < look.letters().tick().size() * 0.95) {
        return true;
      }
    }
    return false;
  }

  /// Paper and grid: what lies under the data.
  void paintBehind(GridAlong along) {
    canvas.fillAll(look.figure());
    canvas.fill(area(), look.plot());
    var grid = look.grid();
    float thickness = (float) grid.thickness();
    var stroke =
        grid.dashed()
            ? new BasicStroke(
                thickness, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {4, 3}, 0)
            : new BasicStroke(thickness);
    boolean both = grid.lines() == Grid.Lines.BOTH;
    boolean any = grid.lines() != Grid.Lines.NONE;
    if (both || any && along == GridAlong.Y) {
      for (var mark : y.marks()) {
        canvas.stroke(
            new Line2D.Double(left, y(mark.at()), right, y(mark.at())), grid.color(), stroke);
      }
    }
    if (both || any && along == GridAlong.X) {
      for (var mark : x.marks()) {
        canvas.stroke(
            new Line2D.Double(x(mark.at()), top, x(mark.at()), bottom), grid.color(), stroke);
      }
    }
  }

  /// On which axis the values are.
  enum GridAlong {
    X,
    Y
  }

  /// Frame, ticks and words.
  void paintFront() {
    paintFrame();
    paintMarks();
    paintNames();
    legend.paint(canvas, area(), lastHalf());
  }

  private void paintFrame() {
    double thickness = Math.max(1, look.letters().tick().size() / 13);
    var ink = look.ink();
    if (look.frame() != Frame.NONE) {
      canvas.line(left, bottom, right, bottom, ink, thickness);
    }
    if (look.frame() == Frame.BOX || look.frame() == Frame.CORNER) {
      canvas.line(left, top, left, bottom, ink, thickness);
    }
    if (look.frame() == Frame.BOX) {
      canvas.line(left, top, right, top, ink, thickness);
      canvas.line(right, top, right, bottom, ink, thickness);
    }
  }

  private void paintMarks() {
    var tick = look.letters().tick();
    double length = look.ticks().length();
    double away = Math.max(length, 0) + look.ticks().gap();
    for (var mark : x.marks()) {
      double at = x(mark.at());
      if (length != 0) {
        canvas.line(at, bottom, at, bottom + length, look.ink(), 1.1);
      }
      if (slope == 0) {
        canvas.text(mark.label(), at, bottom + away, Anchor.MIDDLE, Anchor.START, tick);
      } else {
        var down = slope == 90 ? Anchor.MIDDLE : Anchor.START;
        canvas.text(mark.label(), at, bottom + away, Anchor.END, down, tick, -slope);
      }
    }
    for (var mark : y.marks()) {
      double at = y(mark.at());
      if (length != 0) {
        canvas.line(left - length, at, left, at, look.ink(), 1.1);
      }
      canvas.text(mark.label(), left - away, at, Anchor.END, Anchor.MIDDLE, tick);
    }
  }

  private void paintNames() {
    var letters = look.letters();
    double away = Math.max(look.ticks().length(), 0) + look.ticks().gap();
    title.ifPresent(text -> {
      double at =
          switch (letters.titleAt()) {
            case START -> left;
            case MIDDLE ->
                Math.clamp(
                    (left + right) / 2,
                    letters.title().width(text) / 2 + 4,
                    canvas.width() - letters.title().width(text) / 2 - 4);
            case END -> right;
          };
      canvas.text(
          text,
          at,
          top - firstHalf() - letters.title().size() * 0.2,
          letters.titleAt(),
          Anchor.END,
          letters.title());
    });
    x.name()
        .ifPresent(text ->
            canvas.text(
                text,
                (left + right) / 2,
                bottom + away + slopedHeight(slope) + letters.label().size() * 0.25,
                Anchor.MIDDLE,
                Anchor.START,
                letters.label()));
    y.name()
        .ifPresent(text ->
            canvas.text(
                text,
                left - away - widest(y) - letters.label().size() * 0.35,
                (top + bottom) / 2,
                Anchor.MIDDLE,
                Anchor.END,
                letters.label(),
                -90));
  }

  /// What a legend inside of the plot covers; nothing if it is elsewhere.
  Rectangle2D covered() {
    return legend.covered(area());
  }
}
