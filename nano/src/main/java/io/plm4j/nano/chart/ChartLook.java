package io.plm4j.nano.chart;

import io.plm4j.nano.look.Canvas.Anchor;
import io.plm4j.nano.look.Hue;
import io.plm4j.nano.look.Lettering;
import java.awt.Color;

/// How a chart looks.
///
/// @param figure colour of the whole picture
/// @param plot colour between the axes
/// @param background the figure's colour by name
/// @param ink colour of axes and words
record ChartLook(
    int width,
    int height,
    Color figure,
    Color plot,
    Hue background,
    Color ink,
    Frame frame,
    Grid grid,
    Ticks ticks,
    Letters letters,
    Margins margins,
    Palette palette,
    Bars bars) {
  /// Which sides of the plot have a line.
  enum Frame {
    BOX,
    CORNER,
    FOOT,
    NONE
  }

  record Grid(Lines lines, Color color, double thickness, boolean dashed) {
    enum Lines {
      NONE,
      VALUES,
      BOTH
    }
  }

  /// Little lines at the axes' marks, in pixels; negative ones point inwards.
  record Ticks(double length, double gap, int most, boolean grouped) {}

  /// @param titleAt where the title stands above the plot
  record Letters(Lettering title, Lettering label, Lettering tick, Anchor titleAt, int slope) {}

  /// The space around the plot.
  enum Margins {
    /// Fixed parts of the picture, as matplotlib leaves them.
    FIXED,
    /// As little as the words need.
    TIGHT
  }

  /// @param thickness of a bar, as a part of a category's width
  /// @param edge of the line around a bar, 0 for none
  /// @param roundness of corners, in pixels
  record Bars(double thickness, double edge, double roundness, Fill fill) {
    enum Fill {
      PLAIN,
      SHADED,
      HATCHED
    }
  }

  /// With so many marks on an axis at the most.
  ChartLook withMarks(int most) {
    return new ChartLook(
        width,
        height,
        figure,
        plot,
        background,
        ink,
        frame,
        grid,
        new Ticks(ticks.length(), ticks.gap(), most, ticks.grouped()),
        letters,
        margins,
        palette,
        bars);
  }
}
