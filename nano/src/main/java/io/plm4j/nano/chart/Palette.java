package io.plm4j.nano.chart;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chance.Style;
import io.plm4j.nano.look.Hue;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Colours in an order.
///
/// @param swatches colours with the name that everybody would give them, if there is one
record Palette(List<Swatch> swatches) {
  record Swatch(Color color, Optional<Hue> hue) {
    static Swatch of(int rgb, Hue hue) {
      return new Swatch(new Color(rgb), Optional.of(hue));
    }

    static Swatch unnamed(int rgb) {
      return new Swatch(new Color(rgb), Optional.empty());
    }

    static Swatch of(Hue.Named named) {
      return new Swatch(named.color(), Optional.of(named.hue()));
    }
  }

  /// What matplotlib takes when it is not told.
  static final Palette TAB10 =
      new Palette(
          List.of(
              Swatch.of(0x1f77b4, Hue.BLUE),
              Swatch.of(0xff7f0e, Hue.ORANGE),
              Swatch.of(0x2ca02c, Hue.GREEN),
              Swatch.of(0xd62728, Hue.RED),
              Swatch.of(0x9467bd, Hue.PURPLE),
              Swatch.of(0x8c564b, Hue.BROWN),
              Swatch.of(0xe377c2, Hue.PINK),
              Swatch.of(0x7f7f7f, Hue.GRAY)));

  static final Palette SEABORN =
      new Palette(
          List.of(
              Swatch.of(0x4c72b0, Hue.BLUE),
              Swatch.of(0xdd8452, Hue.ORANGE),
              Swatch.of(0x55a868, Hue.GREEN),
              Swatch.of(0xc44e52, Hue.RED),
              Swatch.of(0x8172b3, Hue.PURPLE),
              Swatch.of(0x937860, Hue.BROWN),
              Swatch.of(0xda8bc3, Hue.PINK),
              Swatch.of(0x8c8c8c, Hue.GRAY)));

  static final Palette OFFICE =
      new Palette(
          List.of(
              Swatch.of(0x4472c4, Hue.BLUE),
              Swatch.of(0xed7d31, Hue.ORANGE),
              Swatch.of(0xa5a5a5, Hue.GRAY),
              Swatch.of(0xffc000, Hue.YELLOW),
              Swatch.unnamed(0x5b9bd5),
              Swatch.of(0x70ad47, Hue.GREEN),
              Swatch.unnamed(0x264478),
              Swatch.of(0x9e480e, Hue.BROWN)));

  static final Palette GGPLOT =
      new Palette(
          List.of(
              Swatch.of(0xe24a33, Hue.RED),
              Swatch.of(0x348abd, Hue.BLUE),
              Swatch.of(0x988ed5, Hue.PURPLE),
              Swatch.of(0x777777, Hue.GRAY),
              Swatch.of(0xfbc15e, Hue.YELLOW),
              Swatch.of(0x8eba42, Hue.GREEN),
              Swatch.of(0xffb5b8, Hue.PINK)));

  static final Palette SET1 =
      new Palette(
          List.of(
              Swatch.of(0xe41a1c, Hue.RED),
              Swatch.of(0x377eb8, Hue.BLUE),
              Swatch.of(0x4daf4a, Hue.GREEN),
              Swatch.of(0x984ea3, Hue.PURPLE),
              Swatch.of(0xff7f00, Hue.ORANGE),
              Swatch.of(0xffe733, Hue.YELLOW),
              Swatch.of(0xa65628, Hue.BROWN),
              Swatch.of(0xf781bf, Hue.PINK)));

  /// For those who cannot tell red from green; held out.
  static final Palette OKABE =
      new Palette(
          List.of(
              Swatch.of(0xe69f00, Hue.ORANGE),
              Swatch.unnamed(0x56b4e9),
              Swatch.of(0x009e73, Hue.GREEN),
              Swatch.of(0xf0e442, Hue.YELLOW),
              Swatch.of(0x0072b2, Hue.BLUE),
              Swatch.unnamed(0xd55e00),
              Swatch.of(0xcc79a7, Hue.PINK),
              Swatch.of(0x202020, Hue.BLACK)));

  /// Held out.
  static final Palette FIELDS =
      new Palette(
          List.of(
              Swatch.of(0x008fd5, Hue.BLUE),
              Swatch.unnamed(0xfc4f30),
              Swatch.of(0xe5ae38, Hue.YELLOW),
              Swatch.of(0x6d904f, Hue.GREEN),
              Swatch.of(0x8b8b8b, Hue.GRAY),
              Swatch.of(0x810f7c, Hue.PURPLE)));

  Palette {
    swatches = List.copyOf(swatches);
  }

  /// Colours by chance, all with different names.
  static Palette random(Dice dice, Style style, Hue background) {
    var swatches = new ArrayList<Swatch>();
    for (var hue : dice.shuffled(Hue.BRIGHT)) {
      if (hue.standsOutFrom(background)) {
        swatches.add(Swatch.of(hue.named(dice, style)));
      }
    }
    return new Palette(swatches);
  }

  /// Starting elsewhere, so that every colour comes first sometimes.
  Palette turned(int by) {
    var turned = new ArrayList<>(swatches.subList(by % swatches.size(), swatches.size()));
    turned.addAll(swatches.subList(0, by % swatches.size()));
    return new Palette(turned);
  }

  Swatch get(int index) {
    return swatches.get(index % swatches.size());
  }

  /// One colour for everything.
  Palette single(int index) {
    return new Palette(List.of(get(index)));
  }

  /// Whether these first ones all differ.
  boolean differ(int count) {
    return count <= swatches.size();
  }
}
