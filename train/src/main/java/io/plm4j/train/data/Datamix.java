package io.plm4j.train.data;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// Meta's way to write a mixture down: `name:weight,name:weight`, by convention with the number of
/// examples that are wanted of each source as its weight.
public final class Datamix {
  private Datamix() {}

  /// The sources of a mixture, with their weights, which need not sum up to anything.
  ///
  /// @param known sources by their names
  /// @throws InputException if it is not written so, or names a source twice or one that is unknown
  public static List<Source> choose(String mixture, Map<String, Source> known) {
    var chosen = new ArrayList<Source>();
    var names = new HashSet<String>();
    for (var part : mixture.replaceAll("\\s+", "").split(",", -1)) {
      int colon = part.lastIndexOf(':');
      if (colon < 1) {
        throw wrong(mixture, "%s is no name with a weight".formatted(Excerpt.of(part)));
      }
      var name = part.substring(0, colon);
      var source = known.get(name);
      if (source == null) {
        throw wrong(
            mixture,
            "there is no source %s; there are %s"
                .formatted(
                    Excerpt.of(name), Excerpt.of(known.keySet().stream().sorted().toList())));
      }
      if (!names.add(name)) {
        throw wrong(mixture, "%s is in it twice".formatted(name));
      }
      chosen.add(source.withWeight(weight(mixture, part.substring(colon + 1))));
    }
    return chosen;
  }

  private static double weight(String mixture, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw wrong(mixture, "%s is no weight".formatted(Excerpt.of(text)));
    }
  }

  private static InputException wrong(String mixture, String reason) {
    return new InputException(
        "The mixture \"%s\": %s; wanted is name:weight,name:weight"
            .formatted(Excerpt.of(mixture), reason));
  }
}
