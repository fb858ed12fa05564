package io.plm4j.nano.chart;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chart.ChartWords.Answer;
import io.plm4j.nano.look.Hue;
import io.plm4j.nano.talk.Check;
import io.plm4j.nano.talk.English;
import io.plm4j.nano.talk.Fact;
import io.plm4j.nano.talk.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What a pie chart is asked.
final class PieTalk {
  private final Dice dice;
  private final PieChart chart;
  private final List<Optional<Hue>> hues;

  PieTalk(Dice dice, PieChart chart, List<Optional<Hue>> hues) {
    this.dice = dice;
    this.chart = chart;
    this.hues = hues;
  }

  private String largest() {
    return chart.names().get(chart.largest());
  }

  private String smallest() {
    return chart.names().get(chart.smallest());
  }

  private List<String> except(String name) {
    return chart.names().stream().filter(other -> !other.equals(name)).toList();
  }

  Turn description() {
    var slices = new ArrayList<String>();
    var facts = new ArrayList<Fact>();
    ChartWords.mention(chart.captions().title()).ifPresent(facts::add);
    for (int i = 0; i < chart.names().size(); i++) {
      slices.add("%s (%s)".formatted(chart.names().get(i), chart.said(chart.percents().get(i))));
      facts.add(new Fact.Mention(chart.names().get(i)));
      facts.add(new Fact.Amount(chart.names().get(i), chart.percents().get(i), chart.tolerance()));
    }
    facts.add(new Fact.Pointed(List.of("largest", "biggest"), largest(), except(largest())));
    facts.add(new Fact.Pointed(List.of("smallest"), smallest(), except(smallest())));
    return new Turn(
        dice.pick(
            "Describe the pie chart in the image.",
            "Describe the pie chart in the image.",
            "Describe the image in details.",
            "Describe the image.",
            "Describe this chart.",
            "What does the chart show?",
            "Can you describe the pie chart?",
            "What do you see in the image?"),
        "The pie chart%s shows %s: %s. The largest is %s and the smallest is %s."
            .formatted(
                ChartWords.titled(chart.captions().title()),
                English.counted(chart.names().size(), "slice"),
                English.list(slices),
                largest(),
                smallest()),
        new Check.Facts("describe pie chart", facts));
  }

  List<Turn> questions() {
    var turns = new ArrayList<Turn>();
    turns.add(ChartWords.title(dice, chart.captions().title()));
    turns.add(ChartWords.kind(dice, "pie chart"));
    turns.add(
        ChartWords.count(
            dice,
            "count slices",
            dice.pick("slices", "parts", "categories"),
            chart.names().size()));
    turns.add(extreme("largest", largest(), "biggest"));
    turns.add(extreme("smallest", smallest(), "smallest"));
    turns.add(
        new Turn(
            dice.pick("What are the categories?", "List the slices.", "Name all slices."),
            English.list(chart.names()),
            new Check.Facts(
                "list categories", chart.names().stream().<Fact>map(Fact.Mention::new).toList())));
    turns.add(brief());
    for (int i = 0; i < chart.names().size(); i++) {
      turns.add(share(i));
      turns.addAll(colour(i));
    }
    turns.addAll(half());
    turns.addAll(comparison());
    return turns;
  }

  private Turn brief() {
    var facts = new ArrayList<Fact>();
    ChartWords.mention(chart.captions().title()).ifPresent(facts::add);
    facts.add(new Fact.Mention("pie"));
    return new Turn(
        dice.pick(
            "Describe the image briefly.",
            "Provide a one-sentence caption for the provided image.",
            "Give a short description of the chart."),
        "A pie chart%s with %s."
            .formatted(
                ChartWords.titled(chart.captions().title()),
                English.counted(chart.names().size(), "slice")),
        new Check.Facts("caption chart", facts));
  }

  private Turn extreme(String word, String name, String other) {
    return Turn.exact(
        word + " slice",
        dice.pick(
                "Which slice is the %s?",
                "Which category has the %s share?",
                "What is the %s slice?",
                "Which part is the %s?")
            .formatted(dice.pick(word, other)),
        name);
  }

  private Turn share(int index) {
    double percent = chart.percents().get(index);
    return new Turn(
        dice.pick(
                "What is the share of %s?",
                "What percentage is %s?",
                "How much is %s?",
                "How many percent is %s?",
                "What is the value of %s?")
            .formatted(chart.names().get(index)),
        ChartWords.sentence(chart.said(percent)),
        new Check.Amount(
            chart.isPrinted() ? "share, printed" : "share, not printed",
            percent,
            chart.tolerance()));
  }

  private List<Turn> colour(int index) {
    return hues.get(index)
        .map(hue ->
            List.of(
                Turn.exact(
                    "slice colour",
                    dice.pick(
                            "What color is the slice of %s?",
                            "What color is %s?", "Which color stands for %s?")
                        .formatted(chart.names().get(index)),
                    English.sentence(hue.label()) + "."),
                Turn.exact(
                    "which slice has a colour",
                    dice.pick(
                            "What is the %s slice?",
                            "What does the %s slice stand for?", "Which category is %s?")
                        .formatted(hue.label()),
                    chart.names().get(index))))
        .orElse(List.of());
  }

  private List<Turn> half() {
    double percent = chart.percents().get(chart.largest());
    if (Math.abs(percent - 50) < 4) {
      return List.of();
    }
    return List.of(
        ChartWords.yesNo(
            "more than half",
            dice.pick("Is %s more than half?", "Does %s make up more than half of the pie?")
                .formatted(largest()),
            Answer.of(percent > 50)));
  }

  private List<Turn> comparison() {
    var pair = dice.some(IntStream.range(0, chart.names().size()).boxed().toList(), 2);
    double a = chart.percents().get(pair.get(0));
    double b = chart.percents().get(pair.get(1));
    if (Math.abs(a - b) < (chart.isPrinted() ? 1 : 4)) {
      return List.of();
    }
    return List.of(
        Turn.exact(
            "compare slices",
            dice.pick("Which is larger, %s or %s?", "Which slice is bigger, %s or %s?")
                .formatted(chart.names().get(pair.get(0)), chart.names().get(pair.get(1))),
            chart.names().get(pair.get(a > b ? 0 : 1))));
  }
}
