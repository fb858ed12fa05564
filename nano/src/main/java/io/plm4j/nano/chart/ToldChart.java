package io.plm4j.nano.chart;

import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.look.Media;
import io.plm4j.nano.talk.Exhibit;
import io.plm4j.nano.talk.Turn;
import java.util.ArrayList;
import java.util.List;

/// A chart that is told: what a description says before it compares, in front of the questions.
///
/// A decoder learns by it to compare numbers that it has read, as the end of a description does;
/// and a row costs a small part of one with a picture.
final class ToldChart {
  private static final String COMPARES = ". The ";

  private ToldChart() {}

  static Exhibit of(Dice dice, Turn description, List<Turn> questions, int turns) {
    var all = description.answer();
    var told = all.substring(0, all.indexOf(COMPARES) + 1);
    var asked = new ArrayList<Turn>();
    for (var turn : dice.shuffled(questions)) {
      if (asked.size() < turns && !turn.check().topic().equals("axis label")) {
        var question = asked.isEmpty() ? told + "\n" + turn.question() : turn.question();
        asked.add(new Turn(question, turn.answer(), turn.check()));
      }
    }
    return new Exhibit(new Media.Nothing(), asked);
  }
}
