package io.plm4j.nano;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.nano.chance.Level;
import io.plm4j.nano.chance.Style;
import io.plm4j.nano.look.Media;
import io.plm4j.nano.score.Marker;
import io.plm4j.nano.talk.Check;
import io.plm4j.testkit.Mutant;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorldTest {
  /// More with `-Dplm.fuzz.cases=N`, as of all tests by chance.
  private static final int SAMPLES = Mutant.cases(12);

  private static final List<Level> LEVELS = List.of(Level.values());

  private static World world(long seed, Style style, Kind... kinds) {
    return new World(new World.Settings(seed, List.of(kinds), LEVELS, style, 7));
  }

  private static World all(long seed, Style style) {
    return world(seed, style, Kind.values());
  }

  @Test
  void aSampleIsTheSameWhateverWasDrawnBeforeAndOnHowManyThreads() {
    var alone = fingerprint(all(5, Style.TRAIN).sample(11));
    var world = all(5, Style.TRAIN);
    var together =
        LongStream.range(0, 16).parallel().mapToObj(i -> fingerprint(world.sample(i))).toList();
    assertThat(together.get(11)).isEqualTo(alone);
    assertThat(fingerprint(world.sample(11))).isEqualTo(alone);
    assertThat(together).doesNotHaveDuplicates();
  }

  @Test
  void anotherSeedIsAnotherWorld() {
    var one = all(1, Style.TRAIN);
    var other = all(2, Style.TRAIN);
    for (int i = 0; i < 5; i++) {
      assertThat(fingerprint(one.sample(i))).isNotEqualTo(fingerprint(other.sample(i)));
    }
  }

  /// Checks hold what is in the scene, answers what a person would read; they come about by
  /// different ways, and must agree.
  @ParameterizedTest
  @EnumSource(Kind.class)
  void everyAnswerAgreesWithWhatWasDrawn(Kind kind) {
    for (var style : Style.values()) {
      var world = world(3, style, kind);
      for (int i = 0; i < SAMPLES; i++) {
        var sample = world.sample(i);
        assertThat(sample.exhibit().turns()).isNotEmpty().hasSizeLessThanOrEqualTo(7);
        for (var question : Rows.quiz(sample)) {
          assertThat(Marker.mark(question.check(), question.answer()).points())
              .as("%s %d: %s", kind, i, question)
              .isEqualTo(1);
          assertThat(question.answer()).doesNotContainPattern("\\b[Aa] (orange|oval|arrow)\\b");
        }
      }
    }
  }

  @Test
  void picturesAreLargeEnoughToReadAndClipsHaveFrames() {
    var world = all(9, Style.TRAIN);
    for (int i = 0; i < 20; i++) {
      switch (world.sample(i).exhibit().media()) {
        case Media.Still(var picture, _) -> {
          assertThat(picture.getWidth()).isBetween(360, 1000);
          assertThat(colors(picture)).isGreaterThan(1);
        }
        case Media.Clip clip -> {
          assertThat(clip.frames()).hasSizeBetween(8, 32);
          assertThat(clip.seconds()).isBetween(2.0, 8.0);
        }
        case Media.Nothing() -> {}
      }
    }
  }

  @Test
  void theFirstLevelIsTheEasiest() {
    var settings =
        new World.Settings(1, List.of(Kind.SHAPES), List.of(Level.FIRST), Style.TRAIN, 7);
    var world = new World(settings);
    for (int i = 0; i < 20; i++) {
      assertThat(world.sample(i).level()).isEqualTo(Level.FIRST);
      assertThat(world.sample(i).exhibit().turns())
          .noneMatch(turn -> turn.question().contains("left or right of"));
    }
  }

  @Test
  void rowsOfShapesAreListedOnceAtTheFirstLevel() {
    var world =
        new World(new World.Settings(1, List.of(Kind.ROWS), List.of(Level.FIRST), Style.TRAIN, 7));
    for (int i = 0; i < 20; i++) {
      assertThat(world.sample(i).exhibit().turns())
          .singleElement()
          .satisfies(turn -> assertThat(turn.check().topic()).isEqualTo("list rows"));
    }
  }

  @Test
  void aToldChartSaysTheNumbersThatItIsAskedFor() {
    var world =
        new World(new World.Settings(1, List.of(Kind.TOLD), List.of(Level.THIRD), Style.TRAIN, 9));
    int numbers = 0;
    for (int i = 0; i < 40; i++) {
      var turns = world.sample(i).exhibit().turns();
      var told = turns.getFirst().question().lines().findFirst().orElseThrow();
      assertThat(told).matches("The .*(bar plot|pie chart).* shows .*\\(.*\\d+%?\\)\\.");
      for (var turn : turns) {
        if (turn.check() instanceof Check.Amount amount && !amount.topic().startsWith("count")) {
          assertThat(told).contains(turn.answer().replace("About", "about"));
          numbers++;
        }
      }
    }
    assertThat(numbers).isPositive();
  }

  private static long colors(BufferedImage picture) {
    return Arrays.stream(pixels(picture)).distinct().limit(3).count();
  }

  private static int[] pixels(BufferedImage picture) {
    return picture.getRGB(
        0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
  }

  private static List<Object> fingerprint(Sample sample) {
    var pixels =
        switch (sample.exhibit().media()) {
          case Media.Still(var picture, _) -> Arrays.hashCode(pixels(picture));
          case Media.Clip clip ->
              IntStream.range(0, clip.frames().size())
                  .map(i -> i * 31 + Arrays.hashCode(pixels(clip.frames().get(i))))
                  .reduce(1, (a, b) -> a * 31 + b);
          case Media.Nothing() -> 0;
        };
    return List.of(sample.kind(), sample.level(), sample.exhibit().turns(), pixels);
  }
}
