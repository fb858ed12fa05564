package io.plm4j.train.data;

import io.plm4j.error.InputException;
import io.plm4j.text.Message;
import io.plm4j.text.Role;
import java.util.ArrayList;
import java.util.List;

/// Brings messages into the order in which they can be learnt: perhaps the system's, then questions
/// and answers in turn.
///
/// Answers before the first question and a question at the end without an answer are left out, as
/// in Meta's code. Of two questions in a row that takes the second; here they are an error.
final class Turns {
  private Turns() {}

  static List<Message> of(List<Message> messages) {
    var turns = new ArrayList<Message>();
    var due = Role.USER;
    for (var message : messages) {
      boolean opens = turns.stream().noneMatch(m -> m.role() == Role.USER);
      if (message.role() == Role.SYSTEM && turns.isEmpty()) {
        turns.add(message);
      } else if (message.role() == due) {
        turns.add(message);
        due = due == Role.USER ? Role.ASSISTANT : Role.USER;
      } else if (message.role() != Role.ASSISTANT || !opens) {
        throw new InputException(
            "message %d is the %s's, but it is the %s's turn"
                .formatted(messages.indexOf(message) + 1, name(message.role()), name(due)));
      }
    }
    if (due == Role.ASSISTANT) {
      turns.removeLast();
    }
    if (turns.isEmpty() || turns.getLast().role() != Role.ASSISTANT) {
      throw new InputException("no question in it is answered, so that there is nothing to learn");
    }
    return turns;
  }

  private static String name(Role role) {
    return switch (role) {
      case SYSTEM -> "system";
      case USER -> "user";
      case ASSISTANT -> "assistant";
    };
  }
}
