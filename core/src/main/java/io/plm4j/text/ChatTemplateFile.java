package io.plm4j.text;

import io.plm4j.error.InputException;
import io.plm4j.layout.Layout;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds the chat template of a checkpoint's folder.
final class ChatTemplateFile {
  private static final String KEY = "chat_template";
  private static final String RAW = "chat_template.jinja";

  /// The largest published templates have some 20 kB.
  private static final long LARGEST = 1 << 20;

  private ChatTemplateFile() {}

  static ChatTemplate read(Path folder) {
    return switch (Layout.of(folder)) {
      case HUGGING_FACE -> readHuggingFace(folder);
      case ORIGINAL -> readOriginal(folder);
    };
  }

  /// Meta's code has its template built in. A file beside it is what a conversion could not leave
  /// out.
  private static ChatTemplate readOriginal(Path folder) {
    return Files.exists(folder.resolve(RAW))
        ? ChatTemplate.parse(text(folder.resolve(RAW)), RAW)
        : ChatTemplate.plm();
  }

  private static ChatTemplate readHuggingFace(Path folder) {
    // A raw file beats only the tokenizer's configuration: transformers 5.18 reads the older
    // chat_template.json first if both are there.
    for (String file : new String[] {"processor_config.json", "chat_template.json"}) {
      Optional<ChatTemplate> template = inJson(folder.resolve(file));
      if (template.isPresent()) {
        return template.get();
      }
    }
    if (Files.exists(folder.resolve(RAW))) {
      return ChatTemplate.parse(text(folder.resolve(RAW)), RAW);
    }
    return inJson(folder.resolve("tokenizer_config.json"))
        .orElseThrow(() ->
            new InputException(
                "No chat template in %s: expected %s, or \"%s\" in chat_template.json or tokenizer_config.json."
                    .formatted(folder, RAW, KEY)));
  }

  private static Optional<ChatTemplate> inJson(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    return JsonReader.readAll(file)
        .find(KEY)
        .map(field -> field.isText() ? field : chosen(field))
        .map(field -> ChatTemplate.parse(field.text(), field.place()));
  }

  /// Of several templates with names, the one that is called "default".
  private static JsonField chosen(JsonField list) {
    if (!list.isList()) {
      throw list.wanted("a template or a list of named ones");
    }
    List<String> names = new ArrayList<>();
    for (JsonField item : list.items()) {
      names.add(item.at("name").text());
      if (item.at("name").text().equals("default")) {
        return item.at("template");
      }
    }
    throw new InputException(
        "%s: expected a template with the name \"default\", found %s"
            .formatted(list.place(), names));
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw new InputException(
            "%s has %d bytes; a chat template has at most %d"
                .formatted(file, Files.size(file), LARGEST));
      }
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new InputException("%s is not UTF-8 text".formatted(file), e);
    } catch (IOException e) {
      throw new InputException("Cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
  }
}
