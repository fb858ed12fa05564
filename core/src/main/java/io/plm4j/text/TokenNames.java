package io.plm4j.text;

import io.plm4j.error.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Which tokens play a named part (`bos_token`, `eos_token`, `image_token`, ...), as
/// tokenizer_config.json says. Chat templates see them under these names.
record TokenNames(Map<String, String> contents) {
  private static final String SUFFIX = "_token";

  TokenNames {
    contents = Collections.unmodifiableMap(new LinkedHashMap<>(contents));
  }

  Optional<String> find(String name) {
    return Optional.ofNullable(contents.get(name));
  }

  /// Reads `tokenizer_config.json` of the folder; without that file there are no names.
  static TokenNames read(Path folder) {
    Path file = folder.resolve("tokenizer_config.json");
    if (!Files.exists(file)) {
      return new TokenNames(Map.of());
    }
    JsonField config = JsonReader.readAll(file);
    refuseCleanUp(config);
    Map<String, String> contents = new LinkedHashMap<>();
    for (String name : config.names()) {
      // "add_bos_token": true and its like end in the same way.
      if (name.endsWith(SUFFIX) && !name.startsWith("add_") && config.find(name).isPresent()) {
        contents.put(name, content(config.at(name)));
      }
    }
    // Transformers 4 kept image_token and video_token in here; 5 has a plain list.
    Optional<JsonField> extra = config.find("extra_special_tokens").filter(JsonField::isObject);
    if (extra.isPresent()) {
      for (String name : extra.get().names()) {
        contents.putIfAbsent(name, content(extra.get().at(name)));
      }
    }
    return new TokenNames(contents);
  }

  /// Transformers 5 no longer removes spaces before punctuation from the output of BPE tokenizers,
  /// whatever `clean_up_tokenization_spaces` says, unless this other key insists.
  private static void refuseCleanUp(JsonField config) {
    Optional<JsonField> insists =
        config.find("clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output");
    if (insists.isPresent() && insists.get().flag()) {
      throw insists.get().unsupported();
    }
  }

  /// A token is written as its content or, by transformers 4, as an object around it.
  private static String content(JsonField field) {
    String content = field.isObject() ? field.at("content").text() : field.text();
    if (content.isEmpty()) {
      throw new InputException(field.place() + ": expected a token, found an empty string");
    }
    return content;
  }
}
