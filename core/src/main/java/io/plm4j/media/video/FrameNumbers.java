package io.plm4j.media.video;

import io.plm4j.media.video.TimedText.Mention;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the frames that an answer speaks of.
///
/// Found are `Frame 7`, `frames 3 to 12`, `frames 3-12`, `frames 3, 5 and 7`, and, as the model was
/// taught to answer, `[3, 12]`. Four numbers in brackets are a box and not frames; two that are no
/// stretch of the video's frames are something else. Numbers with a unit are not frame numbers.
final class FrameNumbers {
  /// A whole number by itself: not 7.5, 7th, 7:30, 7x, 7 %, 7 fps.
  private static final String NUMBER =
      "(\\d{1,9})(?![\\w%]|\\.\\d|:\\d|\\s*%|\\s*(?:fps|hz|seconds?|s)\\b)";

  private static final Pattern PLACE =
      Pattern.compile(
          "(?<![\\w-])(frames?)\\s*(?:number\\s+|no\\.\\s*|#\\s*)?(?=\\d)|\\[\\s*(\\d{1,9})\\s*,\\s*(\\d{1,9})\\s*\\]",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern ITEM =
      Pattern.compile(
          NUMBER + "(?:\\s*(?:-|–|—|\\bto\\b|\\bthrough\\b)\\s*(?:frame\\s*)?" + NUMBER + ")?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern AND =
      Pattern.compile("(?:\\s*,)?\\s+(?:and|or|&)\\s+(?=\\d)", Pattern.CASE_INSENSITIVE);
  private static final Pattern COMMA =
      // A number after a comma belongs to the list only if the list goes on after it: in "frames
      // 3, 2 dogs" it does not.
      Pattern.compile("\\s*,\\s*(?=\\d+\\s*(?:,|\\b(?:and|or)\\b|&))", Pattern.CASE_INSENSITIVE);

  private final String text;
  private final Timeline timeline;
  private final StringBuilder out = new StringBuilder();
  private final List<Mention> mentions = new ArrayList<>();
  private int copied;

  private FrameNumbers(String text, Timeline timeline) {
    this.text = text;
    this.timeline = timeline;
  }

  static TimedText annotate(String text, Timeline timeline) {
    return new FrameNumbers(text, timeline).annotate();
  }

  private TimedText annotate() {
    var place = PLACE.matcher(text);
    int at = 0;
    while (place.find(at)) {
      at = place.end();
      if (place.group(1) != null) {
        at = items(place.start(), at, place.group(1).length() == "frames".length());
      } else {
        long first = Long.parseLong(place.group(2));
        long last = Long.parseLong(place.group(3));
        if (first <= last && timeline.has(first)) {
          add(place.start(), at, first, last);
        }
      }
    }
    return new TimedText(out.append(text, copied, text.length()).toString(), mentions);
  }

  /// Takes the numbers that follow the word.
  ///
  /// @param start of the word
  /// @param number where the first number begins
  /// @param several whether the word announces more than one
  /// @return the end of what was taken
  private int items(int start, int number, boolean several) {
    var item = ITEM.matcher(text);
    int from = start;
    int at = number;
    long before = -1;
    while (item.region(at, text.length()).useTransparentBounds(true).lookingAt()) {
      long first = Long.parseLong(item.group(1));
      long last = item.group(2) == null ? first : Long.parseLong(item.group(2));
      if (first <= before || last < first) {
        break;
      }
      add(from, item.end(), first, last);
      before = last;
      var next = several ? separator(item.end()) : Optional.<Integer>empty();
      if (next.isEmpty()) {
        return item.end();
      }
      at = next.get();
      from = at;
    }
    return at;
  }

  private Optional<Integer> separator(int from) {
    for (var pattern : List.of(AND, COMMA)) {
      Matcher matcher = pattern.matcher(text).region(from, text.length());
      if (matcher.useTransparentBounds(true).lookingAt()) {
        return Optional.of(matcher.end());
      }
    }
    return Optional.empty();
  }

  private void add(int start, int end, long first, long last) {
    var span =
        timeline.has(first) && timeline.has(last)
            ? Optional.of(
                new TimeSpan(timeline.secondsOf((int) first), timeline.secondsOf((int) last)))
            : Optional.<TimeSpan>empty();
    mentions.add(new Mention(text.substring(start, end), start, first, last, span));
    out.append(text, copied, end)
        .append(" (")
        .append(span.map(TimeSpan::format).orElse("no such frame"))
        .append(")");
    copied = end;
  }
}
