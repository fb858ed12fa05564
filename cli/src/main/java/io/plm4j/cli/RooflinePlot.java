package io.plm4j.cli;

import io.plm4j.error.InputException;
import io.plm4j.tensor.DType;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// What the phases reached, and what the machine allows: a roof whose slope is the speed of memory
/// and whose level is that of arithmetic.
///
/// Source: Williams et al. 2009, Roofline.
final class RooflinePlot {
  private static final int WIDTH = 1100;
  private static final int HEIGHT = 700;

  /// Operations a byte, at both ends.
  private static final double LEAST = 0.25;

  private static final double MOST = 16384;

  private static final Color F32 = new Color(0x1f, 0x77, 0xb4);
  private static final Color BF16 = new Color(0xff, 0x7f, 0x0e);

  private RooflinePlot() {}

  /// @param limits at least one
  static void write(Path file, List<BenchCell> cells, List<MachineLimits> limits) {
    try {
      Files.write(
          file, BitmapEncoder.getBitmapBytes(chart(cells, limits), BitmapEncoder.BitmapFormat.PNG));
    } catch (IOException e) {
      throw new InputException("%s cannot be written: %s".formatted(file, e), e);
    }
  }

  private static XYChart chart(List<BenchCell> cells, List<MachineLimits> limits) {
    var chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("What the phases reach of what this machine allows")
            .xAxisTitle("operations for each byte that is read")
            .yAxisTitle("GFLOP/s")
            .build();
    var styler = chart.getStyler();
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setXAxisLogarithmic(true);
    styler.setYAxisLogarithmic(true);
    styler.setLegendPosition(Styler.LegendPosition.OutsideE);
    styler.setLegendBorderColor(Color.LIGHT_GRAY);
    for (var limit : limits) {
      for (var type : cells.stream().map(BenchCell::type).distinct().toList()) {
        roof(chart, limit, type);
      }
    }
    points(chart, cells);
    return chart;
  }

  private static void roof(XYChart chart, MachineLimits limit, DType type) {
    double ridge = limit.peak(type) / limit.readGigabytes();
    var x = new double[] {LEAST, Math.clamp(ridge, LEAST, MOST), MOST};
    var y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = limit.roof(type, x[i]);
    }
    var series =
        chart.addSeries(
            "limit of %s, %s".formatted(name(type), Units.count(limit.threads(), "thread")), x, y);
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineColor(color(type)).setLineStyle(stroke(limit.threads()));
  }

  /// Fewer threads, shorter dashes.
  private static BasicStroke stroke(int threads) {
    return threads == 1
        ? new BasicStroke(
            2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {4, 4}, 0)
        : new BasicStroke(2);
  }

  /// What has a look of its own.
  private record Kind(String phase, DType type, int threads) {
    @Override
    public String toString() {
      return "%s, %s, %s".formatted(phase, name(type), Units.count(threads, "thread"));
    }
  }

  /// A series for each phase, type and number of threads.
  private static void points(XYChart chart, List<BenchCell> cells) {
    var points = new LinkedHashMap<Kind, List<BenchCell.Reached>>();
    for (var cell : cells) {
      for (var phase : cell.reached().stream().filter(BenchCell.Reached::countsBytes).toList()) {
        points
            .computeIfAbsent(
                new Kind(phase.phase(), cell.type(), cell.threads()), _ -> new ArrayList<>())
            .add(phase);
      }
    }
    points.forEach((kind, phases) -> {
      var series =
          chart.addSeries(
              kind.toString(),
              phases.stream().mapToDouble(BenchCell.Reached::intensity).toArray(),
              phases.stream().mapToDouble(BenchCell.Reached::gigaflops).toArray());
      series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
      var color = color(kind.type());
      series.setMarker(marker(kind.phase()));
      series.setMarkerColor(kind.threads() == 1 ? color.brighter() : color.darker());
    });
  }

  private static Marker marker(String phase) {
    return switch (phase) {
      case "vision" -> SeriesMarkers.DIAMOND;
      case "prefill" -> SeriesMarkers.SQUARE;
      default -> SeriesMarkers.CIRCLE;
    };
  }

  private static Color color(DType type) {
    return type == DType.F32 ? F32 : BF16;
  }

  private static String name(DType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }
}
