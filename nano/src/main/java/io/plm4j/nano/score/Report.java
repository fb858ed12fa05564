package io.plm4j.nano.score;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/// Marks, collected by kind of picture and topic of question.
public final class Report {
  private final Map<String, Map<String, List<Mark>>> byKind = new TreeMap<>();
  private int unanswered;

  /// What many marks come to.
  ///
  /// @param right mean of the points, from 0 to 1
  /// @param whole part of the answers in which everything is right
  /// @param error mean error, where there is one
  public record Line(int questions, double right, double whole, OptionalDouble error) {
    private static Line of(List<Mark> marks) {
      return new Line(
          marks.size(),
          marks.stream().mapToDouble(Mark::points).average().orElse(0),
          (double) marks.stream().filter(mark -> mark.points() == 1).count()
              / Math.max(1, marks.size()),
          marks.stream()
              .filter(mark -> mark.error().isPresent())
              .mapToDouble(mark -> mark.error().getAsDouble())
              .average());
    }
  }

  /// Adds the mark of an answer.
  public void add(String kind, String topic, Mark mark) {
    byKind
        .computeIfAbsent(kind, _ -> new TreeMap<>())
        .computeIfAbsent(topic, _ -> new ArrayList<>())
        .add(mark);
  }

  /// Adds a question that has no answer; it counts as wrong.
  public void addUnanswered(String kind, String topic) {
    unanswered++;
    add(kind, topic, Mark.of(false));
  }

  public int unanswered() {
    return unanswered;
  }

  public Line all() {
    return Line.of(
        byKind.values().stream()
            .flatMap(topics -> topics.values().stream())
            .flatMap(List::stream)
            .toList());
  }

  /// One kind of picture, all topics.
  private Line line(String kind) {
    return Line.of(
        byKind.getOrDefault(kind, Map.of()).values().stream().flatMap(List::stream).toList());
  }

  /// A table for people.
  public String markdown() {
    var table = new StringBuilder();
    table.append("| picture | question | questions | right | wholly right | mean error |\n");
    table.append("|---|---|---:|---:|---:|---:|\n");
    byKind.forEach((kind, topics) -> {
      topics.forEach((topic, marks) -> append(table, kind, topic, Line.of(marks)));
      append(table, "**" + kind + "**", "**all**", line(kind));
    });
    append(table, "**all**", "**all**", all());
    return table.toString();
  }

  private static void append(StringBuilder table, String kind, String topic, Line line) {
    table.append(
        String.format(
            Locale.ROOT,
            "| %s | %s | %,d | %.1f %% | %.1f %% | %s |%n",
            kind,
            topic,
            line.questions(),
            100 * line.right(),
            100 * line.whole(),
            line.error().isPresent()
                ? String.format(Locale.ROOT, "%.3f", line.error().getAsDouble())
                : ""));
  }

  /// The same for programs.
  public Map<String, Object> json() {
    var kinds = new LinkedHashMap<String, Object>();
    byKind.forEach((kind, topics) -> {
      var lines = new LinkedHashMap<String, Object>();
      topics.forEach((topic, marks) -> lines.put(topic, json(Line.of(marks))));
      var object = json(line(kind));
      object.put("topics", lines);
      kinds.put(kind, object);
    });
    var report = json(all());
    report.put("unanswered", unanswered);
    report.put("kinds", kinds);
    return report;
  }

  private static Map<String, Object> json(Line line) {
    var object = new LinkedHashMap<String, Object>();
    object.put("questions", line.questions());
    object.put("right", line.right());
    object.put("wholly_right", line.whole());
    line.error().ifPresent(error -> object.put("mean_error", error));
    return object;
  }
}
