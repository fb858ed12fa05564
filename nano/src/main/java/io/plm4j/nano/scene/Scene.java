package io.plm4j.nano.scene;

import io.plm4j.nano.look.Backdrop;
import java.util.Comparator;
import java.util.List;

/// Shapes on a background, none of which hides another.
record Scene(int width, int height, Backdrop backdrop, List<Figure> figures) {
  Scene {
    // As one reads, so that the same picture is always described in the same order.
    figures =
        figures.stream()
            .sorted(
                Comparator.comparingInt((Figure figure) -> Where.row(figure.y(), height))
                    .thenComparingDouble(Figure::x))
            .toList();
  }

  String place(Figure figure) {
    return Where.of(figure.x(), figure.y(), width, height);
  }

  boolean isPlaceDoubtful(Figure figure) {
    return Where.isDoubtful(figure.x(), figure.y(), width, height);
  }

  /// Whether its colour and outline are enough to know which one is meant.
  boolean isUnique(Figure figure) {
    return figures.stream().filter(other -> other.name().equals(figure.name())).count() == 1;
  }

  /// Whether all are of one kind and colour.
  boolean isCrowd() {
    return figures.size() > 1 && figures.stream().map(Figure::name).distinct().count() == 1;
  }
}
