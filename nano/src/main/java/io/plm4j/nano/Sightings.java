package io.plm4j.nano;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.look.Hue;
import io.plm4j.nano.look.Landmark;
import io.plm4j.nano.look.Media;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What lies in each cell of a grid over a picture, for a tower that learns to see: in one row of
/// data what it is, in the next what colour it has. A tower that is only asked for names unlearns
/// colours.
///
/// Words are written as in running text, a space before them, so that no shape begins as a letter
/// does.
///
/// @param cells across, and down
record Sightings(Media.Still still, int cells) {
  /// Cells of which the colour is asked: as many as an answer has words.
  private static final int COLORS = 24;

  private static final String NOTHING = " ";

  /// @param dice chooses which cells without a thing are spoken of
  /// @param row of the picture, from 0
  /// @return one a cell, row by row; null where nothing is said
  List<@Nullable String> of(Dice dice, int row) {
    var landmarks =
        Landmark.inCells(
            still.landmarks(), still.picture().getWidth(), still.picture().getHeight(), cells);
    return row % 2 == 0 ? names(landmarks, dice) : colors(landmarks, dice);
  }

  /// Things, and as many cells without one, but no more: most of a picture is empty.
  private static List<@Nullable String> names(List<@Nullable Landmark> landmarks, Dice dice) {
    var names = new ArrayList<@Nullable String>();
    var empty = new ArrayList<Integer>();
    for (var landmark : landmarks) {
      if (landmark == null) {
        empty.add(names.size());
        names.add(null);
      } else {
        names.add(landmark.name().length() == 1 ? landmark.name() : " " + landmark.name());
      }
    }
    int things = names.size() - empty.size();
    dice.some(empty, Math.max(2, things)).forEach(cell -> names.set(cell, NOTHING));
    return names;
  }

  private List<@Nullable String> colors(List<@Nullable Landmark> landmarks, Dice dice) {
    var asked = dice.some(IntStream.range(0, landmarks.size()).boxed().toList(), COLORS);
    var colors = new ArrayList<@Nullable String>();
    for (int cell = 0; cell < landmarks.size(); cell++) {
      colors.add(asked.contains(cell) ? color(landmarks.get(cell), cell) : null);
    }
    return colors;
  }

  private @Nullable String color(@Nullable Landmark landmark, int cell) {
    var color = landmark == null ? middle(cell) : landmark.color();
    return Hue.of(color).map(hue -> " " + hue.label()).orElse(null);
  }

  /// What is drawn in the middle of a cell.
  private Color middle(int cell) {
    var picture = still.picture();
    int x = (int) ((cell % cells + 0.5) * picture.getWidth() / cells);
    int y = (int) ((cell / cells + 0.5) * picture.getHeight() / cells);
    return new Color(picture.getRGB(x, y));
  }
}
