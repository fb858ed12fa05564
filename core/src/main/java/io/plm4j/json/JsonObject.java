package io.plm4j.json;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A JSON object that knows the file and the path it came from and remembers what was asked of it.
///
/// A key whose value is `null` counts as absent, as it does for the Python programs that write
/// these files. A value of the wrong type or outside its range is an [InputException] with file and
/// path. What nobody asked for is listed by [#unread()], so that a reader can report it.
public final class JsonObject {
  /// A configuration has kilobytes, the index of the largest models ten megabytes.
  private static final long MAX_BYTES = 32_000_000;

  /// Bounds the memory that a hostile file takes: a value of two bytes becomes an object of fifty.
  private static final long MAX_TOKENS = 1_000_000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(64)
                          .maxTokenCount(MAX_TOKENS)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String file;
  private final String path;
  private final JsonNode node;
  private final Set<String> asked = new HashSet<>();
  private final Map<String, JsonObject> children = new LinkedHashMap<>();

  private JsonObject(String file, String path, JsonNode node) {
    this.file = file;
    this.path = path;
    this.node = node;
  }

  /// Reads a file that holds one JSON object.
  public static JsonObject read(Path file) {
    byte[] bytes;
    try {
      if (!Files.isRegularFile(file)) {
        throw new InputException(
            file + " is not there or not a file; the checkpoint needs it, fetch it again.");
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new InputException(
            "%s has %,d bytes; a file of this kind has at most %,d. It is probably not JSON."
                .formatted(file, Files.size(file), MAX_BYTES));
      }
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s".formatted(file, e), e);
    }
    return parse(file.toString(), bytes);
  }

  /// Reads UTF-8 bytes that hold one JSON object.
  ///
  /// @param file how messages call the source
  public static JsonObject parse(String file, byte[] json) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JacksonException e) {
      throw new InputException(
          JsonSyntax.describe(file, e)
              + ". A cut or half-downloaded file looks like this; fetch it again.",
          e);
    }
    if (!root.isObject()) {
      throw new InputException(
          "%s holds %s; wanted a JSON object {...}.".formatted(file, describe(root)));
    }
    return new JsonObject(file, "", root);
  }

  /// Whether the key is there with a value other than `null`.
  public boolean has(String key) {
    return find(key) != null;
  }

  public int integer(String key, int min, int max) {
    return optionalInteger(key, min, max).orElseThrow(() -> missing(key, "an integer"));
  }

  public OptionalInt optionalInteger(String key, int min, int max) {
    var value = find(key);
    return value == null ? OptionalInt.empty() : OptionalInt.of(asInt(key, value, min, max));
  }

  public double number(String key, double min, double max) {
    return optionalNumber(key, min, max).orElseThrow(() -> missing(key, "a number"));
  }

  public OptionalDouble optionalNumber(String key, double min, double max) {
    var value = find(key);
    return value == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(asDouble(key, value, min, max));
  }

  public Optional<Boolean> optionalFlag(String key) {
    var value = find(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value.isBoolean()) {
      return Optional.of(value.booleanValue());
    }
    throw wrong(key, "true or false");
  }

  public String text(String key) {
    return optionalText(key).orElseThrow(() -> missing(key, "a string"));
  }

  public Optional<String> optionalText(String key) {
    var value = find(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value.isString()) {
      return Optional.of(value.stringValue());
    }
    throw wrong(key, "a string");
  }

  /// The strings of `"a"` or `["a", "b"]`; empty when the key is absent.
  public List<String> texts(String key) {
    var value = find(key);
    if (value == null) {
      return List.of();
    }
    var list = new ArrayList<String>();
    for (JsonNode item : value.isArray() ? value : List.of(value)) {
      if (!item.isString()) {
        throw wrong(key, "a string or a list of strings");
      }
      list.add(item.stringValue());
    }
    return List.copyOf(list);
  }

  /// The integers of `3` or `[3, 4]`; empty when the key is absent.
  public List<Integer> integers(String key, int min, int max) {
    var value = find(key);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray()) {
      return List.of(asInt(key, value, min, max));
    }
    var list = new ArrayList<Integer>();
    for (JsonNode item : value) {
      list.add(asInt(key, item, min, max));
    }
    return List.copyOf(list);
  }

  /// The numbers of `0.5` or `[0.5, 1]`; empty when the key is absent.
  public List<Double> numbers(String key, double min, double max) {
    var value = find(key);
    if (value == null) {
      return List.of();
    }
    var list = new ArrayList<Double>();
    for (JsonNode item : value.isArray() ? value : List.of(value)) {
      list.add(asDouble(key, item, min, max));
    }
    return List.copyOf(list);
  }

  /// The value as Java has it: a `Map`, `List`, `String`, `Boolean` or `Number`; empty when the key
  /// is absent. For values of which several types are right, or which are only handed on.
  public Optional<Object> plain(String key) {
    var value = find(key);
    return value == null ? Optional.empty() : Optional.of(MAPPER.convertValue(value, Object.class));
  }

  public JsonObject object(String key) {
    return optionalObject(key).orElseThrow(() -> missing(key, "an object {...}"));
  }

  public Optional<JsonObject> optionalObject(String key) {
    var value = find(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isObject()) {
      throw wrong(key, "an object {...}");
    }
    return Optional.of(
        children.computeIfAbsent(key, k -> new JsonObject(file, path + k + ".", value)));
  }

  /// The objects of `[{...}, {...}]`; empty when the key is absent.
  public List<JsonObject> objects(String key) {
    var value = find(key);
    if (value == null) {
      return List.of();
    }
    var list = new ArrayList<JsonObject>();
    for (JsonNode item : value) {
      if (!value.isArray() || !item.isObject()) {
        throw wrong(key, "a list of objects [{...}]");
      }
      list.add(new JsonObject(file, "%s%s[%d].".formatted(path, key, list.size()), item));
    }
    return List.copyOf(list);
  }

  /// All keys in the order of the file, also those with the value `null`.
  public List<String> keys() {
    return List.copyOf(node.propertyNames());
  }

  /// Marks keys as known and without effect, so that [#unread()] leaves them out.
  public void ignore(String... keys) {
    asked.addAll(List.of(keys));
  }

  /// The paths of the keys that nobody asked for or ignored, here and in the objects below.
  public List<String> unread() {
    var unread = new ArrayList<String>();
    for (String key : node.propertyNames()) {
      var child = children.get(key);
      if (child != null) {
        unread.addAll(child.unread());
      } else if (!asked.contains(key) && !node.get(key).isNull()) {
        unread.add(path + key);
      }
    }
    return List.copyOf(unread);
  }

  /// The error for a value that is well formed but cannot be used.
  ///
  /// @param explanation what was wanted and the remedy, as the end of a sentence
  public InputException wrong(String key, String explanation) {
    var value = node.get(key);
    return new InputException(
        "%s: %s is %s; wanted %s."
            .formatted(file, at(key), value == null ? "absent" : describe(value), explanation));
  }

  /// The error for values that do not fit each other.
  public InputException inconsistent(@Nullable String explanation) {
    var place = path.isEmpty() ? "" : " " + Excerpt.of(path.substring(0, path.length() - 1)) + ":";
    return new InputException("%s:%s %s.".formatted(file, place, explanation));
  }

  private InputException missing(String key, String wanted) {
    return new InputException(
        "%s: %s is absent; wanted %s. Fetch the file again, or add the key."
            .formatted(file, at(key), wanted));
  }

  private @Nullable JsonNode find(String key) {
    asked.add(key);
    var value = node.get(key);
    return value == null || value.isNull() ? null : value;
  }

  private int asInt(String key, JsonNode value, int min, int max) {
    if (value.isIntegralNumber() && value.canConvertToInt()) {
      int number = value.intValue();
      if (number >= min && number <= max) {
        return number;
      }
    }
    throw wrong(key, "an integer from %d to %d".formatted(min, max));
  }

  private double asDouble(String key, JsonNode value, double min, double max) {
    if (value.isNumber()) {
      double number = value.doubleValue();
      if (number >= min && number <= max) { // false for NaN
        return number;
      }
    }
    throw wrong(key, "a number from %s to %s".formatted(min, max));
  }

  private String at(String key) {
    return Excerpt.of(path + key);
  }

  private static String describe(JsonNode value) {
    return Excerpt.of(value.toString());
  }
}
