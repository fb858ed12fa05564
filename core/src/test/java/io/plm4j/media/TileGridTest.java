package io.plm4j.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plm4j.error.InputException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TileGridTest {
  @Test
  void gridsAreThoseOfMetasCode() {
    for (JsonNode row : Golden.json("tiles.json")) {
      var grid =
          TileGrid.of(
              row.get("w").intValue(), row.get("h").intValue(), 448, row.get("max").intValue());

      assertThat(grid)
          .as(row.toString())
          .isEqualTo(
              new TileGrid(row.get("grid").get(0).intValue(), row.get("grid").get(1).intValue()));
    }
  }

  @Test
  void gridsAreThoseOfTransformers() {
    for (String[] row : Golden.rows("grids.txt")) {
      int[] v = Arrays.stream(row).mapToInt(Integer::parseInt).toArray();

      assertThat(TileGrid.of(v[0], v[1], v[2], v[3]))
          .as(Arrays.toString(v))
          .isEqualTo(new TileGrid(v[4], v[5]));
    }
  }

  @Test
  void noGridHasMoreTilesThanAllowed() {
    for (int most = 1; most <= 40; most++) {
      for (int side : new int[] {1, 100, 448, 5000, 65_535}) {
        assertThat(TileGrid.of(side, 700, 448, most).count()).isBetween(1, most);
        assertThat(TileGrid.of(700, side, 448, most).count()).isBetween(1, most);
      }
    }
  }

  @Test
  void sizesMustBePositive() {
    assertThatThrownBy(() -> TileGrid.of(0, 1, 448, 36)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> TileGrid.of(1, 1, 448, 0)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> new TileGrid(0, 1)).isInstanceOf(InputException.class);
  }
}
