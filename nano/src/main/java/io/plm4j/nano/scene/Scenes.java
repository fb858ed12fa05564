package io.plm4j.nano.scene;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chance.Level;
import io.plm4j.nano.chance.Style;
import io.plm4j.nano.look.Backdrop;
import io.plm4j.nano.look.Blemish;
import io.plm4j.nano.look.Canvas;
import io.plm4j.nano.look.Hue;
import io.plm4j.nano.look.Outline;
import io.plm4j.nano.scene.Figure.SizeWord;
import io.plm4j.nano.talk.Conversation;
import io.plm4j.nano.talk.Exhibit;
import java.util.ArrayList;
import java.util.List;

/// Draws scenes by chance.
public final class Scenes {
  /// What a scene is drawn for.
  public enum Asked {
    EVERYTHING,
    REGIONS
  }

  private static final int[][] SIZES = {
    {448, 448}, {448, 448}, {512, 512}, {400, 400}, {640, 480}, {480, 360}, {600, 400}, {360, 480}
  };

  /// A scene with at most `turns` questions.
  public Exhibit draw(Dice dice, Level level, Style style, Asked asked, int turns) {
    int[] size = SIZES[dice.between(0, SIZES.length - 1)];
    while (true) {
      var scene = scene(dice, level, style, size[0], size[1]);
      var talk = new SceneTalk(dice, scene);
      var regions = new SceneRegions(dice, scene).questions();
      if (asked == Asked.REGIONS && regions.isEmpty()) {
        continue;
      }
      try (var canvas = new Canvas(scene.width(), scene.height())) {
        scene.backdrop().paint(canvas);
        boolean edged = dice.chance(0.2);
        for (var figure : scene.figures()) {
          canvas.fill(figure.shape(), figure.color().color(), figure.outline());
          if (edged) {
            canvas.stroke(figure.shape(), figure.color().color().darker(), 2);
          }
        }
        var picture = canvas.still(Blemish.any(dice, level));
        var questions = asked == Asked.REGIONS ? regions : talk.questions();
        return new Exhibit(picture, Conversation.of(dice, talk.description(), questions, turns));
      }
    }
  }

  private static Scene scene(Dice dice, Level level, Style style, int width, int height) {
    var background = background(dice);
    var backdrop = Backdrop.of(dice, background, style, level);
    boolean crowd = level != Level.FIRST && dice.chance(0.22);
    int count =
        crowd
            ? dice.between(2, level == Level.THIRD ? 9 : 6)
            : level.choose(1, dice.between(1, 3), dice.between(2, 5));
    var outlines = level == Level.FIRST ? Outline.SIMPLE : Outline.ALL;
    var hues = Hue.brightOn(background);
    boolean sizesDiffer = !crowd && level == Level.THIRD && dice.chance(0.5);
    double side = Math.min(width, height);
    var figures = new ArrayList<Figure>();
    var outline = dice.pick(outlines);
    var hue = dice.pick(hues);
    double one =
        side
            * (crowd
                ? dice.between(0.06, 0.1)
                : level.choose(
                    dice.between(0.18, 0.36), dice.between(0.11, 0.2), dice.between(0.09, 0.15)));
    for (int tries = 0; figures.size() < count && tries < 400; tries++) {
      var size = sizesDiffer ? dice.pick(SizeWord.SMALL, SizeWord.LARGE) : SizeWord.UNSAID;
      double radius =
          switch (size) {
            case SMALL -> side * dice.between(0.06, 0.08);
            case LARGE -> side * dice.between(0.14, 0.18);
            case UNSAID -> crowd ? one : one * dice.between(0.9, 1.1);
          };
      var figure =
          figure(
              dice,
              style,
              crowd ? outline : dice.pick(outlines),
              crowd ? hue : dice.pick(hues),
              size,
              radius,
              width,
              height);
      if (figures.stream().allMatch(other -> apart(other, figure))) {
        figures.add(figure);
      }
    }
    return new Scene(width, height, backdrop, List.copyOf(figures));
  }

  /// What shapes lie on, half of the time white.
  static Hue background(Dice dice) {
    return dice.chance(0.5) ? Hue.WHITE : dice.pick(Hue.BLACK, Hue.GRAY, dice.pick(Hue.BRIGHT));
  }

  private static Figure figure(
      Dice dice,
      Style style,
      Outline outline,
      Hue hue,
      SizeWord size,
      double radius,
      int width,
      int height) {
    double margin = radius * 1.05 + 2;
    double degrees = Figure.tilt(dice, outline);
    return new Figure(
        outline,
        hue.named(dice, style),
        size,
        dice.between(margin, width - margin),
        dice.between(margin, height - margin),
        radius,
        degrees);
  }

  private static boolean apart(Figure a, Figure b) {
    return Math.hypot(a.x() - b.x(), a.y() - b.y()) > (a.radius() + b.radius()) * 1.12 + 4;
  }
}
