package io.plm4j.nano;

import io.plm4j.nano.vocabulary.Pieces;
import io.plm4j.nano.vocabulary.VocabularyFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// The text that a model of these conversations reads and writes.
public final class TextPieces {
  /// Stands for a box, which is written with digits.
  private static final Pattern PLACE = Pattern.compile("<\\|bbox\\d+\\|>");

  private TextPieces() {}

  /// Counts the pieces of all questions, answers and headers.
  ///
  /// @param folders that [DataFolder] wrote
  /// @throws io.plm4j.error.InputException if one cannot be read
  public static Pieces of(List<Path> folders) {
    var pieces = new Pieces();
    for (var folder : folders) {
      Conversations.read(
          folder,
          row -> {
            for (var part : List.of("system", "\n\n", VocabularyFiles.SYSTEM_MESSAGE)) {
              pieces.add(part);
            }
            for (var said : row.objects("conversations")) {
              pieces.add(said.text("from").equals("human") ? "user" : "assistant");
              pieces.add("\n\n");
              pieces.add(PLACE.matcher(said.text("value")).replaceAll("[123,456,789,012]"));
            }
          });
    }
    return pieces;
  }
}
