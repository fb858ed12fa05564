package io.plm4j.json;

import io.plm4j.error.Excerpt;
import tools.jackson.core.JacksonException;

/// Says where a text stops being JSON.
public final class JsonSyntax {
  private JsonSyntax() {}

  /// `talk.json is not valid JSON at line 3, column 7: ...`, without a full stop.
  ///
  /// @param source how messages call the text
  public static String describe(String source, JacksonException e) {
    var at = e.getLocation();
    return "%s is not valid JSON at line %d, column %d: %s"
        .formatted(
            source,
            at == null ? 1 : at.getLineNr(),
            at == null ? 1 : at.getColumnNr(),
            Excerpt.of(e.getOriginalMessage()));
  }
}
