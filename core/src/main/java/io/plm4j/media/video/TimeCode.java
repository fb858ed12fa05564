package io.plm4j.media.video;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.util.regex.Pattern;

/// A time in a video as people write it: `00:01.40`, `1:02:03`, or plain seconds.
public final class TimeCode {
  private static final Pattern WRITTEN =
      Pattern.compile("(?:(?:(\\d{1,6}):)?(\\d{1,6}):)?(\\d{1,9}(?:\\.\\d{0,9})?|\\.\\d{1,9})");

  private TimeCode() {}

  /// Minutes, seconds and hundredths, `00:01.40`; from an hour on with hours, `01:00:01.40`.
  public static String format(double seconds) {
    if (Double.isInfinite(seconds)) {
      return "the end";
    }
    long hundredths = Math.round(seconds * 100);
    long minutes = hundredths / 6000;
    var inMinute = "%02d.%02d".formatted(hundredths % 6000 / 100, hundredths % 100);
    return minutes < 60
        ? "%02d:%s".formatted(minutes, inMinute)
        : "%02d:%02d:%s".formatted(minutes / 60, minutes % 60, inMinute);
  }

  /// Seconds of `12.5`, `01:02.5` (minutes and seconds) or `1:02:03` (hours too).
  ///
  /// @throws InputException if it is none of these
  public static double parse(String text) {
    var matcher = WRITTEN.matcher(text.strip());
    if (!matcher.matches()) {
      throw malformed(text, "");
    }
    double seconds = Double.parseDouble(matcher.group(3));
    if (matcher.group(2) == null) {
      return seconds;
    }
    int minutes = Integer.parseInt(matcher.group(2));
    if (seconds >= 60) {
      throw malformed(text, ": after minutes, seconds go up to 59");
    }
    if (matcher.group(1) == null) {
      return minutes * 60.0 + seconds;
    }
    if (minutes >= 60) {
      throw malformed(text, ": after hours, minutes go up to 59");
    }
    return Integer.parseInt(matcher.group(1)) * 3600.0 + minutes * 60.0 + seconds;
  }

  private static InputException malformed(String text, String why) {
    return new InputException(
        "'%s' is not a time%s. Write seconds (12.5), mm:ss.ff (00:12.50) or hh:mm:ss."
            .formatted(Excerpt.of(text), why));
  }
}
