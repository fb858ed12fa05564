package io.plm4j.text;

import java.util.Locale;

/// Who speaks in a conversation.
public enum Role {
  SYSTEM,
  USER,
  ASSISTANT;

  /// The name that chat templates know.
  String templateName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
