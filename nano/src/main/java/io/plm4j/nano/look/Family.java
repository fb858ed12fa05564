package io.plm4j.nano.look;

/// The families of fonts that come with the build, with the paths of their files in the jars.
enum Family {
  DEJAVU_SANS("net/sf/jasperreports/fonts/dejavu/DejaVuSans", ".ttf", "", "-Bold", "-Oblique"),
  DEJAVU_CONDENSED(
      "net/sf/jasperreports/fonts/dejavu/DejaVuSansCondensed", ".ttf", "", "-Bold", "-Oblique"),
  DEJAVU_MONO("net/sf/jasperreports/fonts/dejavu/DejaVuSansMono", ".ttf", "", "-Bold", "-Oblique"),
  DEJAVU_SERIF("net/sf/jasperreports/fonts/dejavu/DejaVuSerif", ".ttf", "", "-Bold", "-Italic"),
  LIBERATION_SANS("liberation/LiberationSans", ".ttf", "-Regular", "-Bold", "-Italic"),
  LIBERATION_SERIF("liberation/LiberationSerif", ".ttf", "-Regular", "-Bold", "-Italic"),
  LIBERATION_MONO("liberation/LiberationMono", ".ttf", "-Regular", "-Bold", "-Italic"),
  ROBOTO("com/formdev/flatlaf/fonts/roboto/Roboto", ".ttf", "-Regular", "-Bold", "-Italic"),
  ROBOTO_LIGHT(
      "com/formdev/flatlaf/fonts/roboto/Roboto", ".ttf", "-Light", "-Medium", "-LightItalic"),
  INTER("com/formdev/flatlaf/fonts/inter/Inter", ".otf", "-Regular", "-Bold", "-Italic"),
  JETBRAINS_MONO(
      "com/formdev/flatlaf/fonts/jetbrains_mono/JetBrainsMono",
      ".ttf",
      "-Regular",
      "-Bold",
      "-Italic");

  private final String stem;
  private final String ending;
  private final String plain;
  private final String bold;
  private final String slanted;

  Family(String stem, String ending, String plain, String bold, String slanted) {
    this.stem = stem;
    this.ending = ending;
    this.plain = plain;
    this.bold = bold;
    this.slanted = slanted;
  }

  String path(Weight weight) {
    return stem
        + switch (weight) {
          case PLAIN -> plain;
          case BOLD -> bold;
          case SLANTED -> slanted;
        }
        + ending;
  }
}
