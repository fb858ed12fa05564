package io.plm4j.nano.chart;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.look.Media;
import io.plm4j.nano.talk.Exhibit;
import io.plm4j.nano.talk.Turn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// A chart that is told: what a description says before it compares, in front of the questions.
///
/// A decoder learns by it to compare numbers that it has read, as the end of a description does;
/// and a row costs a small part of one with a picture. So it is asked about numbers only.
final class ToldChart {
  private static final String COMPARES = ". The ";

  /// Questions that are drawn several times, each time about others.
  private static final int DRAWS = 3;

  private static final Set<String> NOT_ABOUT_NUMBERS =
      Set.of(
          "axis label",
          "caption chart",
          "chart title",
          "chart type",
          "count bars",
          "count slices",
          "list categories",
          "place of a bar");

  private ToldChart() {}

  /// At most `turns` questions, now and then one to say all again and then compare.
  static Exhibit of(Dice dice, Turn description, Supplier<List<Turn>> questions, int turns) {
    var all = description.answer();
    var told = all.substring(0, all.indexOf(COMPARES) + 1);
    var possible = new ArrayList<Turn>();
    possible.add(description);
    for (int i = 0; i < DRAWS; i++) {
      possible.addAll(questions.get());
    }
    var asked = new ArrayList<Turn>();
    var heard = new HashSet<String>();
    for (var turn : dice.shuffled(possible)) {
      if (asked.size() < turns
          && !NOT_ABOUT_NUMBERS.contains(turn.check().topic())
          && heard.add(turn.question())) {
        var question = asked.isEmpty() ? told + "\n" + turn.question() : turn.question();
        asked.add(new Turn(question, turn.answer(), turn.check()));
      }
    }
    return new Exhibit(new Media.Nothing(), asked);
  }
}
