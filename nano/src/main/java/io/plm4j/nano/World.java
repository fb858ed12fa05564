package io.plm4j.nano;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chance.Level;
import io.plm4j.nano.chance.Lexicon;
import io.plm4j.nano.chance.Style;
import io.plm4j.nano.chart.Asked;
import io.plm4j.nano.chart.BarCharts;
import io.plm4j.nano.chart.LineCharts;
import io.plm4j.nano.chart.PieCharts;
import io.plm4j.nano.clip.Clips;
import io.plm4j.nano.look.Fonts;
import io.plm4j.nano.scene.Patterns;
import io.plm4j.nano.scene.Scenes;
import io.plm4j.nano.smalltalk.SmallTalk;
import io.plm4j.nano.talk.Exhibit;
import io.plm4j.nano.word.EyeCharts;
import io.plm4j.nano.word.Prints;
import io.plm4j.nano.word.ToldPrints;
import java.util.List;

/// An endless row of pictures, clips and talks, each with questions and answers.
///
/// The one with a number is the same whatever was drawn before, on how many threads, and how many
/// are wanted in all. Safe for use by several threads.
public final class World {
  private final Settings settings;
  private final BarCharts bars;
  private final LineCharts lines;
  private final PieCharts pies;
  private final Prints prints;
  private final EyeCharts eyeCharts;
  private final ToldPrints toldPrints;
  private final Patterns patterns = new Patterns();
  private final Scenes scenes = new Scenes();
  private final Clips clips = new Clips();

  /// @param seed of the whole world
  /// @param kinds what is in it, in their usual shares
  /// @param levels how hard it is; one of them is chosen for each
  /// @param turns the most questions about one picture
  /// @param grid rows and columns of letters and of shapes at the first level, which is for eyes
  ///   that see the places of a grid one by one, and about so many of letters at the second
  public record Settings(
      long seed, List<Kind> kinds, List<Level> levels, Style style, int turns, int grid) {
    /// As many as a picture of 128 pixels has pooled tokens of 32.
    public static final int USUAL_GRID = 4;

    public Settings {
      kinds = List.copyOf(kinds);
      levels = List.copyOf(levels);
      if (kinds.isEmpty() || levels.isEmpty() || turns < 1 || grid < 1) {
        throw new IllegalArgumentException("a world needs kinds, levels, questions and a grid");
      }
    }

    public Settings(long seed, List<Kind> kinds, List<Level> levels, Style style, int turns) {
      this(seed, kinds, levels, style, turns, USUAL_GRID);
    }
  }

  public World(Settings settings) {
    this.settings = settings;
    var fonts = new Fonts();
    var lexicon = Lexicon.read();
    bars = new BarCharts(fonts, lexicon);
    lines = new LineCharts(fonts, lexicon);
    pies = new PieCharts(fonts, lexicon);
    prints = new Prints(fonts, lexicon);
    eyeCharts = new EyeCharts(fonts, lexicon);
    toldPrints = new ToldPrints(lexicon);
  }

  public Settings settings() {
    return settings;
  }

  /// Draws the one with this number, from 0.
  public Sample sample(long number) {
    var dice = Dice.of(settings.seed(), number);
    var kinds = settings.kinds();
    var kind = kinds.get(dice.weighted(kinds.stream().mapToDouble(Kind::share).toArray()));
    var level = dice.pick(settings.levels());
    return new Sample(number, kind, level, exhibit(kind, level, dice));
  }

  private Exhibit exhibit(Kind kind, Level level, Dice dice) {
    var style = settings.style();
    int turns = settings.turns();
    return switch (kind) {
      case BAR -> bars.draw(dice, level, style, Asked.EVERYTHING, turns);
      case LINE -> lines.draw(dice, level, style, Asked.EVERYTHING, turns);
      case PIE -> pies.draw(dice, level, style, turns);
      case SHAPES -> scenes.draw(dice, level, style, Scenes.Asked.EVERYTHING, turns);
      case BOXES -> scenes.draw(dice, level, style, Scenes.Asked.REGIONS, turns);
      case ROWS -> patterns.draw(dice, level, style, turns, settings.grid());
      case LETTERS -> eyeCharts.draw(dice, level, style, turns, settings.grid());
      case WORDS -> prints.draw(dice, level, style, turns);
      case CLIPS -> clips.film(dice, level, style, turns);
      case TEXT -> SmallTalk.talk(dice, turns);
      case TOLD -> level == Level.THIRD ? toldChart(dice, turns) : toldPrints.tell(dice, level);
      case PLACES ->
          dice.chance(0.6)
              ? bars.draw(dice, level, style, Asked.PLACES, turns)
              : lines.draw(dice, level, style, Asked.PLACES, turns);
    };
  }

  private Exhibit toldChart(Dice dice, int turns) {
    // Two or three numbers, mostly small ones: more are too many for a small decoder to begin with.
    return dice.chance(0.7)
        ? bars.tell(dice, Level.FIRST, turns)
        : pies.tell(dice, Level.FIRST, turns);
  }
}
