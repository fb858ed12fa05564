package io.plm4j.nano.look;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/// A picture being drawn, with smooth edges. Coordinates are pixels from its top left corner.
public final class Canvas implements AutoCloseable {
  private final BufferedImage image;
  private final Graphics2D graphics;
  private final List<Landmark> landmarks = new ArrayList<>();

  /// What of a text lies on the given point.
  public enum Anchor {
    START(0),
    MIDDLE(0.5),
    END(1);

    private final double part;

    Anchor(double part) {
      this.part = part;
    }
  }

  public Canvas(int width, int height) {
    image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
  }

  public int width() {
    return image.getWidth();
  }

  public int height() {
    return image.getHeight();
  }

  /// What has been drawn.
  public BufferedImage image() {
    return image;
  }

  /// What has been drawn, after a blemish, with the landmarks in it.
  public Media.Still still(Blemish blemish) {
    return new Media.Still(blemish.apply(image), landmarks);
  }

  /// For what this class has no verb for.
  public Graphics2D graphics() {
    return graphics;
  }

  public void fill(Shape shape, Color color) {
    graphics.setColor(color);
    graphics.fill(shape);
  }

  /// Fills a shape that has a name.
  public void fill(Shape shape, Color color, Outline outline) {
    fill(shape, color);
    landmarks.add(new Landmark(outline.label(), placed(shape), color));
  }

  private Rectangle2D placed(Shape shape) {
    return graphics.getTransform().createTransformedShape(shape).getBounds2D();
  }

  public void fillAll(Color color) {
    fill(new Rectangle2D.Double(0, 0, width(), height()), color);
  }

  public void stroke(Shape shape, Color color, double thickness) {
    stroke(shape, color, new BasicStroke((float) thickness));
  }

  public void stroke(Shape shape, Color color, BasicStroke stroke) {
    graphics.setColor(color);
    graphics.setStroke(stroke);
    graphics.draw(shape);
  }

  public void line(double x1, double y1, double x2, double y2, Color color, double thickness) {
    stroke(new Line2D.Double(x1, y1, x2, y2), color, thickness);
  }

  /// Writes a line of text.
  ///
  /// @param across what of its width lies at x
  /// @param down what of its height, from the tallest letter to the foot of the lowest, lies at y
  public void text(
      String text, double x, double y, Anchor across, Anchor down, Lettering lettering) {
    text(text, x, y, across, down, lettering, 0);
  }

  /// Writes a line of text that is turned around its anchor.
  ///
  /// @param degrees clockwise
  public void text(
      String text,
      double x,
      double y,
      Anchor across,
      Anchor down,
      Lettering lettering,
      double degrees) {
    var before = graphics.getTransform();
    graphics.translate(x, y);
    graphics.rotate(Math.toRadians(degrees));
    graphics.setColor(lettering.color());
    graphics.setFont(lettering.font());
    double left = -lettering.width(text) * across.part;
    double base = lettering.ascent() - lettering.height() * down.part;
    graphics.drawString(text, (float) left, (float) base);
    mark(text, left, base, lettering);
    graphics.setTransform(before);
  }

  /// All letters of a line have the same height, that of a capital, and so lie in one row of cells.
  private void mark(String text, double left, double base, Lettering lettering) {
    double high = lettering.capHeight();
    var glyphs = lettering.font().createGlyphVector(graphics.getFontRenderContext(), text);
    for (int i = 0; i < Math.min(text.length(), glyphs.getNumGlyphs()); i++) {
      var bounds = glyphs.getGlyphVisualBounds(i).getBounds2D();
      if (!bounds.isEmpty()) {
        var place =
            new Rectangle2D.Double(left + bounds.getX(), base - high, bounds.getWidth(), high);
        landmarks.add(new Landmark(text.substring(i, i + 1), placed(place), lettering.color()));
      }
    }
  }

  @Override
  public void close() {
    graphics.dispose();
  }
}
