package io.plm4j.task;

import io.plm4j.generate.constraint.Constraint;
import io.plm4j.region.BoxText;
import io.plm4j.task.Finding.Moment;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The form in which a task is answered.
public enum Reply {
  /// Words.
  WORDS,
  /// A box such as `[040,482,112,576]`, in thousandths of the picture's size.
  BOX,
  /// A stretch of frames such as `[3, 12]`.
  MOMENT,
  /// Lines such as `[3, 12]: The dog jumps.`
  MOMENTS;

  private static final Pattern STRETCH =
      Pattern.compile("\\[([0-9]+(?:\\.[0-9]+)?),\\s*([0-9]+(?:\\.[0-9]+)?)\\]");
  private static final Pattern SEGMENT = Pattern.compile("\\[(\\d+),\\s*(\\d+)\\]([^\\[]*)");

  /// With more frames, that a stretch ends after it begins is not part of its form.
  private static final int MOST_ORDERED = 128;

  /// Whether it is more than words.
  public boolean hasForm() {
    return this != WORDS;
  }

  /// Reads an answer.
  Finding read(String answer, Scene scene) {
    return switch (this) {
      case WORDS -> new Finding.Words(answer);
      case BOX ->
          new Finding.Boxes(
              switch (scene) {
                case Scene.Picture(int width, int height) ->
                    new BoxText(width, height).find(answer);
                case Scene.Film _ -> List.of();
              });
      case MOMENT ->
          new Finding.Moments(
              STRETCH.matcher(answer).results().limit(1).map(m -> moment(m, "")).toList());
      case MOMENTS ->
          new Finding.Moments(
              SEGMENT.matcher(answer).results().map(m -> moment(m, caption(m.group(3)))).toList());
    };
  }

  private static Moment moment(MatchResult found, String caption) {
    return new Moment(
        Double.parseDouble(found.group(1)), Double.parseDouble(found.group(2)), caption);
  }

  /// What Meta's benchmark makes of the text behind the brackets.
  private static String caption(String text) {
    var words = text.replace(":", " ").replace("\nFrame ", "").strip();
    var whole = words.endsWith(",") ? words.substring(0, words.length() - 1) : words;
    return whole.replace("\n", " ");
  }

  /// The form to which an answer can be held; empty for words.
  Optional<Constraint> form(Scene scene) {
    return switch (this) {
      case WORDS -> Optional.empty();
      case BOX -> Optional.of(Constraint.regex("\\[\\d{3}(?:,\\d{3}){3}\\]"));
      case MOMENT -> Optional.of(Constraint.regex(stretch(scene)));
      case MOMENTS -> {
        var line = stretch(scene) + ": [^\\[\\n]+";
        yield Optional.of(Constraint.regex(line + "(?:\\n" + line + ")*"));
      }
    };
  }

  private static String stretch(Scene scene) {
    int frames =
        switch (scene) {
          case Scene.Picture _ -> 1;
          case Scene.Film film -> film.frames();
        };
    Supplier<String> ordered =
        () ->
            IntStream.range(0, frames)
                .mapToObj(first -> "%d, %s".formatted(first, anyOf(first, frames)))
                .collect(Collectors.joining("|", "(?:", ")"));
    var numbers =
        frames <= MOST_ORDERED ? ordered.get() : anyOf(0, frames) + ", " + anyOf(0, frames);
    return "\\[" + numbers + "\\]";
  }

  private static String anyOf(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining("|", "(?:", ")"));
  }
}
