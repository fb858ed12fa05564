package io.plm4j.nano.look;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.junit.jupiter.api.Test;

class LandmarkTest {
  private static Landmark at(String name, double x, double y, double width, double height) {
    return new Landmark(name, new Rectangle2D.Double(x, y, width, height), Color.RED);
  }

  @Test
  void aThingIsInTheCellOfItsMiddle() {
    var board = at("square", 0, 0, 100, 100);
    var letter = at("A", 20, 20, 10, 10);
    assertThat(Landmark.inCells(List.of(board, letter), 100, 100, 2))
        .containsExactly(letter, null, null, board);
  }

  @Test
  void ofSeveralTheNearestToTheMiddleOfTheCell() {
    var near = at("n", 30, 30, 5, 5);
    var far = at("f", 2, 2, 5, 5);
    assertThat(Landmark.inCells(List.of(far, near), 100, 100, 2))
        .containsExactly(near, null, null, null);
    assertThat(Landmark.inCells(List.of(near, far), 100, 100, 2)).startsWith(near);
  }

  @Test
  void whatHasItsMiddleOutsideIsNowhere() {
    assertThat(Landmark.inCells(List.of(at("o", -30, 40, 20, 20)), 100, 100, 2))
        .containsOnlyNulls();
  }

  @Test
  void aCanvasKnowsWhereItsLettersAndShapesAre() {
    try (var canvas = new Canvas(400, 200)) {
      canvas.fillAll(Color.WHITE);
      canvas.fill(Outline.STAR.at(100, 50, 40, 0), Color.RED, Outline.STAR);
      var letters = new Lettering(new Font(Font.SANS_SERIF, Font.PLAIN, 60), Color.BLACK);
      canvas.text("i W", 300, 150, Canvas.Anchor.MIDDLE, Canvas.Anchor.MIDDLE, letters);
      canvas.text("v", 50, 150, Canvas.Anchor.MIDDLE, Canvas.Anchor.MIDDLE, letters, 180);
      var landmarks = canvas.still(new Blemish.None()).landmarks();
      assertThat(landmarks).extracting(Landmark::name).containsExactly("star", "i", "W", "v");
      assertThat(landmarks.get(0).color()).isEqualTo(Color.RED);
      assertThat(landmarks.get(0).bounds().getCenterX()).isBetween(95.0, 105.0);
      assertThat(landmarks.get(1).bounds().getMaxX())
          .isLessThan(landmarks.get(2).bounds().getMinX());
      assertThat(landmarks.get(2).bounds().getWidth())
          .isGreaterThan(3 * landmarks.get(1).bounds().getWidth());
      assertThat(landmarks.get(3).bounds().contains(50, 150)).isTrue();
      // Each lies where there is ink.
      for (var landmark : landmarks) {
        assertThat(inked(canvas, landmark.bounds())).as(landmark.name()).isTrue();
      }
    }
  }

  private static boolean inked(Canvas canvas, Rectangle2D bounds) {
    for (int x = (int) bounds.getMinX(); x < bounds.getMaxX(); x++) {
      for (int y = (int) bounds.getMinY(); y < bounds.getMaxY(); y++) {
        if (canvas.image().getRGB(x, y) != 0xffffffff) {
          return true;
        }
      }
    }
    return false;
  }
}
