package io.plm4j.nano.scene;

import io.plm4j.nano.look.Backdrop;
import java.util.List;

/// Shapes on a background, none of which hides another.
record Scene(int width, int height, Backdrop backdrop, List<Figure> figures) {
  Scene {
    figures = List.copyOf(figures);
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
