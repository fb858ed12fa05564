package io.plm4j.generate.constraint;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import io.plm4j.json.JsonSyntax;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A JSON schema as it was written, and how its references are followed.
final class SchemaFile {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(64)
                          .maxTokenCount(200_000)
                          .maxNumberLength(400)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private static final int MAX_SCALE = 400;

  private final String name;
  private final JsonNode root;

  private SchemaFile(String name, JsonNode root) {
    this.name = name;
    this.root = root;
  }

  /// @param name how messages call it
  static SchemaFile parse(String name, String json) {
    try {
      var root = MAPPER.readTree(json);
      requireModest(new Place(name, "#", root));
      return new SchemaFile(name, root);
    } catch (JacksonException e) {
      throw new InputException(JsonSyntax.describe(name, e) + ".", e);
    }
  }

  /// A number of ten characters can have a billion digits, a text half of a character.
  private static void requireModest(Place place) {
    var node = place.node();
    if (node.isNumber() && Math.abs((long) node.decimalValue().scale()) > MAX_SCALE) {
      throw place.error("must have an exponent from %d to %d".formatted(-MAX_SCALE, MAX_SCALE));
    }
    try {
      JsonText.wellFormed(node.isString() ? node.stringValue() : "");
      node.propertyNames().forEach(JsonText::wellFormed);
    } catch (InputException e) {
      throw place.error("cannot be written as UTF-8: " + e.getMessage(), e);
    }
    for (var child : node.isObject() ? node.propertyNames() : List.<String>of()) {
      requireModest(place.at(child));
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      requireModest(new Place(place.file(), place.path() + "/" + i, node.get(i)));
    }
  }

  Place root() {
    var place = new Place(name, "#", root);
    if (!root.isObject() && !root.isBoolean()) {
      throw place.error("must be a schema: an object, true or false");
    }
    return place;
  }

  /// The schema that a `$ref` means.
  Place follow(Place from) {
    var ref = from.text("$ref").orElseThrow();
    var id = root().text("$id").orElse("");
    var local = !id.isEmpty() && ref.startsWith(id) ? ref.substring(id.length()) : ref;
    if (local.isEmpty() || local.equals("#")) {
      return root();
    }
    if (!local.startsWith("#")) {
      throw from.at("$ref")
          .error("leads to another file; copy what it means into $defs and write #/$defs/NAME");
    }
    var fragment = decode(from, local.substring(1));
    return fragment.startsWith("/") ? pointer(from, fragment) : anchor(from, fragment);
  }

  private static String decode(Place from, String fragment) {
    try {
      return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw from.at("$ref").error("is no valid reference", e);
    }
  }

  private Place pointer(Place from, String pointer) {
    var place = root();
    for (var step : pointer.substring(1).split("/", -1)) {
      var key = step.replace("~1", "/").replace("~0", "~");
      var node = place.node();
      JsonNode next =
          node.isArray() && key.matches("\\d{1,6}")
              ? node.get(Integer.parseInt(key))
              : node.get(key);
      if (next == null) {
        throw from.at("$ref").error("leads nowhere: there is no " + Excerpt.of(pointer));
      }
      place = new Place(name, place.path() + "/" + step, next);
    }
    if (!place.node().isObject() && !place.node().isBoolean()) {
      throw from.at("$ref").error("leads to something that is no schema");
    }
    return place;
  }

  private Place anchor(Place from, String anchor) {
    var open = new ArrayDeque<Place>();
    open.add(root());
    while (!open.isEmpty()) {
      var place = open.remove();
      var found = place.node().get("$anchor");
      if (found != null && found.isString() && found.stringValue().equals(anchor)) {
        return place;
      }
      if (place.node().isObject()) {
        place.node().propertyNames().forEach(key -> open.add(place.at(key)));
      } else if (place.node().isArray()) {
        for (int i = 0; i < place.node().size(); i++) {
          open.add(new Place(name, place.path() + "/" + i, place.node().get(i)));
        }
      }
    }
    throw from.at("$ref").error("leads nowhere: there is no such $anchor");
  }
}
