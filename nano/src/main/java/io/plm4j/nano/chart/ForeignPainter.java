package io.plm4j.nano.chart;

import io.plm4j.nano.chart.ChartLook.Frame;
import io.plm4j.nano.chart.ChartLook.Grid;
import io.plm4j.nano.chart.Palette.Swatch;
import io.plm4j.nano.look.Canvas;
import java.awt.Color;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.PieChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// Draws charts by XChart: held out, to see what a model makes of pictures that a program drew
/// which it has never met.
final class ForeignPainter {
  private final ChartLook look;
  private final List<Swatch> colors;

  ForeignPainter(ChartLook look, List<Swatch> colors) {
    this.look = look;
    this.colors = colors;
  }

  /// Whether it can draw such a chart: it has no flat bars, and one colour a series.
  static boolean canPaint(BarChart chart, List<Swatch> colors) {
    return chart.lie() == BarChart.Lie.UPRIGHT && (chart.isGrouped() || colors.size() == 1);
  }

  void paint(BarChart bars, Canvas canvas) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(look.width())
            .height(look.height())
            .title(bars.title().orElse(""))
            .xAxisTitle(bars.captions().across().orElse(""))
            .yAxisTitle(bars.captions().up().orElse(""))
            .build();
    style(chart.getStyler());
    style(chart.getStyler(), bars.values());
    var styler = chart.getStyler();
    styler.setLegendVisible(bars.isGrouped());
    styler.setAvailableSpaceFill(look.bars().thickness());
    styler.setLabelsVisible(bars.isPrinted());
    styler.setLabelsFont(look.letters().tick().font());
    styler.setLabelsPosition(bars.printed() == BarChart.Printed.INSIDE ? 0.5 : 1.08);
    styler.setLabelsFontColorAutomaticEnabled(bars.printed() == BarChart.Printed.INSIDE);
    styler.setLabelsFontColor(look.ink());
    styler.setDecimalPattern(bars.scale().decimals() == 0 ? "0" : "0.0");
    for (var series : bars.series()) {
      chart.addSeries(
          series.name().isEmpty() ? "series" : series.name(), bars.categories(), series.values());
    }
    chart.paint(canvas.graphics(), look.width(), look.height());
  }

  void paint(LineChart lines, Canvas canvas) {
    XYChart chart =
        new XYChartBuilder()
            .width(look.width())
            .height(look.height())
            .title(lines.captions().title().orElse(""))
            .xAxisTitle(lines.captions().across().orElse(""))
            .yAxisTitle(lines.captions().up().orElse(""))
            .build();
    style(chart.getStyler());
    style(chart.getStyler(), lines.up());
    var styler = chart.getStyler();
    styler.setXAxisMin(lines.across().low());
    styler.setXAxisMax(lines.across().high());
    styler.setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
    styler.setLegendVisible(lines.series().size() > 1);
    styler.setMarkerSize((int) (look.letters().tick().size() * 0.6));
    for (var series : lines.series()) {
      var drawn =
          chart.addSeries(
              series.name().isEmpty() ? "series" : series.name(), lines.at(), series.values());
      drawn.setMarker(SeriesMarkers.DIAMOND);
    }
    chart.paint(canvas.graphics(), look.width(), look.height());
  }

  void paint(PieChart pie, Canvas canvas) {
    var chart =
        new PieChartBuilder()
            .width(look.width())
            .height(look.height())
            .title(pie.captions().title().orElse(""))
            .build();
    style(chart.getStyler());
    var styler = chart.getStyler();
    styler.setLegendVisible(pie.labels() == PieChart.Labels.IN_LEGEND);
    styler.setLabelsFont(look.letters().tick().font());
    // It fails on labels without a letter.
    styler.setLabelsVisible(pie.isPrinted() || pie.labels() == PieChart.Labels.AT_SLICES);
    styler.setForceAllLabelsVisible(true);
    styler.setCustomSeriesLabelFunction(series -> label(pie, series.getName()));
    boolean outside = pie.labels() == PieChart.Labels.AT_SLICES;
    styler.setLabelsDistance(outside ? 1.2 : 0.6);
    styler.setLabelsFontColorAutomaticEnabled(!outside);
    styler.setLabelsFontColor(look.ink());
    styler.setPlotContentSize(outside ? 0.62 : 0.85);
    for (int i = 0; i < pie.names().size(); i++) {
      chart.addSeries(pie.names().get(i), pie.percents().get(i));
    }
    chart.paint(canvas.graphics(), look.width(), look.height());
  }

  private static String label(PieChart pie, String name) {
    var percent = pie.print(pie.percents().get(pie.names().indexOf(name)));
    return switch (pie.labels()) {
      case AT_SLICES -> pie.isPrinted() ? name + " " + percent : name;
      case IN_LEGEND -> pie.isPrinted() ? percent : "";
    };
  }

  private void style(Styler styler) {
    var letters = look.letters();
    styler.setChartBackgroundColor(look.figure());
    styler.setPlotBackgroundColor(look.plot());
    styler.setChartFontColor(look.ink());
    styler.setChartTitleFont(letters.title().font());
    styler.setChartTitleBoxVisible(false);
    styler.setPlotBorderVisible(look.frame() == Frame.BOX);
    styler.setLegendFont(letters.tick().font());
    styler.setLegendPosition(Styler.LegendPosition.OutsideE);
    styler.setSeriesColors(colors.stream().map(Swatch::color).toArray(Color[]::new));
  }

  private void style(AxesChartStyler styler, Axis values) {
    var letters = look.letters();
    styler.setAxisTitleFont(letters.label().font());
    styler.setAxisTickLabelsFont(letters.tick().font());
    styler.setAxisTickLabelsColor(look.ink());
    styler.setAxisTickMarksColor(look.ink());
    styler.setPlotGridLinesVisible(look.grid().lines() != Grid.Lines.NONE);
    styler.setPlotGridLinesColor(look.grid().color());
    styler.setYAxisMin(values.low());
    styler.setYAxisMax(values.high());
    styler.setYAxisTickLabelsFormattingFunction(value -> Scale.trim(Scale.round(value, 0.01)));
  }
}
