package io.plm4j.nano.chart;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.talk.Check;
import io.plm4j.nano.talk.English;
import io.plm4j.nano.talk.Fact;
import io.plm4j.nano.talk.Turn;
import java.util.List;
import java.util.Optional;

/// What all charts are asked.
final class ChartWords {
  private ChartWords() {}

  /// ` titled "Sales"`, or nothing.
  static String titled(Optional<String> title) {
    return title.map(" titled \"%s\""::formatted).orElse("");
  }

  static Optional<Fact> mention(Optional<String> text) {
    return text.map(Fact.Mention::new);
  }

  static Turn title(Dice dice, Optional<String> title) {
    var question =
        dice.pick(
            "What is the title of the chart?",
            "What is the title?",
            "What is the chart about?",
            "What is the plot's title?",
            "Read the title of this chart.",
            "What does the title say?",
            "What is written at the top?");
    return title
        .map(text -> new Turn(question, text, new Check.Reading("chart title", text)))
        .orElseGet(() ->
            new Turn(
                dice.pick("What is the title of the chart?", "What is the title?"),
                "The chart has no title.",
                new Check.Exact(
                    "chart title", List.of("The chart has no title.", "no title", "none"))));
  }

  static Turn kind(Dice dice, String kind) {
    return Turn.exact(
        "chart type",
        dice.pick(
            "What kind of chart is this?",
            "What type of chart is shown?",
            "What is shown in the image?",
            "What kind of plot is it?",
            "What is this?"),
        "A " + kind + ".");
  }

  static Optional<Turn> axis(Dice dice, Optional<String> name, String axis) {
    return name.map(text ->
        new Turn(
            dice.pick(
                    "What is the label of the %s-axis?",
                    "What does the %s-axis show?",
                    "How is the %s axis labeled?",
                    "What is written on the %s-axis?",
                    "What is the %s-axis label?")
                .formatted(axis),
            text,
            new Check.Reading("axis label", text)));
  }

  static Turn count(Dice dice, String topic, String things, int count) {
    return new Turn(
        dice.pick(
                "How many %s are there?",
                "How many %s are in the chart?",
                "How many %s does the chart have?",
                "Count the %s.",
                "How many %s can you see?",
                "What is the number of %s?")
            .formatted(things),
        Integer.toString(count),
        new Check.Amount(topic, count, 0));
  }

  static Turn yesNo(String topic, String question, Answer answer) {
    var word = answer == Answer.YES ? "Yes" : "No";
    return new Turn(question, word + ".", new Check.Exact(topic, List.of(word)));
  }

  /// The answer to a question for yes or no.
  enum Answer {
    YES,
    NO;

    static Answer of(boolean yes) {
      return yes ? YES : NO;
    }
  }

  /// A whole sentence from `about 12`.
  static String sentence(String said) {
    return English.sentence(said);
  }
}
