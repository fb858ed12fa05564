package io.plm4j.region;

import io.plm4j.error.InputException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Boxes as the model reads and writes them: thousandths of a picture's width and height, such as
/// `[015,041,062,125]`.
///
/// @param width of the picture, in pixels
/// @param height of the picture, in pixels
public record BoxText(int width, int height) {
  private static final Pattern PLACE = Pattern.compile("<\\|bbox(\\d{1,9})\\|>");

  /// Three digits are thousandths. Fractions are the other form in which the model was taught.
  private static final String NUMBER = "\\s*(\\d{3}|[01]?\\.\\d{1,9})\\s*";

  private static final Pattern BOX =
      Pattern.compile("\\[" + NUMBER + "," + NUMBER + "," + NUMBER + "," + NUMBER + "\\]");

  public BoxText {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException("a picture of %d x %d".formatted(width, height));
    }
  }

  /// A box as text. What lies outside of the picture is moved to its edge, and the last thousandth
  /// is 999: there are three digits.
  public String write(Box box) {
    return String.format(
        Locale.ROOT,
        "[%03d,%03d,%03d,%03d]",
        thousandths(box.left() / width),
        thousandths(box.top() / height),
        thousandths(box.right() / width),
        thousandths(box.bottom() / height));
  }

  private static int thousandths(double part) {
    // Cut off, not rounded: the model was taught so.
    return (int) (Math.clamp(part, 0, 0.999) * 1000);
  }

  /// The boxes in a text, in their order; none if it has none. Corners may come in any order.
  public List<Box> find(String text) {
    var boxes = new ArrayList<Box>();
    var found = BOX.matcher(text);
    while (found.find()) {
      boxes.add(
          Box.between(
              part(found.group(1)) * width,
              part(found.group(2)) * height,
              part(found.group(3)) * width,
              part(found.group(4)) * height));
    }
    return boxes;
  }

  private static double part(String number) {
    return number.contains(".") ? Double.parseDouble(number) : Integer.parseInt(number) / 1000.0;
  }

  /// Puts boxes in the places `<|bbox0|>`, `<|bbox1|>`, ... of a prompt.
  ///
  /// @throws InputException if a place has no box, or a box no place
  public String fill(String prompt, List<Box> boxes) {
    var used = new BitSet();
    var filled =
        PLACE
            .matcher(prompt)
            .replaceAll(place -> {
              int index = Integer.parseInt(place.group(1));
              if (index >= boxes.size()) {
                throw new InputException(
                    "the prompt has a place %s, but %d boxes are given, counted from 0"
                        .formatted(place.group(), boxes.size()));
              }
              used.set(index);
              return write(boxes.get(index));
            });
    int unused = used.nextClearBit(0);
    if (unused < boxes.size()) {
      throw new InputException(
          "%d boxes are given, but the prompt has no place <|bbox%d|> for one of them"
              .formatted(boxes.size(), unused));
    }
    return filled;
  }

  /// Whether a prompt has a place for a box.
  public static boolean hasPlaces(String prompt) {
    return PLACE.matcher(prompt).find();
  }
}
