package io.plm4j.nano;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.look.Hue;
import io.plm4j.nano.look.Landmark;
import io.plm4j.nano.look.Media;
import java.awt.Color;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What lies in each cell of a grid over a picture, for a tower that learns to see: which letter or
/// shape has its middle there; where there is none, which color; and where there is no one color
/// either, as beside a letter's middle, nothing.
///
/// Words are written as in running text, a space before them, so that no shape begins as a letter
/// does.
///
/// @param cells across, and down
record Sightings(Media.Still still, int cells) {
  /// Cells of a colour, and cells of none, that are spoken of, at least.
  private static final int FEWEST = 24;

  private static final String NOTHING = " ";

  /// Part of a cell, around its middle, that must be of one colour to be called by it.
  private static final double PLAIN = 0.3;

  /// How much red, green or blue of one colour may differ from place to place, of 255: gradients
  /// and noise do, letters do not.
  private static final int SAME = 45;

  /// @param dice chooses which cells without a thing are spoken of: about as many as others, or
  ///   most of what is learnt would be ground
  /// @return one a cell, row by row; null where nothing is said
  List<@Nullable String> of(Dice dice) {
    var said = new ArrayList<@Nullable String>();
    var plain = new LinkedHashMap<Integer, String>();
    var mixed = new ArrayList<Integer>();
    for (var landmark :
        Landmark.inCells(
            still.landmarks(), still.picture().getWidth(), still.picture().getHeight(), cells)) {
      int cell = said.size();
      if (landmark != null) {
        said.add(landmark.name().length() == 1 ? landmark.name() : " " + landmark.name());
        continue;
      }
      said.add(null);
      if (isMixed(cell)) {
        mixed.add(cell);
      } else {
        Hue.of(color(cell, 0, 0)).ifPresent(hue -> plain.put(cell, " " + hue.label()));
      }
    }
    int things = (int) said.stream().filter(Objects::nonNull).count();
    dice.some(List.copyOf(plain.keySet()), Math.max(FEWEST, things))
        .forEach(cell -> said.set(cell, plain.get(cell)));
    dice.some(mixed, Math.max(FEWEST, things)).forEach(cell -> said.set(cell, NOTHING));
    return said;
  }

  /// Whether there is more than one colour around the middle of a cell.
  private boolean isMixed(int cell) {
    var middle = color(cell, 0, 0);
    for (int down = -1; down <= 1; down++) {
      for (int across = -1; across <= 1; across++) {
        var other = color(cell, across * PLAIN / 2, down * PLAIN / 2);
        if (Math.abs(other.getRed() - middle.getRed()) > SAME
            || Math.abs(other.getGreen() - middle.getGreen()) > SAME
            || Math.abs(other.getBlue() - middle.getBlue()) > SAME) {
          return true;
        }
      }
    }
    return false;
  }

  private Color color(int cell, double across, double down) {
    var picture = still.picture();
    int x = (int) ((cell % cells + 0.5 + across) * picture.getWidth() / cells);
    int y = (int) ((cell / cells + 0.5 + down) * picture.getHeight() / cells);
    return new Color(picture.getRGB(x, y));
  }
}
