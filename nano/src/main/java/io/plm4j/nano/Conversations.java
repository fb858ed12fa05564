package io.plm4j.nano;

import io.plm4j.error.InputException;
import io.plm4j.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Reads the conversations of a folder that [DataFolder] wrote, row by row.
public final class Conversations {
  private Conversations() {}

  /// Gives each row of `data.jsonl` to a reader.
  ///
  /// @throws InputException if the file is not there, or a row is no JSON object
  public static void read(Path folder, Consumer<JsonObject> reader) {
    var file = folder.resolve(DataFolder.ROWS);
    if (!Files.isRegularFile(file)) {
      throw new InputException(
          "%s is not there; --data wants a folder that plm nano draw --out wrote.".formatted(file));
    }
    readLines(file, reader);
  }

  /// Gives each line of a file to a reader.
  static void readLines(Path file, Consumer<JsonObject> reader) {
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      int number = 0;
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          reader.accept(
              JsonObject.parse(
                  "%s, line %d".formatted(file, number), line.getBytes(StandardCharsets.UTF_8)));
        }
      }
    } catch (CharacterCodingException e) {
      throw new InputException("%s is not UTF-8 text.".formatted(file), e);
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s".formatted(file, e), e);
    }
  }
}
