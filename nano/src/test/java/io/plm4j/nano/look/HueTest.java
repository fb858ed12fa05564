package io.plm4j.nano.look;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chance.Style;
import java.awt.Color;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HueTest {
  @Test
  void shadesAreKnownForWhatTheyAre() {
    int known = 0;
    for (int i = 0; i < 200; i++) {
      for (var hue : Hue.values()) {
        known += Hue.of(hue.shade(Dice.of(3, i), Style.HELD_OUT)).equals(Optional.of(hue)) ? 1 : 0;
      }
    }
    assertThat(known).isGreaterThan(200 * Hue.values().length * 95 / 100);
  }

  @Test
  void whatLiesBetweenHasNoName() {
    assertThat(Hue.of(new Color(0xb0ff00))).isEmpty();
  }
}
