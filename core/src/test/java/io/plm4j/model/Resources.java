package io.plm4j.model;

import io.plm4j.checkpoint.Shape;
import io.plm4j.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// Golden files of this package.
final class Resources {
  private Resources() {}

  static byte[] bytes(String name) {
    try (var stream = Objects.requireNonNull(Resources.class.getResourceAsStream(name), name)) {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static PlmConfig config(String name) {
    return PlmConfig.read(JsonObject.parse(name, bytes(name)));
  }

  /// Names and shapes of a `tensors-*.txt`, written out.
  static Map<String, Shape> tensors(String name) {
    var tensors = new TreeMap<String, Shape>();
    new String(bytes(name), StandardCharsets.UTF_8)
        .lines()
        .map(line -> line.split(" "))
        .forEach(line -> {
          var sizes = line[2].substring(1, line[2].length() - 1).split(",");
          var shape = Shape.of(Arrays.stream(sizes).mapToLong(Long::parseLong).toArray());
          for (int i = 0; i < Integer.parseInt(line[1]); i++) {
            tensors.put(line[0].replace("*", String.valueOf(i)), shape);
          }
        });
    return tensors;
  }
}
