package io.plm4j.cli;

import io.plm4j.Plm;
import io.plm4j.Request;
import io.plm4j.error.InputException;
import io.plm4j.generate.GenerationOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A file of requests that are all answered in the same way: greedily, whatever options its lines
/// give.
///
/// @param pictures how pictures are cut
/// @param videos how videos are
record RequestFile(Path file, PictureOptions pictures, VideoOptions videos, Context context) {
  /// @param maxNewTokens of each answer
  /// @throws InputException if the file cannot be read or has no request, or a line is none
  List<Request> read(Plm plm, int maxNewTokens) {
    var media = new MediaReader(plm, pictures, videos, context);
    var defaults = GenerationOptions.DEFAULT.withMaxNewTokens(maxNewTokens);
    var read = new ArrayList<Request>();
    int number = 0;
    for (var text : lines()) {
      number++;
      if (!text.isBlank()) {
        var source = "line " + number;
        var fields = new JsonFields(source, ConversationFile.tree(source, text));
        read.add(RequestLine.read(fields, media, defaults).withOptions(defaults));
      }
    }
    if (read.isEmpty()) {
      throw new InputException(file + " has no request in it.");
    }
    return read;
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new InputException("The file of requests %s cannot be read: %s".formatted(file, e), e);
    }
  }
}
