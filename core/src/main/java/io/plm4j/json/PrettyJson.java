package io.plm4j.json;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/// Writes JSON with the line breaks, blanks and escapes that Python's `json.dump(..., indent=2)`
/// and Hugging Face's `tokenizers` give it, so that files can be compared.
public final class PrettyJson {
  private static final DefaultIndenter INDENTER = new DefaultIndenter("  ", "\n");
  private static final Separators SEPARATORS =
      Separators.createDefaultInstance()
          .withObjectNameValueSpacing(Separators.Spacing.AFTER)
          .withObjectEmptySeparator("")
          .withArrayEmptySeparator("");

  private static final JsonMapper MAPPER =
      JsonMapper.builder().disable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES).build();

  private PrettyJson() {}

  /// Writes a file that holds one object and ends in a line break.
  ///
  /// @throws InputException if it cannot be written
  public static void write(Path file, Map<String, ?> object) {
    try (var out = Files.newOutputStream(file)) {
      out.write(writer().writeValueAsBytes(object));
      out.write('\n');
    } catch (IOException e) {
      throw new InputException("%s cannot be written: %s".formatted(file, e), e);
    }
  }

  /// An object on one line.
  public static String line(Map<String, ?> object) {
    return MAPPER.writeValueAsString(object);
  }

  /// For files too large to be put together in memory.
  public static JsonGenerator generator(OutputStream out) {
    return writer().createGenerator(out);
  }

  private static ObjectWriter writer() {
    var printer =
        new DefaultPrettyPrinter(SEPARATORS)
            .withObjectIndenter(INDENTER)
            .withArrayIndenter(INDENTER);
    return MAPPER.writer().with(printer);
  }
}
