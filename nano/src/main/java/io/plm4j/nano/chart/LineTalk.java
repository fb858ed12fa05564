package io.plm4j.nano.chart;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chart.ChartWords.Answer;
import io.plm4j.nano.chart.LineChart.Trend;
import io.plm4j.nano.look.Hue;
import io.plm4j.nano.talk.Check;
import io.plm4j.nano.talk.English;
import io.plm4j.nano.talk.Fact;
import io.plm4j.nano.talk.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a line chart is asked.
final class LineTalk {
  private static final List<String> DESCRIBE =
      List.of(
          "Describe the line plot in the image.",
          "Describe the line plot in the image.",
          "Describe the line chart in the image.",
          "Describe the image in details.",
          "Describe the image.",
          "Describe this chart.",
          "What does the chart show?",
          "Can you describe the line chart?",
          "Describe the plot in detail.",
          "What do you see in the image?",
          "Please describe this line graph.");

  private final Dice dice;
  private final LineChart chart;
  private final List<Optional<Hue>> hues;

  LineTalk(Dice dice, LineChart chart, List<Optional<Hue>> hues) {
    this.dice = dice;
    this.chart = chart;
    this.hues = hues;
  }

  private boolean isSingle() {
    return chart.series().size() == 1;
  }

  Turn description() {
    return isSingle() ? single() : several();
  }

  private Turn single() {
    var line = chart.only();
    var facts = new ArrayList<Fact>();
    ChartWords.mention(chart.captions().title()).ifPresent(facts::add);
    var from = chart.places().getFirst();
    var to = chart.places().getLast();
    double first = line.values().getFirst();
    double last = line.values().getLast();
    double high = line.values().get(line.highest());
    double low = line.values().get(line.lowest());
    var highPlace = chart.places().get(line.highest());
    var lowPlace = chart.places().get(line.lowest());
    facts.add(new Fact.Mention(List.of(chart.trend(line).verb())));
    facts.add(new Fact.Amount("from", first, chart.tolerance()));
    facts.add(new Fact.Amount("to", last, chart.tolerance()));
    facts.add(new Fact.Amount("highest value is", high, chart.tolerance()));
    facts.add(new Fact.Amount("lowest is", low, chart.tolerance()));
    facts.add(new Fact.Mention(highPlace));
    facts.add(new Fact.Mention(lowPlace));
    return new Turn(
        dice.pick(DESCRIBE),
        "The line plot%s %s from %s at %s to %s at %s. The highest value is %s at %s and the lowest is %s at %s."
            .formatted(
                ChartWords.titled(chart.captions().title()),
                chart.trend(line).verb(),
                chart.said(first),
                from,
                chart.said(last),
                to,
                chart.said(high),
                highPlace,
                chart.said(low),
                lowPlace),
        new Check.Facts("describe line chart", facts));
  }

  private Turn several() {
    var facts = new ArrayList<Fact>();
    ChartWords.mention(chart.captions().title()).ifPresent(facts::add);
    var lines = new ArrayList<String>();
    for (int i = 0; i < chart.series().size(); i++) {
      var line = chart.series().get(i);
      double first = line.values().getFirst();
      double last = line.values().getLast();
      var color = hues.get(i).map(hue -> " in " + hue.label()).orElse("");
      lines.add(
          "%s%s %s from %s to %s"
              .formatted(
                  line.name(),
                  color,
                  chart.trend(line).verb(),
                  chart.said(first),
                  chart.said(last)));
      facts.add(new Fact.Mention(line.name()));
      facts.add(new Fact.Mention(chart.trend(line).verb()));
    }
    return new Turn(
        dice.pick(DESCRIBE),
        "The line plot%s shows %s from %s to %s: %s."
            .formatted(
                ChartWords.titled(chart.captions().title()),
                English.counted(chart.series().size(), "line"),
                chart.places().getFirst(),
                chart.places().getLast(),
                String.join(", ", lines)),
        new Check.Facts("describe line chart", facts));
  }

  List<Turn> questions() {
    var turns = new ArrayList<Turn>();
    turns.add(ChartWords.title(dice, chart.captions().title()));
    turns.add(ChartWords.kind(dice, "line chart"));
    turns.add(ChartWords.count(dice, "count lines", "lines", chart.series().size()));
    ChartWords.axis(dice, chart.up().name(), "y").ifPresent(turns::add);
    ChartWords.axis(dice, chart.across().name(), "x").ifPresent(turns::add);
    turns.add(brief());
    if (isSingle()) {
      turns.addAll(singleQuestions());
    } else {
      turns.addAll(severalQuestions());
    }
    return turns;
  }

  private Turn brief() {
    var facts = new ArrayList<Fact>();
    ChartWords.mention(chart.captions().title()).ifPresent(facts::add);
    facts.add(new Fact.Mention("line"));
    return new Turn(
        dice.pick(
            "Describe the image briefly.",
            "Provide a one-sentence caption for the provided image.",
            "Give a short description of the chart."),
        "A line plot%s with %s."
            .formatted(
                ChartWords.titled(chart.captions().title()),
                English.counted(chart.series().size(), "line")),
        new Check.Facts("caption chart", facts));
  }

  private List<Turn> singleQuestions() {
    var line = chart.only();
    var turns = new ArrayList<Turn>();
    turns.addAll(trend(line, "the line"));
    hues.getFirst()
        .ifPresent(hue ->
            turns.add(
                Turn.exact(
                    "line colour",
                    dice.pick("What color is the line?", "Which color does the line have?"),
                    English.sentence(hue.label()) + ".")));
    turns.add(
        amount(
            "highest value",
            dice.pick("What is the highest value?", "What is the maximum?"),
            line.values().get(line.highest())));
    turns.add(
        amount(
            "lowest value",
            dice.pick("What is the lowest value?", "What is the minimum?"),
            line.values().get(line.lowest())));
    turns.add(
        Turn.exact(
            "where highest",
            dice.pick(
                "Where is the highest value?",
                "When is the value highest?",
                "At which point does the line peak?",
                "Where does the line reach its maximum?"),
            chart.places().get(line.highest())));
    turns.add(
        Turn.exact(
            "where lowest",
            dice.pick(
                "Where is the lowest value?",
                "When is the value lowest?",
                "Where does the line reach its minimum?"),
            chart.places().get(line.lowest())));
    turns.add(
        amount(
            "first value",
            dice.pick("What is the first value?", "Where does the line start?"),
            line.values().getFirst()));
    turns.add(
        amount(
            "last value",
            dice.pick("What is the last value?", "Where does the line end?"),
            line.values().getLast()));
    for (int i = 0; i < chart.places().size(); i++) {
      turns.add(
          amount(
              "value",
              dice.pick(
                      "What is the value at %s?",
                      "What is the value for %s?",
                      "How high is the line at %s?",
                      "Read the value at %s.")
                  .formatted(chart.places().get(i)),
              line.values().get(i)));
    }
    return turns;
  }

  private Turn amount(String topic, String question, double value) {
    return new Turn(
        question,
        ChartWords.sentence(chart.said(value)),
        new Check.Amount(
            topic + (chart.isPrinted() ? ", printed" : ", off the axis"),
            value,
            chart.tolerance()));
  }

  private List<Turn> trend(Series line, String name) {
    var trend = chart.trend(line);
    if (trend == Trend.NEITHER) {
      return List.of();
    }
    return List.of(
        new Turn(
            dice.pick(
                    "How does %s go?",
                    "What is the trend of %s?", "Does %s go up or down?", "How does %s change?")
                .formatted(name),
            "It %s.".formatted(trend.verb()),
            new Check.Exact("trend", List.of("It %s.".formatted(trend.verb()), trend.verb()))));
  }

  private List<Turn> severalQuestions() {
    var turns = new ArrayList<Turn>();
    var names = chart.series().stream().map(Series::name).toList();
    turns.add(
        new Turn(
            dice.pick(
                "What does the legend say?",
                "What are the lines called?",
                "Which lines are shown?"),
            English.list(names),
            new Check.Facts("legend", names.stream().<Fact>map(Fact.Mention::new).toList())));
    for (int i = 0; i < chart.series().size(); i++) {
      var line = chart.series().get(i);
      turns.addAll(trend(line, line.name()));
      hues.get(i)
          .ifPresent(hue -> {
            turns.add(
                Turn.exact(
                    "legend colour",
                    dice.pick(
                            "What color is %s?",
                            "Which color stands for %s?", "What color is the line of %s?")
                        .formatted(line.name()),
                    English.sentence(hue.label()) + "."));
            turns.add(
                Turn.exact(
                    "legend by colour",
                    dice.pick("What does the %s line show?", "Which line is %s?")
                        .formatted(hue.label()),
                    line.name()));
          });
    }
    turns.addAll(ends(names));
    return turns;
  }

  private List<Turn> ends(List<String> names) {
    double a = chart.series().get(0).values().getLast();
    double b = chart.series().get(1).values().getLast();
    if (Math.abs(a - b) < chart.up().range() * 0.06) {
      return List.of();
    }
    return List.of(
        Turn.exact(
            "compare lines",
            dice.pick("Which is higher at the end, %s or %s?", "Which line ends higher, %s or %s?")
                .formatted(names.get(0), names.get(1)),
            names.get(a > b ? 0 : 1)),
        ChartWords.yesNo(
            "compare yes or no",
            "Does %s end higher than %s?".formatted(names.get(0), names.get(1)),
            Answer.of(a > b)));
  }
}
