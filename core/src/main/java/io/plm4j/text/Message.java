package io.plm4j.text;

import io.plm4j.error.InputException;
import java.util.List;

/// What one side says in a conversation.
public record Message(Role role, List<Content> content) {
  /// @throws InputException if a system message shows media: a template gets it as plain text
  public Message {
    content = List.copyOf(content);
    if (role == Role.SYSTEM && !content.stream().allMatch(Content.Text.class::isInstance)) {
      throw new InputException(
          "A system message can hold text only. Put pictures and videos into a user's message.");
    }
  }

  public static Message system(String text) {
    return new Message(Role.SYSTEM, List.of(Content.text(text)));
  }

  public static Message user(String text) {
    return new Message(Role.USER, List.of(Content.text(text)));
  }

  public static Message user(Content... content) {
    return new Message(Role.USER, List.of(content));
  }

  public static Message assistant(String text) {
    return new Message(Role.ASSISTANT, List.of(Content.text(text)));
  }
}
