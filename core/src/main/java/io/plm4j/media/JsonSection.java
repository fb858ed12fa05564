package io.plm4j.media;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An object in a settings file. A key that is missing or null takes the given default; any other
/// value must be of the right kind. It notes which keys were asked for, to name the rest.
final class JsonSection {
  private static final System.Logger LOG = System.getLogger(JsonSection.class.getName());
  private static final long MAX_BYTES = 1 << 20;

  private final Path file;
  private final String prefix;
  private final ObjectNode node;
  private final Set<String> known = new HashSet<>();

  private JsonSection(Path file, String prefix, ObjectNode node) {
    this.file = file;
    this.prefix = prefix;
    this.node = node;
  }

  /// The whole file; a file that is not there has no keys.
  static JsonSection readFile(Path file) {
    if (!Files.exists(file)) {
      return new JsonSection(file, "", JsonNodeFactory.instance.objectNode());
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new InputException(
            "%s has %d bytes; a settings file has at most %d."
                .formatted(file, Files.size(file), MAX_BYTES));
      }
      if (JsonMapper.shared().readTree(Files.readAllBytes(file)) instanceof ObjectNode object) {
        return new JsonSection(file, "", object);
      }
      throw new InputException("%s must hold one JSON object.".formatted(file));
    } catch (JacksonException e) {
      throw new InputException("%s is not JSON: %s.".formatted(file, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s.".formatted(file, e.getMessage()), e);
    }
  }

  boolean has(String key) {
    known.add(key);
    return node.has(key) && !node.get(key).isNull();
  }

  JsonSection section(String key) {
    if (value(key) instanceof ObjectNode object) {
      return new JsonSection(file, prefix + key + ".", object);
    }
    throw unusable(key, "an object");
  }

  int integer(String key, int missing, int min, int max) {
    if (!has(key)) {
      return missing;
    }
    var value = value(key);
    if (value.isIntegralNumber() && value.canConvertToInt()) {
      int number = value.intValue();
      if (number >= min && number <= max) {
        return number;
      }
    }
    throw unusable(key, "an integer from %d to %d".formatted(min, max));
  }

  double positive(String key, double missing) {
    if (!has(key)) {
      return missing;
    }
    var value = value(key);
    // 32-bit floats are what the reference reckons with: zero or infinity there is no number here.
    if (value.isNumber() && isUsable(value.doubleValue()) && value.doubleValue() > 0) {
      return value.doubleValue();
    }
    throw unusable(key, "a positive number");
  }

  /// Three numbers, or one for all three channels. Deviations must not be zero, means may.
  List<Double> perChannel(String key, List<Double> missing) {
    if (!has(key)) {
      return missing;
    }
    var value = value(key);
    var numbers = new ArrayList<Double>();
    for (int i = 0; i < 3; i++) {
      JsonNode number = value.isArray() ? value.path(i) : value;
      boolean zeroAllowed = key.endsWith("mean");
      if (!number.isNumber()
          || !(isUsable(number.doubleValue()) || (zeroAllowed && number.doubleValue() == 0))) {
        throw unusable(key, "three numbers" + (zeroAllowed ? "" : ", none of them zero"));
      }
      numbers.add(number.doubleValue());
    }
    if (value.isArray() && value.size() != 3) {
      throw unusable(key, "three numbers");
    }
    return numbers;
  }

  private static boolean isUsable(double value) {
    float single = (float) value;
    return Float.isFinite(single) && Math.abs(single) >= Float.MIN_NORMAL;
  }

  /// An object with equal `height` and `width`, or one number for both.
  int square(String key, int missing) {
    if (!has(key)) {
      return missing;
    }
    if (value(key) instanceof ObjectNode) {
      var size = section(key);
      int height = size.integer("height", missing, 1, ImageSettings.MAX_TILE_SIZE);
      if (height == size.integer("width", missing, 1, ImageSettings.MAX_TILE_SIZE)) {
        return height;
      }
      throw unusable(key, "a square");
    }
    return integer(key, missing, 1, ImageSettings.MAX_TILE_SIZE);
  }

  <T> T choice(String key, List<String> names, List<T> values, T missing) {
    if (!has(key)) {
      return missing;
    }
    int chosen = value(key).isString() ? names.indexOf(value(key).stringValue()) : -1;
    if (chosen < 0) {
      throw unusable(key, "one of " + String.join(", ", names));
    }
    return values.get(chosen);
  }

  void require(String key, boolean wanted) {
    if (has(key) && !(value(key).isBoolean() && value(key).booleanValue() == wanted)) {
      throw unusable(key, wanted + "; nothing else is possible here");
    }
  }

  InputException unusable(String key, String wanted) {
    return new InputException(
        "%s: %s%s must be %s, found %s. Correct the file or fetch the checkpoint anew."
            .formatted(file, prefix, key, wanted, shorten(value(key).toString())));
  }

  private static String shorten(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }

  /// Warns of keys that were not asked for and are not in `others` either.
  void warnOfUnknown(Set<String> others) {
    for (String key : node.propertyNames()) {
      if (!known.contains(key) && !others.contains(key)) {
        LOG.log(System.Logger.Level.WARNING, "{0}: {1}{2} is not known here", file, prefix, key);
      }
    }
  }

  private JsonNode value(String key) {
    return node.path(key);
  }
}
