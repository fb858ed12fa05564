package io.plm4j.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a reference said, and the picture that it said it of.
final class Golden {
  private Golden() {}

  /// The picture of the golden files: every program can make it.
  static Image formula(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    for (int y = 0, at = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < 3; c++) {
          rgb[at++] = (byte) (7 * x + 13 * y + 29 * c + 5 * ((x * y) % 17));
        }
      }
    }
    return Image.ofRgb(width, height, rgb);
  }

  static byte[] bytes(String name) {
    try (InputStream in = Golden.class.getResourceAsStream("/media/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static List<String[]> rows(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8)
        .lines()
        .map(line -> line.split(" ", -1))
        .toList();
  }

  static JsonNode json(String name) {
    return JsonMapper.shared().readTree(bytes(name));
  }

  static String crc32(byte[] bytes) {
    var crc = new CRC32();
    crc.update(bytes);
    return "%08x".formatted(crc.getValue());
  }
}
