package io.plm4j.nano;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.look.Hue;
import io.plm4j.nano.look.Landmark;
import io.plm4j.nano.look.Media;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What lies in each cell of a grid over a picture, for a tower that learns to see: which letter or
/// shape has its middle there; where there is none, which color, or, of several, the one that lies
/// on the ground; and where that has no name, nothing.
///
/// Words are written as in running text, a space before them, so that no shape begins as a letter
/// does.
///
/// @param cells across, and down
record Sightings(Media.Still still, int cells) {
  /// Cells of one colour, and cells of several, that are spoken of, at least.
  private static final int FEWEST = 24;

  private static final String NOTHING = " ";

  /// Part of a cell, around its middle, that must be of one colour to be called by it.
  private static final double PLAIN = 0.3;

  /// How much red, green or blue of one colour may differ from place to place, of 255: gradients
  /// and noise do, letters do not.
  private static final int SAME = 45;

  /// Places across a cell, and down, that are looked at for what lies on its ground.
  private static final int LOOKS = 12;

  /// A colour seen at so many places of a cell is there; at fewer it may be noise.
  private static final int ENOUGH = 3;

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
    dice.some(mixed, Math.max(FEWEST, things)).forEach(cell -> said.set(cell, ink(cell)));
    return said;
  }

  /// Whether there is more than one colour around the middle of a cell.
  private boolean isMixed(int cell) {
    var middle = color(cell, 0, 0);
    for (int down = -1; down <= 1; down++) {
      for (int across = -1; across <= 1; across++) {
        if (!isSame(color(cell, across * PLAIN / 2, down * PLAIN / 2), middle)) {
          return true;
        }
      }
    }
    return false;
  }

  /// What the strokes in a cell are drawn with: of the colours with a name there, the one that
  /// differs most from the picture's corner.
  private String ink(int cell) {
    var ground = new Color(still.picture().getRGB(0, 0));
    var seen = new EnumMap<Hue, List<Color>>(Hue.class);
    for (int down = 0; down < LOOKS; down++) {
      for (int across = 0; across < LOOKS; across++) {
        var color = color(cell, (across + 0.5) / LOOKS - 0.5, (down + 0.5) / LOOKS - 0.5);
        if (!isSame(color, ground)) {
          Hue.of(color)
              .ifPresent(hue -> seen.computeIfAbsent(hue, _ -> new ArrayList<>()).add(color));
        }
      }
    }
    return seen.entrySet().stream()
        .filter(entry -> entry.getValue().size() >= ENOUGH)
        .max(Comparator.comparingInt(entry -> difference(entry.getValue().getFirst(), ground)))
        .map(entry -> " " + entry.getKey().label())
        .orElse(NOTHING);
  }

  private static boolean isSame(Color one, Color other) {
    return Math.abs(one.getRed() - other.getRed()) <= SAME
        && Math.abs(one.getGreen() - other.getGreen()) <= SAME
        && Math.abs(one.getBlue() - other.getBlue()) <= SAME;
  }

  private static int difference(Color one, Color other) {
    return Math.abs(one.getRed() - other.getRed())
        + Math.abs(one.getGreen() - other.getGreen())
        + Math.abs(one.getBlue() - other.getBlue());
  }

  private Color color(int cell, double across, double down) {
    var picture = still.picture();
    int x = (int) ((cell % cells + 0.5 + across) * picture.getWidth() / cells);
    int y = (int) ((cell / cells + 0.5 + down) * picture.getHeight() / cells);
    return new Color(picture.getRGB(x, y));
  }
}
