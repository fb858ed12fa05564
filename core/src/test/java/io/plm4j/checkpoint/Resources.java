package io.plm4j.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

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
}
