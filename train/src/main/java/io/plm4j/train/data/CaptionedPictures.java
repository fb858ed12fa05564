package io.plm4j.train.data;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Rows that are pictures in a folder, each with a text file of its name that holds what it shows.
record CaptionedPictures(Path folder, List<Path> pictures) implements Rows {
  private static final long LONGEST = 1 << 20;

  @Override
  public int count() {
    return pictures.size();
  }

  @Override
  public JsonNode read(int row) {
    var picture = pictures.get(row);
    var caption = caption(picture);
    try {
      if (!Files.isRegularFile(caption)) {
        throw new InputException("it has no caption: %s is not there".formatted(caption));
      }
      if (Files.size(caption) > LONGEST) {
        throw new InputException(
            "%s has %,d bytes; a caption has at most %,d"
                .formatted(caption, Files.size(caption), LONGEST));
      }
      var text = Files.readString(caption);
      return JsonNodeFactory.instance
          .objectNode()
          .put("image", folder.relativize(picture).toString())
          .put("text", (text.startsWith("\uFEFF") ? text.substring(1) : text).strip());
    } catch (CharacterCodingException e) {
      throw new InputException("%s is not UTF-8 text".formatted(caption), e);
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s".formatted(caption, e), e);
    }
  }

  static Path caption(Path picture) {
    var name = picture.getFileName().toString();
    return picture.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".txt");
  }

  @Override
  public String place(int row) {
    return pictures.get(row).toString();
  }

  @Override
  public void close() {}
}
