package io.plm4j.nano.chart;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chart.BarChart.Lie;
import io.plm4j.nano.chart.ChartWords.Answer;
import io.plm4j.nano.talk.Check;
import io.plm4j.nano.talk.Turn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Questions about bars that compare them: by value, or by place.
final class BarComparisons {
  private final Dice dice;
  private final BarChart chart;
  private final List<String> names;
  private final List<Double> values;

  BarComparisons(Dice dice, BarChart chart) {
    this.dice = dice;
    this.chart = chart;
    names = chart.categories();
    values = chart.only().values();
  }

  List<Turn> questions() {
    var turns = new ArrayList<>(comparisons());
    turns.addAll(places());
    turns.addAll(above());
    turns.add(second());
    return turns;
  }

  static Turn extreme(Dice dice, String word, String name, String other, String third) {
    var adjective = dice.pick(word, word, other, third);
    return Turn.exact(
        word,
        dice.pick(
                "Which category is the %s?",
                "Which bar is the %s?",
                "Which category has the %s value?",
                "Which one is the %s?",
                "Which is %s?",
                "What is the %s bar?",
                "Name the category with the %s value.")
            .formatted(adjective),
        name);
  }

  private List<Turn> comparisons() {
    var turns = new ArrayList<Turn>();
    var pair = dice.some(IntStream.range(0, names.size()).boxed().toList(), 2);
    int a = pair.get(0);
    int b = pair.get(1);
    double margin = chart.isPrinted() ? 0 : chart.values().range() * 0.04;
    if (Math.abs(values.get(a) - values.get(b)) <= margin) {
      return turns;
    }
    boolean more = values.get(a) > values.get(b);
    turns.add(
        Turn.exact(
            "compare",
            dice.pick(
                    "Which is higher, %s or %s?",
                    "Which is greater, %s or %s?",
                    "Which one is larger: %s or %s?",
                    "Does %s or %s have the higher value?")
                .formatted(names.get(a), names.get(b)),
            names.get(more ? a : b)));
    turns.add(
        Turn.exact(
            "compare",
            dice.pick("Which is lower, %s or %s?", "Which is smaller, %s or %s?")
                .formatted(names.get(a), names.get(b)),
            names.get(more ? b : a)));
    turns.add(
        ChartWords.yesNo(
            "compare yes or no",
            dice.pick(
                    "Is %s higher than %s?",
                    "Is %s greater than %s?", "Is the value of %s more than that of %s?")
                .formatted(names.get(a), names.get(b)),
            Answer.of(more)));
    return turns;
  }

  private List<Turn> places() {
    boolean flat = chart.lie() == Lie.FLAT;
    return List.of(
        Turn.exact(
            "place of a bar",
            flat
                ? dice.pick(
                    "Which category is at the top?", "What is the first category from the top?")
                : dice.pick(
                    "What is the first category?",
                    "Which category is on the left?",
                    "What is the leftmost bar?"),
            names.getFirst()),
        Turn.exact(
            "place of a bar",
            flat
                ? dice.pick(
                    "Which category is at the bottom?", "What is the last category from the top?")
                : dice.pick(
                    "What is the last category?",
                    "Which category is on the right?",
                    "What is the rightmost bar?"),
            names.getLast()));
  }

  private List<Turn> above() {
    var marks = chart.values().marks();
    if (marks.size() < 4) {
      return List.of();
    }
    var mark = marks.get(dice.between(1, marks.size() - 2));
    double margin = chart.isPrinted() ? 0 : chart.values().range() * 0.03;
    if (values.stream().anyMatch(value -> Math.abs(value - mark.at()) <= margin)) {
      return List.of();
    }
    long count = values.stream().filter(value -> value > mark.at()).count();
    return List.of(
        new Turn(
            dice.pick(
                    "How many bars are above %s?",
                    "How many bars are higher than %s?", "How many categories have more than %s?")
                .formatted(mark.label()),
            Long.toString(count),
            new Check.Amount("count above", count, 0)));
  }

  /// The second highest, where that is clear, else the highest.
  private Turn second() {
    var order =
        IntStream.range(0, names.size())
            .boxed()
            .sorted(Comparator.comparing(values::get).reversed())
            .toList();
    double margin = chart.values().range() * 0.04;
    if (order.size() < 3 || values.get(order.get(1)) - values.get(order.get(2)) < margin) {
      return extreme(dice, "highest", names.get(chart.only().highest()), "biggest", "greatest");
    }
    return Turn.exact(
        "second highest",
        dice.pick(
            "Which category is the second highest?",
            "Which bar is the second tallest?",
            "What comes second?"),
        names.get(order.get(1)));
  }
}
