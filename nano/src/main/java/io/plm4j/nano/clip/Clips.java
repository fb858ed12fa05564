package io.plm4j.nano.clip;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chance.Level;
import io.plm4j.nano.chance.Style;
import io.plm4j.nano.look.Backdrop;
import io.plm4j.nano.look.Canvas;
import io.plm4j.nano.look.Hue;
import io.plm4j.nano.look.Media;
import io.plm4j.nano.look.Outline;
import io.plm4j.nano.talk.Conversation;
import io.plm4j.nano.talk.Exhibit;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/// Films clips by chance.
public final class Clips {
  private static final int[][] SIZES = {
    {224, 224}, {224, 224}, {256, 256}, {320, 240}, {288, 216}, {320, 180}, {240, 320}
  };

  /// In eighths, so that each lies at one of the eight frames that a model looks at.
  private static final List<Double> MOMENTS = List.of(2 / 8.0, 4 / 8.0, 6 / 8.0);

  /// A clip with at most `turns` questions.
  public Exhibit film(Dice dice, Level level, Style style, int turns) {
    var story = story(dice, level, style);
    var talk = new StoryTalk(dice, story);
    return new Exhibit(
        new Media.Clip(frames(story), (double) story.frames() / story.seconds()),
        Conversation.of(dice, talk.description(), talk.questions(), turns));
  }

  private static List<BufferedImage> frames(Story story) {
    try (var empty = new Canvas(story.width(), story.height())) {
      story.backdrop().paint(empty);
      var frames = new ArrayList<BufferedImage>();
      for (int i = 0; i < story.frames(); i++) {
        frames.add(
            frame(
                story,
                empty.image(),
                (double) i / story.frames(),
                (double) i / (story.frames() - 1)));
      }
      return frames;
    }
  }

  /// @param clock part of the clip that is over when the frame is shown
  /// @param way part of a way that has been gone: the last frame shows its end
  private static BufferedImage frame(Story story, BufferedImage empty, double clock, double way) {
    try (var canvas = new Canvas(story.width(), story.height())) {
      canvas.graphics().drawImage(empty, 0, 0, null);
      for (var actor : story.actors()) {
        boolean event =
            actor.action() instanceof Action.Appears
                || actor.action() instanceof Action.Vanishes
                || actor.action() instanceof Action.Recolours;
        actor
            .at(event ? clock : way, story.width(), story.height())
            .ifPresent(pose -> canvas.fill(pose.shape(), pose.color()));
      }
      return canvas.image();
    }
  }

  private static Story story(Dice dice, Level level, Style style) {
    int[] size = SIZES[dice.between(0, SIZES.length - 1)];
    var background =
        dice.chance(0.45)
            ? Hue.WHITE
            : dice.pick(Hue.BLACK, Hue.BLACK, Hue.GRAY, dice.pick(Hue.BRIGHT));
    var backdrop = Backdrop.of(dice, background, style, level);
    int frames = dice.pick(8, 8, 8, 12, 16, level == Level.THIRD ? 24 : 8);
    int count =
        level == Level.FIRST || dice.chance(0.6)
            ? 1
            : level == Level.SECOND || dice.chance(0.7) ? 2 : 3;
    var hues = dice.shuffled(Hue.brightOn(background));
    var outlines = dice.shuffled(level == Level.FIRST ? Outline.SIMPLE : Outline.ALL);
    var actors = new ArrayList<Actor>();
    var lanes = dice.chance(0.5) ? Lanes.UPRIGHT : Lanes.FLAT;
    for (int i = 0; i < count; i++) {
      double radius = count == 1 ? dice.between(0.07, 0.22) : dice.between(0.07, 0.14);
      // Each in a lane of its own when there are several: then none covers another.
      double lane = (i + 0.5) / count;
      double free = dice.between(0.25, 0.75);
      double x = count > 1 && lanes == Lanes.UPRIGHT ? lane : free;
      double y = count > 1 && lanes == Lanes.FLAT ? lane : dice.between(0.25, 0.75);
      var color = hues.get(i).named(dice, style);
      var action =
          count == 1
              ? action(dice, level, style, outlines.get(i), hues)
              : companion(dice, style, outlines.get(i), hues, i, lanes);
      actors.add(new Actor(outlines.get(i), color, x, y, radius, dice.between(0.0, 1.0), action));
    }
    return new Story(size[0], size[1], backdrop, actors, frames, dice.pick(2, 4, 4, 6, 8));
  }

  private static Action action(
      Dice dice, Level level, Style style, Outline outline, List<Hue> hues) {
    return switch (dice.weighted(
        40, level == Level.FIRST ? 0 : 8, 10, 6, 6, 10, 8, 10, 5, 5, 5, 4)) {
      case 0 -> new Action.Moves(heading(dice, level));
      case 1 ->
          new Action.Crosses(dice.pick(Heading.RIGHT, Heading.LEFT, Heading.UP, Heading.DOWN));
      case 2 ->
          new Action.ThereAndBack(dice.pick(Heading.RIGHT, Heading.LEFT, Heading.UP, Heading.DOWN));
      case 3 -> new Action.Circles();
      case 4 -> new Action.Bounces();
      case 5 -> new Action.Appears(moment(dice));
      case 6 -> new Action.Vanishes(moment(dice));
      case 7 -> new Action.Recolours(hues.getLast().named(dice, style), moment(dice));
      case 8 -> new Action.Grows();
      case 9 -> new Action.Shrinks();
      case 10 -> outline.canSpin() ? new Action.Spins() : new Action.Stays();
      default -> new Action.Stays();
    };
  }

  /// How a picture is divided among several actors.
  private enum Lanes {
    UPRIGHT(List.of(Heading.UP, Heading.DOWN)),
    FLAT(List.of(Heading.RIGHT, Heading.LEFT));

    private final List<Heading> headings;

    Lanes(List<Heading> headings) {
      this.headings = headings;
    }
  }

  /// What does not leave its own lane.
  private static Action companion(
      Dice dice, Style style, Outline outline, List<Hue> hues, int index, Lanes lanes) {
    return switch (dice.weighted(35, 10, 15, 12, 10, 6, 6, 6)) {
      case 0 -> new Action.Moves(dice.pick(lanes.headings));
      case 1 -> new Action.ThereAndBack(dice.pick(lanes.headings));
      case 2 -> new Action.Stays();
      case 3 -> new Action.Appears(moment(dice));
      case 4 -> new Action.Vanishes(moment(dice));
      case 5 ->
          new Action.Recolours(hues.get(hues.size() - 1 - index).named(dice, style), moment(dice));
      case 6 ->
          outline.canSpin()
              ? new Action.Spins()
              : lanes == Lanes.UPRIGHT ? new Action.Bounces() : new Action.Stays();
      default -> dice.pick(new Action.Grows(), new Action.Shrinks());
    };
  }

  private static Heading heading(Dice dice, Level level) {
    return level == Level.FIRST || dice.chance(0.7)
        ? dice.pick(Heading.RIGHT, Heading.LEFT, Heading.UP, Heading.DOWN)
        : dice.pick(Heading.UP_RIGHT, Heading.UP_LEFT, Heading.DOWN_RIGHT, Heading.DOWN_LEFT);
  }

  private static Action.Moment moment(Dice dice) {
    return new Action.Moment(dice.pick(MOMENTS));
  }
}
