package io.plm4j.train.run;

import io.plm4j.error.InputException;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import tools.jackson.databind.JsonNode;

/// `loss.png`: the loss of the training, the same smoothed, and that of the validation.
final class LossPlot {
  static final String NAME = "loss.png";
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 600;

  /// Fewer points are read better as they are.
  private static final int SMOOTHED_FROM = 10;

  /// Weight of a neighbour against the one before it.
  private static final double SMOOTHING = 0.7;

  private static final Color BLUE = new Color(0x1f, 0x77, 0xb4);
  private static final Color PALE_BLUE = new Color(0x1f, 0x77, 0xb4, 0x80);
  private static final Color ORANGE = new Color(0xff, 0x7f, 0x0e);

  private final Path file;
  private final String title;
  private final List<Point> trained = new ArrayList<>();
  private final List<Point> judged = new ArrayList<>();

  private record Point(double step, double loss) {}

  LossPlot(Path folder, String title) {
    this.file = folder.resolve(NAME);
    this.title = title;
  }

  /// Takes up a line of an earlier process of the run.
  void add(JsonNode line) {
    double step = line.path("step").doubleValue(0);
    add(trained, step, line.path("loss").doubleValue(Double.NaN));
    add(judged, step, line.path("eval_loss").doubleValue(Double.NaN));
  }

  void add(RunEntry entry) {
    switch (entry) {
      case RunEntry.Trained line -> add(trained, line.step(), line.loss());
      case RunEntry.Judged line -> add(judged, line.step(), line.loss());
      case RunEntry.Finished _ -> {}
    }
  }

  private static void add(List<Point> points, double step, double loss) {
    if (Double.isFinite(loss)) {
      points.add(new Point(step, loss));
    }
  }

  /// Draws it, if there is something to see.
  void draw() {
    if (trained.isEmpty() && judged.isEmpty()) {
      return;
    }
    try {
      byte[] png = BitmapEncoder.getBitmapBytes(chart(), BitmapEncoder.BitmapFormat.PNG);
      var next = file.resolveSibling(NAME + ".partial");
      Files.write(next, png);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new InputException("%s cannot be written: %s".formatted(file, e), e);
    }
  }

  private XYChart chart() {
    var chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("optimiser step")
            .yAxisTitle("loss")
            .build();
    var styler = chart.getStyler();
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setLegendPosition(Styler.LegendPosition.InsideNE);
    styler.setLegendBorderColor(Color.LIGHT_GRAY);
    styler.setXAxisDecimalPattern("#,##0");
    boolean smooth = trained.size() >= SMOOTHED_FROM;
    if (!trained.isEmpty()) {
      line(chart, "training", trained, smooth ? PALE_BLUE : BLUE, smooth ? 1 : 2);
    }
    if (smooth) {
      line(chart, "training, smoothed", smoothed(trained), BLUE, 2.5f);
    }
    if (!judged.isEmpty()) {
      var series = chart.addSeries("validation", steps(judged), losses(judged));
      series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(ORANGE);
      series.setLineColor(ORANGE).setLineStyle(new BasicStroke(1.5f));
    }
    return chart;
  }

  private static void line(
      XYChart chart, String name, List<Point> points, Color color, float width) {
    var series = chart.addSeries(name, steps(points), losses(points));
    series.setMarker(points.size() == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
    series.setMarkerColor(color).setLineColor(color).setLineStyle(new BasicStroke(width));
  }

  /// A mean over the neighbours on both sides, the nearer the heavier; one over the past alone
  /// would lie above every loss that falls.
  private static List<Point> smoothed(List<Point> points) {
    int n = points.size();
    double[] sums = new double[n];
    double[] weights = new double[n];
    sweep(points, sums, weights, 0, 1);
    sweep(points, sums, weights, n - 1, -1);
    var smooth = new ArrayList<Point>();
    for (int i = 0; i < n; i++) {
      smooth.add(new Point(points.get(i).step(), sums[i] / weights[i]));
    }
    return smooth;
  }

  private static void sweep(List<Point> points, double[] sums, double[] weights, int from, int by) {
    double sum = 0;
    double weight = 0;
    for (int i = from; i >= 0 && i < points.size(); i += by) {
      sum = SMOOTHING * sum + points.get(i).loss();
      weight = SMOOTHING * weight + 1;
      sums[i] += sum;
      weights[i] += weight;
    }
  }

  private static double[] steps(List<Point> points) {
    return points.stream().mapToDouble(Point::step).toArray();
  }

  private static double[] losses(List<Point> points) {
    return points.stream().mapToDouble(Point::loss).toArray();
  }
}
