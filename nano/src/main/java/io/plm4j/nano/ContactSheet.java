package io.plm4j.nano;

import io.plm4j.nano.look.Canvas;
import io.plm4j.nano.look.Canvas.Anchor;
import io.plm4j.nano.look.Fonts;
import io.plm4j.nano.look.Lettering;
import io.plm4j.nano.look.Media;
import io.plm4j.nano.look.Weight;
import java.awt.Color;
import java.awt.Image;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/// Many pictures of a world on one sheet, each with what is asked and answered, for a person to
/// look at.
public final class ContactSheet {
  private static final int CELL = 336;
  private static final int PICTURE = 320;
  private static final int TEXT_SIZE = 12;
  private static final int LINES = 22;
  private static final int CELL_HEIGHT = PICTURE + LINES * (TEXT_SIZE + 3) + 12;

  /// How pictures are shown.
  public enum Shape {
    /// As they were drawn.
    OWN,
    /// As a model with tiles of 224 pixels and four of them sees them: squeezed to 448 x 448.
    SQUEEZED
  }

  private ContactSheet() {}

  /// Draws samples in rows.
  public static BufferedImage of(List<Sample> samples, int columns, Shape shape) {
    int rows = (samples.size() + columns - 1) / columns;
    try (var sheet = new Canvas(columns * CELL, rows * CELL_HEIGHT)) {
      sheet.fillAll(new Color(0xdcdcdc));
      sheet
          .graphics()
          .setRenderingHint(
              RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
      var text = new Lettering(new Fonts().dejaVuSans().at(TEXT_SIZE, Weight.PLAIN), Color.BLACK);
      for (int i = 0; i < samples.size(); i++) {
        int x = i % columns * CELL + 8;
        int y = i / columns * CELL_HEIGHT + 8;
        paint(sheet, samples.get(i), x, y, text, shape);
      }
      return sheet.image();
    }
  }

  private static void paint(
      Canvas sheet, Sample sample, int x, int y, Lettering text, Shape shape) {
    switch (sample.exhibit().media()) {
      case Media.Still still -> paint(sheet, still.picture(), x, y, PICTURE, PICTURE, shape);
      case Media.Clip clip -> {
        int third = PICTURE / 3;
        for (int i = 0; i < 8; i++) {
          var frame = clip.frames().get(i * clip.frames().size() / 8);
          paint(sheet, frame, x + i % 3 * third, y + i / 3 * third, third - 3, third - 3, shape);
        }
      }
      case Media.Nothing _ -> {}
    }
    double down = y + PICTURE + 4;
    var lines = new ArrayList<String>();
    lines.add(
        "#%d %s, level %d"
            .formatted(sample.number(), sample.kind().label(), sample.level().number()));
    for (var turn : sample.exhibit().turns()) {
      lines.addAll(wrapped("Q " + turn.question().replace('\n', ' '), text));
      lines.addAll(wrapped("A " + turn.answer(), text));
    }
    for (var line : lines.subList(0, Math.min(LINES, lines.size()))) {
      var color = line.startsWith("Q ") ? new Color(0x00408f) : Color.BLACK;
      sheet.text(line, x, down, Anchor.START, Anchor.START, text.in(color));
      down += TEXT_SIZE + 3;
    }
  }

  private static void paint(
      Canvas sheet, BufferedImage picture, int x, int y, int width, int height, Shape shape) {
    var seen = shape == Shape.SQUEEZED ? squeezed(picture) : picture;
    double scale = Math.min((double) width / seen.getWidth(), (double) height / seen.getHeight());
    sheet
        .graphics()
        .drawImage(
            seen.getScaledInstance(
                (int) (seen.getWidth() * scale),
                (int) (seen.getHeight() * scale),
                Image.SCALE_SMOOTH),
            x,
            y,
            null);
  }

  private static BufferedImage squeezed(BufferedImage picture) {
    var small = new BufferedImage(448, 448, BufferedImage.TYPE_INT_RGB);
    var graphics = small.createGraphics();
    graphics.drawImage(picture.getScaledInstance(448, 448, Image.SCALE_SMOOTH), 0, 0, null);
    graphics.dispose();
    return small;
  }

  private static List<String> wrapped(String text, Lettering letters) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    for (var word : text.split(" ")) {
      if (!line.isEmpty() && letters.width(line + " " + word) > PICTURE) {
        lines.add(line.toString());
        line.setLength(0);
        line.append("   ");
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
