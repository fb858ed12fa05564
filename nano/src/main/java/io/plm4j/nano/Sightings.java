package io.plm4j.nano;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.look.Hue;
import io.plm4j.nano.look.Landmark;
import io.plm4j.nano.look.Media;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What lies in each cell of a grid over a picture, for a tower that learns to see: which letter or
/// shape has its middle there, and where there is none, which color.
///
/// Words are written as in running text, a space before them, so that no shape begins as a letter
/// does.
///
/// @param cells across, and down
record Sightings(Media.Still still, int cells) {
  /// Cells without a thing that are spoken of, at least.
  private static final int FEWEST_COLORS = 24;

  /// Part of a cell, around its middle, that must be of one colour to be called by it.
  private static final double PLAIN = 0.3;

  /// @param dice chooses which cells without a thing are spoken of: as many as others, or most of
  ///   what is learnt would be ground
  /// @return one a cell, row by row; null where nothing is said
  List<@Nullable String> of(Dice dice) {
    var said = new ArrayList<@Nullable String>();
    var without = new ArrayList<Integer>();
    for (var landmark :
        Landmark.inCells(
            still.landmarks(), still.picture().getWidth(), still.picture().getHeight(), cells)) {
      if (landmark == null) {
        without.add(said.size());
        said.add(null);
      } else {
        said.add(landmark.name().length() == 1 ? landmark.name() : " " + landmark.name());
      }
    }
    int things = said.size() - without.size();
    dice.some(without, Math.max(FEWEST_COLORS, things))
        .forEach(cell -> said.set(cell, color(cell).map(hue -> " " + hue.label()).orElse(null)));
    return said;
  }

  /// The colour around the middle of a cell, if it is one.
  private Optional<Hue> color(int cell) {
    var middle = color(cell, 0, 0);
    for (int down = -1; down <= 1; down++) {
      for (int across = -1; across <= 1; across++) {
        if (!color(cell, across * PLAIN / 2, down * PLAIN / 2).equals(middle)) {
          return Optional.empty();
        }
      }
    }
    return middle;
  }

  private Optional<Hue> color(int cell, double across, double down) {
    var picture = still.picture();
    int x = (int) ((cell % cells + 0.5 + across) * picture.getWidth() / cells);
    int y = (int) ((cell / cells + 0.5 + down) * picture.getHeight() / cells);
    return Hue.of(new Color(picture.getRGB(x, y)));
  }
}
