package io.plm4j.nano.look;

import java.awt.Color;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.font.LineMetrics;

/// How a text is written.
public record Lettering(Font font, Color color) {
  /// Widths are those of letters that are not moved to whole pixels, whatever they are drawn on.
  private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

  /// Pixels from the first letter's start to the last one's end.
  public double width(String text) {
    return font.getStringBounds(text, CONTEXT).getWidth();
  }

  /// Pixels from the top of a capital letter to its foot.
  public double capHeight() {
    return font.createGlyphVector(CONTEXT, "H").getVisualBounds().getHeight();
  }

  /// Pixels from the highest letter's top to the lowest one's foot.
  public double height() {
    return ascent() + descent();
  }

  double ascent() {
    return metrics().getAscent() * 0.85;
  }

  double descent() {
    return metrics().getDescent();
  }

  private LineMetrics metrics() {
    return font.getLineMetrics("Hg", CONTEXT);
  }

  public Lettering in(Color other) {
    return new Lettering(font, other);
  }

  /// In another size.
  public Lettering at(double size) {
    return new Lettering(font.deriveFont((float) size), color);
  }

  public double size() {
    return font.getSize2D();
  }
}
