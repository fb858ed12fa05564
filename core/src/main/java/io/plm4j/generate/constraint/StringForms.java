package io.plm4j.generate.constraint;

import io.plm4j.error.InputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.util.automaton.Automaton;

/// The languages of `pattern` and `format`, worked out once each.
final class StringForms {
  private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?";
  private static final String HOST = LABEL + "(?:\\." + LABEL + "){0,4}";
  private static final String DATE =
      "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
          + "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
          + "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
          + "|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)";
  private static final String TIME =
      "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?"
          + "(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])";
  private static final String BYTE = "(?:[0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])";

  /// Each describes only texts of its format, not always all of them: no leap seconds, addresses
  /// without quotes, only web addresses as `uri`.
  private static final Map<String, String> FORMATS =
      Map.of(
          "date",
          DATE,
          "time",
          TIME,
          "date-time",
          DATE + "T" + TIME,
          "uuid",
          "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
          "email",
          "[A-Za-z0-9_+-]{1,30}(?:\\.[A-Za-z0-9_+-]{1,30}){0,1}@(?:"
              + LABEL
              + "\\.){1,3}[A-Za-z]{2,20}",
          "hostname",
          HOST,
          "ipv4",
          BYTE + "(?:\\." + BYTE + "){3}",
          "uri",
          "https?://" + HOST + "(?::[1-9][0-9]{0,3})?(?:/[A-Za-z0-9._~-]{1,60}){0,9}/?");

  private final Map<String, Automaton> known = new HashMap<>();

  /// The languages that a schema's strings must be in.
  List<Automaton> of(Place schema) {
    var forms = new ArrayList<Automaton>();
    schema
        .text("pattern")
        .ifPresent(pattern -> forms.add(form(schema.at("pattern"), "p" + pattern, pattern)));
    schema
        .text("format")
        .ifPresent(format -> {
          var expression = FORMATS.get(format);
          if (expression == null) {
            throw schema
                .at("format")
                .error(
                    "must be one of %s; say others with pattern"
                        .formatted(FORMATS.keySet().stream().sorted().toList()));
          }
          forms.add(form(schema.at("format"), "f" + format, "^(?:" + expression + ")$"));
        });
    return forms;
  }

  private Automaton form(Place place, String key, String expression) {
    var form = known.get(key);
    if (form == null) {
      try {
        form = Expression.foundIn(expression);
      } catch (InputException e) {
        throw place.error("cannot be used: " + e.getMessage(), e);
      }
      known.put(key, form);
    }
    return form;
  }
}
