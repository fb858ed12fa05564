package io.plm4j.nano.chart;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.chance.Level;
import io.plm4j.nano.chance.Lexicon;
import io.plm4j.nano.chance.Lexicon.Case;
import io.plm4j.nano.chance.Lexicon.Theme;
import java.util.List;
import java.util.Optional;

/// The words around a chart.
record Captions(Optional<String> title, Optional<String> across, Optional<String> up) {
  private static final List<String> MEASURES =
      List.of(
          "Sales",
          "Revenue",
          "Profit",
          "Visitors",
          "Score",
          "Points",
          "Votes",
          "Orders",
          "Users",
          "Cost",
          "Price",
          "Rainfall",
          "Temperature",
          "Population",
          "Output",
          "Growth",
          "Demand",
          "Speed",
          "Weight",
          "Height",
          "Distance",
          "Hours",
          "Minutes",
          "Downloads",
          "Members",
          "Students",
          "Tickets",
          "Income",
          "Budget",
          "Errors",
          "Requests",
          "Energy",
          "Steps",
          "Accuracy",
          "Books Sold",
          "Cars Sold",
          "Goals",
          "Wins",
          "Responses",
          "Rating",
          "Traffic");

  private static final List<String> PLAIN_MEASURES =
      List.of(
          "Values",
          "Value",
          "Count",
          "Amount",
          "Number",
          "Frequency",
          "Total",
          "Quantity",
          "Units",
          "Percent",
          "Average",
          "y");

  private static final List<String> PERIODS =
      List.of("2019", "2020", "2021", "2022", "2023", "2024", "2025", "This Year", "Last Week");

  /// @param theme what the categories are, if they belong together
  static Captions of(Dice dice, Lexicon lexicon, Optional<Theme> theme, Level level) {
    var noun = theme.map(Theme::noun);
    var measure = dice.chance(0.7) ? dice.pick(MEASURES) : random(dice, lexicon, 1);
    var title =
        dice.chance(0.8)
            ? Optional.of(title(dice, lexicon, measure, noun, level))
            : Optional.<String>empty();
    // Who reads the first letters does not read turned ones.
    Optional<String> up =
        level != Level.FIRST && dice.chance(0.6)
            ? Optional.of(dice.chance(0.5) ? measure : dice.pick(PLAIN_MEASURES))
            : Optional.empty();
    Optional<String> across =
        dice.chance(level == Level.FIRST ? 0.25 : 0.5)
            ? Optional.of(
                noun.orElseGet(() ->
                    dice.pick(
                        "Category",
                        "Categories",
                        "Item",
                        "Type",
                        "Label",
                        "x",
                        random(dice, lexicon, 1))))
            : Optional.empty();
    return new Captions(title, across, up);
  }

  private static String title(
      Dice dice, Lexicon lexicon, String measure, Optional<String> noun, Level level) {
    int form = level == Level.FIRST ? dice.pick(0, 4) : dice.between(0, 6);
    return switch (form) {
      case 0 -> measure;
      case 1 -> measure + " by " + noun.orElse("Category");
      case 2 -> measure + " per " + noun.orElse("Group");
      case 3 -> measure + " in " + dice.pick(PERIODS);
      case 4 -> random(dice, lexicon, level == Level.FIRST ? 1 : 2);
      case 5 ->
          dice.pick("Monthly ", "Total ", "Average ", "Annual ", "Daily ", "Weekly ") + measure;
      default -> random(dice, lexicon, dice.between(2, 3));
    };
  }

  private static String random(Dice dice, Lexicon lexicon, int words) {
    var style = dice.pick(Case.FIRST_CAPITAL, Case.FIRST_CAPITAL, Case.SMALL, Case.CAPITALS);
    return String.join(" ", style.of(lexicon.different(dice, words, 9)));
  }
}
