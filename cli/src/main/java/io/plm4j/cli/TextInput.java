package io.plm4j.cli;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads UTF-8 text that a user supplies, up to a size that no prompt needs.
final class TextInput {
  private static final int MAX_BYTES = 128 << 20;

  private TextInput() {}

  static String standardInput(InputStream in) {
    try {
      return decode("standard input", in);
    } catch (IOException e) {
      throw new InputException("Standard input cannot be read: " + e.getMessage(), e);
    }
  }

  /// @param name of a file, or `-`
  static String fileOrStandardInput(String name, InputStream in) {
    if (name.equals("-")) {
      return standardInput(in);
    }
    return file(Path.of(name));
  }

  static String file(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new InputException(
          "The file %s %s."
              .formatted(file, Files.exists(file) ? "is not a file" : "does not exist"));
    }
    try (var bytes = Files.newInputStream(file)) {
      return decode(file.toString(), bytes);
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static String decode(String source, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new InputException("%s has more than %,d bytes.".formatted(source, MAX_BYTES));
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new InputException("%s is not UTF-8 text.".formatted(source), e);
    }
  }
}
