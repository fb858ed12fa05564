package io.plm4j.media.video;

import io.plm4j.media.video.TimedText.Mention;
import java.util.ArrayList;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds times such as `00:01.40` in a question and puts frame numbers in their place.
final class TimesInText {
  /// Neither a part of something longer nor the time of a day.
  private static final String TIME =
      "(?<![\\w:.])(\\d{1,3}:(?:[0-5]\\d:)?[0-5]\\d(?:\\.\\d{1,3})?)(?![\\w:]|\\.\\d|\\s*[ap]\\.?m\\b)";

  private static final Pattern PLACE =
      Pattern.compile(
          TIME + "(?:\\s*(?:-|–|—|\\bto\\b)\\s*" + TIME + ")?", Pattern.CASE_INSENSITIVE);

  private TimesInText() {}

  static TimedText numberFrames(String text, Timeline timeline) {
    var mentions = new ArrayList<Mention>();
    var result =
        PLACE
            .matcher(text)
            .replaceAll(place -> {
              double start = TimeCode.parse(place.group(1));
              double end = place.group(2) == null ? start : TimeCode.parse(place.group(2));
              boolean inVideo = start <= end && end <= timeline.end();
              int first = timeline.frameAt(start);
              int last = timeline.frameAt(end);
              mentions.add(
                  new Mention(
                      place.group(),
                      place.start(),
                      first,
                      last,
                      inVideo ? Optional.of(new TimeSpan(start, end)) : Optional.empty()));
              if (!inVideo) {
                return Matcher.quoteReplacement(place.group());
              }
              return first == last ? "frame " + first : "frames " + first + " to " + last;
            });
    return new TimedText(result, mentions);
  }
}
