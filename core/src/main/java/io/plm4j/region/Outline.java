package io.plm4j.region;

import io.plm4j.media.Image;
import java.util.List;

/// How boxes are drawn onto a picture: pixel by pixel as Pillow's `rectangle(box, outline, width)`
/// and torchvision's `draw_bounding_boxes` do.
///
/// @param color 0xRRGGBB
/// @param width of the line, in pixels, from the box's edge inwards
public record Outline(int color, int width) {
  /// What the model was taught to look for when it is asked about "the red rectangle".
  public static final Outline RED = new Outline(0xFF0000, 4);

  public Outline {
    if (width < 1 || width > 1000) {
      throw new IllegalArgumentException("a line of %d pixels".formatted(width));
    }
  }

  /// A copy of the picture with the boxes on it.
  public Image draw(Image picture, List<Box> boxes) {
    var canvas = new Canvas(picture.width(), picture.height(), picture.toRgb());
    boxes.forEach(box -> draw(canvas, box));
    return Image.ofRgb(canvas.width, canvas.height, canvas.rgb);
  }

  /// Where a box is smaller than two lines, they go beyond it, there too.
  private void draw(Canvas canvas, Box box) {
    int left = (int) box.left();
    int top = (int) box.top();
    int right = (int) box.right();
    int bottom = (int) box.bottom();
    for (int i = 0; i < width; i++) {
      canvas.fill(left, top + i, right, top + i, color);
      canvas.fill(left, bottom - i, right, bottom - i, color);
      // Pillow draws these lines from the first to before the last pixel, upwards if need be.
      int first = top + width;
      int last = bottom - width + 1;
      int from = first <= last ? first : last + 1;
      int to = first <= last ? last - 1 : first;
      canvas.fill(right - i, from, right - i, to, color);
      canvas.fill(left + i, from, left + i, to, color);
    }
  }

  private record Canvas(int width, int height, byte[] rgb) {
    /// Colours a rectangle, both corners included, as far as it lies on the canvas.
    void fill(int left, int top, int right, int bottom, int color) {
      for (int y = Math.max(0, top); y <= Math.min(height - 1, bottom); y++) {
        for (int x = Math.max(0, left); x <= Math.min(width - 1, right); x++) {
          int at = (y * width + x) * 3;
          rgb[at] = (byte) (color >> 16);
          rgb[at + 1] = (byte) (color >> 8);
          rgb[at + 2] = (byte) color;
        }
      }
    }
  }
}
