package io.plm4j.nano.talk;

import io.plm4j.nano.chance.Dice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// Chooses what is asked about one picture.
///
/// A picture is encoded once for all of its questions, so several are asked. Their order is left to
/// chance: what an earlier answer has said, a later one can copy from words instead of reading it
/// from the picture, and no kind of question should always come late.
public final class Conversation {
  private Conversation() {}

  /// At most `most` turns: mostly the description, and different kinds of questions.
  ///
  /// @param description of everything there is to see
  /// @param questions all that could be asked
  public static List<Turn> of(Dice dice, Turn description, List<Turn> questions, int most) {
    var chosen = new ArrayList<Turn>();
    if (dice.chance(most > 1 ? 0.85 : 0.25) || questions.isEmpty()) {
      chosen.add(description);
    }
    var asked = new HashSet<String>();
    int wanted = most > 3 ? dice.between(3, most) : most;
    for (var turn : dice.shuffled(questions)) {
      // Of a kind with many questions at most two, so that rare kinds are heard as often.
      if (chosen.size() < wanted
          && asked.add(turn.question())
          && (asked.add(turn.check().topic()) || asked.add(turn.check().topic() + " again"))) {
        chosen.add(turn);
      }
    }
    return List.copyOf(dice.shuffled(chosen));
  }
}
