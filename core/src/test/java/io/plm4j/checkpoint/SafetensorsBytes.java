package io.plm4j.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A safetensors file made by hand, so that it can be wrong.
record SafetensorsBytes(byte[] header, int dataBytes) {
  static SafetensorsBytes of(String header, int dataBytes) {
    return new SafetensorsBytes(header.getBytes(StandardCharsets.UTF_8), dataBytes);
  }

  byte[] bytes() {
    return ByteBuffer.allocate(Long.BYTES + header.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .array();
  }

  Path write(Path file) throws IOException {
    return Files.write(file, bytes());
  }

  /// A file with these tensors of type F32 and shape `[1]`.
  static SafetensorsBytes floats(String... names) {
    var header = new StringBuilder("{");
    for (int i = 0; i < names.length; i++) {
      header
          .append(i == 0 ? "" : ",")
          .append(
              """
              "%s":{"dtype":"F32","shape":[1],"data_offsets":[%d,%d]}\
              """
                  .formatted(names[i], 4 * i, 4 * i + 4));
    }
    return of(header + "}", 4 * names.length);
  }
}
