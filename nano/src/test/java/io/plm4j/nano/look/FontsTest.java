package io.plm4j.nano.look;

import static org.assertj.core.api.Assertions.assertThat;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chance.Style;
import java.awt.Font;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FontsTest {
  private static Set<String> families(Style style) {
    var fonts = new Fonts();
    var dice = Dice.of(1, 1);
    var families = new HashSet<String>();
    for (int i = 0; i < 200; i++) {
      families.add(fonts.any(dice, style).at(20, Weight.PLAIN).getFamily());
    }
    return families;
  }

  @Test
  void noFontIsInBothStyles() {
    var train = families(Style.TRAIN);
    var heldOut = families(Style.HELD_OUT);
    assertThat(train).hasSizeGreaterThanOrEqualTo(6).doesNotContainAnyElementsOf(heldOut);
    assertThat(heldOut).hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void everyFontHasEveryLetterInEveryWeight() {
    var fonts = new Fonts();
    for (var style : Style.values()) {
      var dice = Dice.of(2, 2);
      for (int i = 0; i < 60; i++) {
        var face = fonts.any(dice, style);
        for (var weight : Weight.values()) {
          Font font = face.at(20, weight);
          assertThat(font.canDisplayUpTo("ABCxyz0123456789.,:%$()-'\""))
              .as(font.getName())
              .isEqualTo(-1);
        }
      }
    }
  }
}
