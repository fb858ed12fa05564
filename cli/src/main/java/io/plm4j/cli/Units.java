package io.plm4j.cli;

import java.util.Locale;

/// Numbers as people read them; the same in every locale.
final class Units {
  private Units() {}

  /// `3.07 GB`, `17.2 MB`, `950 bytes`: three digits, powers of 1000.
  static String bytes(long bytes) {
    if (bytes < 1000) {
      return bytes + " bytes";
    }
    return scaled(bytes, "kB", "MB", "GB", "TB");
  }

  /// `1.53 billion`, `291 million`.
  static String count(long count) {
    return count < 1_000_000 ? grouped(count) : scaled(count, "thousand", "million", "billion");
  }

  /// `1 tile`, `36 tiles`.
  static String count(int count, String noun) {
    return grouped(count) + " " + noun + (count == 1 ? "" : "s");
  }

  /// `128,256`.
  static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String seconds(double seconds) {
    return String.format(Locale.ROOT, seconds < 10 ? "%.2f s" : "%.1f s", seconds);
  }

  /// `12 s`, `3 min 20 s`, `2 h 5 min`.
  static String duration(long seconds) {
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3600
        ? "%d min %d s".formatted(seconds / 60, seconds % 60)
        : "%d h %d min".formatted(seconds / 3600, seconds % 3600 / 60);
  }

  static String rate(double perSecond) {
    return String.format(Locale.ROOT, perSecond < 100 ? "%.1f" : "%.0f", perSecond);
  }

  private static String scaled(double value, String... units) {
    int unit = -1;
    while (unit < 0 || (value >= 999.5 && unit < units.length - 1)) {
      value /= 1000;
      unit++;
    }
    var pattern = value < 9.995 ? "%.2f %s" : value < 99.95 ? "%.1f %s" : "%.0f %s";
    return String.format(Locale.ROOT, pattern, value, units[unit]);
  }
}
