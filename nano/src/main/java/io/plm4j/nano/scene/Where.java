package io.plm4j.nano.scene;

/// Places in a picture, in words.
final class Where {
  private static final String[][] NAMES = {
    {"top left", "top", "top right"},
    {"left", "center", "right"},
    {"bottom left", "bottom", "bottom right"}
  };

  private Where() {}

  /// Which ninth of the picture holds a point.
  static String of(double x, double y, int width, int height) {
    int column = Math.clamp((int) (3 * x / width), 0, 2);
    return NAMES[row(y, height)][column];
  }

  /// Which third of the picture holds a point, from the top.
  static int row(double y, int height) {
    return Math.clamp((int) (3 * y / height), 0, 2);
  }

  /// Whether a point lies so near to the border of two ninths that people would disagree.
  static boolean isDoubtful(double x, double y, int width, int height) {
    return nearThird(x / width) || nearThird(y / height);
  }

  private static boolean nearThird(double part) {
    return Math.abs(part - 1.0 / 3) < 0.035 || Math.abs(part - 2.0 / 3) < 0.035;
  }

  /// `at the top left`, `in the center`, `on the left`.
  static String phrase(String place) {
    return switch (place) {
      case "center" -> "in the center";
      case "left", "right" -> "on the " + place;
      default -> "at the " + place;
    };
  }
}
