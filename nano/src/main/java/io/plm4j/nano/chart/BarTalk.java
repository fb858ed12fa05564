package io.plm4j.nano.chart;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chart.BarChart.Lie;
import io.plm4j.nano.look.Hue;
import io.plm4j.nano.talk.Check;
import io.plm4j.nano.talk.English;
import io.plm4j.nano.talk.Fact;
import io.plm4j.nano.talk.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a bar chart with one series is asked.
final class BarTalk {
  private final Dice dice;
  private final BarChart chart;
  private final List<Optional<Hue>> hues;
  private final List<String> names;
  private final List<Double> values;

  /// @param hues the bars' colours, where they have a name
  BarTalk(Dice dice, BarChart chart, List<Optional<Hue>> hues) {
    this.dice = dice;
    this.chart = chart;
    this.hues = hues;
    names = chart.categories();
    values = chart.only().values();
  }

  private String highest() {
    return names.get(chart.only().highest());
  }

  private String lowest() {
    return names.get(chart.only().lowest());
  }

  private List<String> except(String name) {
    return names.stream().filter(other -> !other.equals(name)).toList();
  }

  private String noun() {
    return chart.lie() == Lie.FLAT ? "horizontal bar plot" : "bar plot";
  }

  Turn description() {
    var bars = new ArrayList<String>();
    var facts = new ArrayList<Fact>();
    ChartWords.mention(chart.title()).ifPresent(facts::add);
    for (int i = 0; i < names.size(); i++) {
      bars.add("%s (%s)".formatted(names.get(i), chart.said(values.get(i))));
      facts.add(new Fact.Mention(names.get(i)));
      facts.add(new Fact.Amount(names.get(i), values.get(i), chart.tolerance()));
    }
    facts.add(pointed(List.of("highest", "largest", "most", "tallest"), highest()));
    facts.add(pointed(List.of("lowest", "smallest", "least", "shortest"), lowest()));
    var answer =
        "The %s%s shows %s: %s. The highest is %s and the lowest is %s."
            .formatted(
                noun(),
                ChartWords.titled(chart.title()),
                English.counted(names.size(), "category"),
                English.list(bars),
                highest(),
                lowest());
    return new Turn(
        dice.pick(
            "Describe the bar plot in the image.",
            "Describe the bar plot in the image.",
            "Describe the bar plot in the image.",
            "Describe the bar chart in the image.",
            "Describe the image in details.",
            "Describe the image.",
            "Describe this chart.",
            "What does the chart show?",
            "Can you describe the bar chart?",
            "What do you see in the image?",
            "Describe the plot in detail.",
            "What is in this picture?",
            "Please describe this bar graph."),
        answer,
        new Check.Facts("describe bar chart", facts));
  }

  private Fact pointed(List<String> cues, String name) {
    return new Fact.Pointed(cues, name, except(name));
  }

  List<Turn> questions() {
    var turns = new ArrayList<Turn>();
    turns.add(ChartWords.title(dice, chart.title()));
    turns.add(
        ChartWords.kind(dice, chart.lie() == Lie.FLAT ? "horizontal bar chart" : "bar chart"));
    turns.add(
        ChartWords.count(
            dice, "count bars", dice.pick("bars", "bars", "categories"), names.size()));
    boolean flat = chart.lie() == Lie.FLAT;
    ChartWords.axis(dice, chart.captions().up(), flat ? "x" : "y").ifPresent(turns::add);
    ChartWords.axis(dice, chart.captions().across(), flat ? "y" : "x").ifPresent(turns::add);
    turns.add(brief());
    turns.add(BarComparisons.extreme(dice, "highest", highest(), "tallest", "largest"));
    turns.add(BarComparisons.extreme(dice, "lowest", lowest(), "shortest", "smallest"));
    turns.add(
        amount(
            "highest value",
            dice.pick(
                "What is the highest value?",
                "What is the maximum value?",
                "How high is the highest bar?"),
            chart.only().highest()));
    turns.add(
        amount(
            "lowest value",
            dice.pick(
                "What is the lowest value?",
                "What is the minimum value?",
                "How high is the lowest bar?"),
            chart.only().lowest()));
    for (int i = 0; i < names.size(); i++) {
      turns.add(value(i));
      turns.addAll(colour(i));
    }
    turns.add(list());
    turns.addAll(new BarComparisons(dice, chart).questions());
    return turns;
  }

  private Turn brief() {
    var facts = new ArrayList<Fact>();
    ChartWords.mention(chart.title()).ifPresent(facts::add);
    facts.add(new Fact.Mention(List.of(English.number(names.size()), "" + names.size())));
    return new Turn(
        dice.pick(
            "Describe the image briefly.",
            "Provide a one-sentence caption for the provided image.",
            "Give a short description of the chart.",
            "What is this chart about, in one sentence?"),
        "A %s%s with %s."
            .formatted(
                noun(),
                ChartWords.titled(chart.title()),
                English.counted(names.size(), "category")),
        new Check.Facts("caption chart", facts));
  }

  private String topic() {
    return chart.isPrinted() ? "printed value" : "value off the axis";
  }

  private Turn amount(String topic, String question, int index) {
    double value = values.get(index);
    return new Turn(
        question,
        ChartWords.sentence(chart.said(value)),
        new Check.Amount(
            topic + (chart.isPrinted() ? ", printed" : ", off the axis"),
            value,
            chart.tolerance()));
  }

  private Turn value(int index) {
    var question =
        dice.pick(
                "What is the value of %s?",
                "How much is %s?",
                "What value does %s have?",
                "How high is the bar for %s?",
                "What is the value for %s?",
                "Read the value of %s.",
                "%s?")
            .formatted(names.get(index));
    double value = values.get(index);
    return new Turn(
        question,
        ChartWords.sentence(chart.said(value)),
        new Check.Amount(topic(), value, chart.tolerance()));
  }

  private List<Turn> colour(int index) {
    var hue = hues.get(index % hues.size());
    if (hue.isEmpty()) {
      return List.of();
    }
    var label = hue.get().label();
    var turns = new ArrayList<Turn>();
    turns.add(
        Turn.exact(
            "bar colour",
            dice.pick(
                    "What color is the bar for %s?",
                    "What is the color of the %s bar?",
                    "Which color does %s have?",
                    "What colour is the bar of %s?")
                .formatted(names.get(index)),
            English.sentence(label) + "."));
    boolean alone = hues.stream().filter(hue::equals).count() == 1 && hues.size() >= names.size();
    if (alone) {
      turns.add(
          Turn.exact(
              "which bar has a colour",
              dice.pick(
                      "Which category is %s?",
                      "Which bar is %s?", "What does the %s bar stand for?")
                  .formatted(label),
              names.get(index)));
    } else if (hues.size() == 1) {
      turns.add(
          Turn.exact(
              "bar colour",
              dice.pick(
                  "What color are the bars?",
                  "What is the color of the bars?",
                  "What colour do the bars have?"),
              English.sentence(label) + "."));
    }
    return turns;
  }

  private Turn list() {
    return new Turn(
        dice.pick(
            "What are the categories?",
            "List the categories.",
            "Name all categories.",
            "Which categories are shown?",
            "What are the names of the bars?"),
        English.sentence(English.list(names)).equals(English.list(names))
            ? English.list(names) + "."
            : English.list(names),
        new Check.Facts("list categories", names.stream().<Fact>map(Fact.Mention::new).toList()));
  }
}
