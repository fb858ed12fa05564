package io.plm4j.nano.chart;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.look.Hue;
import io.plm4j.nano.talk.Check;
import io.plm4j.nano.talk.English;
import io.plm4j.nano.talk.Fact;
import io.plm4j.nano.talk.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a bar chart with several series is asked.
final class GroupTalk {
  private final Dice dice;
  private final BarChart chart;
  private final List<Optional<Hue>> hues;

  /// @param hues the series' colours, where they have a name
  GroupTalk(Dice dice, BarChart chart, List<Optional<Hue>> hues) {
    this.dice = dice;
    this.chart = chart;
    this.hues = hues;
  }

  private List<String> seriesNames() {
    return chart.series().stream().map(Series::name).toList();
  }

  Turn description() {
    var facts = new ArrayList<Fact>();
    ChartWords.mention(chart.title()).ifPresent(facts::add);
    var groups = new ArrayList<String>();
    chart.categories().forEach(name -> facts.add(new Fact.Mention(name)));
    for (var series : chart.series()) {
      var bars = new ArrayList<String>();
      for (int i = 0; i < chart.categories().size(); i++) {
        bars.add(
            "%s (%s)".formatted(chart.categories().get(i), chart.said(series.values().get(i))));
      }
      groups.add("%s: %s".formatted(series.name(), English.list(bars)));
      facts.add(new Fact.Mention(series.name()));
    }
    return new Turn(
        dice.pick(
            "Describe the bar plot in the image.",
            "Describe the bar chart in the image.",
            "Describe the image in details.",
            "Describe the image.",
            "Describe this chart.",
            "What does the chart show?"),
        "The grouped bar plot%s shows %s for %s. %s."
            .formatted(
                ChartWords.titled(chart.title()),
                English.list(seriesNames()),
                English.counted(chart.categories().size(), "category"),
                String.join(". ", groups)),
        new Check.Facts("describe grouped bars", facts));
  }

  List<Turn> questions() {
    var turns = new ArrayList<Turn>();
    turns.add(ChartWords.title(dice, chart.title()));
    turns.add(ChartWords.kind(dice, "grouped bar chart"));
    turns.add(ChartWords.count(dice, "count categories", "categories", chart.categories().size()));
    turns.add(
        ChartWords.count(
            dice,
            "count series",
            dice.pick("series", "groups in the legend"),
            chart.series().size()));
    turns.add(
        new Turn(
            dice.pick(
                "What does the legend say?",
                "What are the series called?",
                "List the entries of the legend."),
            English.list(seriesNames()),
            new Check.Facts(
                "legend", seriesNames().stream().<Fact>map(Fact.Mention::new).toList())));
    for (int s = 0; s < chart.series().size(); s++) {
      var series = chart.series().get(s);
      for (int c = 0; c < chart.categories().size(); c++) {
        double value = series.values().get(c);
        turns.add(
            new Turn(
                dice.pick(
                        "What is the value of %s for %s?",
                        "How much is %s for %s?", "What is %s at %s?")
                    .formatted(series.name(), chart.categories().get(c)),
                ChartWords.sentence(chart.said(value)),
                new Check.Amount(
                    chart.isPrinted() ? "printed value" : "value off the axis",
                    value,
                    chart.tolerance())));
      }
      var hue = hues.get(s);
      if (hue.isPresent()) {
        turns.add(
            Turn.exact(
                "legend colour",
                dice.pick("What color is %s?", "Which color stands for %s?")
                    .formatted(series.name()),
                English.sentence(hue.get().label()) + "."));
        turns.add(
            Turn.exact(
                "legend by colour",
                dice.pick("What do the %s bars show?", "Which series is %s?")
                    .formatted(hue.get().label()),
                series.name()));
      }
      turns.add(
          Turn.exact(
              "highest in series",
              "In which category is %s the highest?".formatted(series.name()),
              chart.categories().get(series.highest())));
    }
    return turns;
  }
}
