package io.plm4j.nano.score;

import io.plm4j.json.JsonObject;
import io.plm4j.nano.talk.Check;
import io.plm4j.nano.talk.Fact;
import io.plm4j.region.Box;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Checks as JSON objects, one after each answer of a row.
public final class CheckJson {
  private static final double FAR = 1e12;
  private static final int MOST_PIXELS = 1 << 20;

  private CheckJson() {}

  public static Map<String, Object> write(Check check) {
    var object = new LinkedHashMap<String, Object>();
    object.put("topic", check.topic());
    switch (check) {
      case Check.Exact exact -> object.put("exact", exact.accepted());
      case Check.Amount amount -> {
        object.put("amount", amount.value());
        object.put("tolerance", amount.tolerance());
      }
      case Check.Reading reading -> object.put("reading", reading.text());
      case Check.Region region -> {
        var box = region.box();
        object.put("region", List.of(box.left(), box.top(), box.right(), box.bottom()));
        object.put("width", region.width());
        object.put("height", region.height());
      }
      case Check.Facts facts ->
          object.put("facts", facts.facts().stream().map(CheckJson::write).toList());
    }
    return object;
  }

  private static Map<String, Object> write(Fact fact) {
    var object = new LinkedHashMap<String, Object>();
    switch (fact) {
      case Fact.Mention mention -> object.put("mention", mention.oneOf());
      case Fact.Amount amount -> {
        object.put("of", amount.name());
        object.put("amount", amount.value());
        object.put("tolerance", amount.tolerance());
      }
      case Fact.Pointed pointed -> {
        object.put("cues", pointed.cues());
        object.put("name", pointed.name());
        object.put("others", pointed.others());
      }
    }
    return object;
  }

  /// @throws io.plm4j.error.InputException if it is no check
  public static Check read(JsonObject object) {
    var topic = object.text("topic");
    if (object.has("exact")) {
      return new Check.Exact(topic, object.texts("exact"));
    }
    if (object.has("amount")) {
      return new Check.Amount(
          topic, object.number("amount", -FAR, FAR), object.number("tolerance", 0, FAR));
    }
    if (object.has("reading")) {
      return new Check.Reading(topic, object.text("reading"));
    }
    if (object.has("region")) {
      return region(topic, object);
    }
    if (object.has("facts")) {
      return new Check.Facts(topic, object.objects("facts").stream().map(CheckJson::fact).toList());
    }
    throw object.inconsistent(
        "one of exact, amount, reading, region and facts must say what is checked");
  }

  private static Check region(String topic, JsonObject object) {
    var corners = object.numbers("region", -FAR, FAR);
    if (corners.size() != 4) {
      throw object.wrong("region", "the four numbers of a box");
    }
    return new Check.Region(
        topic,
        new Box(corners.get(0), corners.get(1), corners.get(2), corners.get(3)),
        object.integer("width", 1, MOST_PIXELS),
        object.integer("height", 1, MOST_PIXELS));
  }

  private static Fact fact(JsonObject object) {
    if (object.has("mention")) {
      return new Fact.Mention(object.texts("mention"));
    }
    if (object.has("cues")) {
      return new Fact.Pointed(object.texts("cues"), object.text("name"), object.texts("others"));
    }
    return new Fact.Amount(
        object.text("of"), object.number("amount", -FAR, FAR), object.number("tolerance", 0, FAR));
  }
}
