package io.plm4j.convert;

import io.plm4j.error.InputException;
import io.plm4j.layout.Layout;
import io.plm4j.text.ChatTemplate;
import io.plm4j.text.Tokenizer;
import io.plm4j.text.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Where the tokenizer and the chat template of a new model come from.
public sealed interface ModelText {
  /// The tokens that pictures, videos and turns are told by.
  Tokenizer tokenizer();

  /// Writes them into a folder in Hugging Face's layout.
  ///
  /// @param maxLength the longest sequence of the model, in tokens
  void write(Path folder, int maxLength);

  /// A tokenizer with PLM's own special tokens, and its template: both are written anew.
  record Plm(Tokenizer tokenizer, ChatTemplate template) implements ModelText {
    @Override
    public void write(Path folder, int maxLength) {
      OriginalFiles.write(folder.resolve("chat_template.jinja"), template.source());
      TokenizerFiles.write(tokenizer, folder, Layout.HUGGING_FACE, maxLength);
    }
  }

  /// Files of Hugging Face's layout, copied as they are.
  record Copied(Path source, Tokenizer tokenizer) implements ModelText {
    private static final List<String> NEEDED = List.of("tokenizer.json", "tokenizer_config.json");
    private static final List<String> OTHERS =
        List.of("special_tokens_map.json", "chat_template.jinja", "chat_template.json");

    /// Checks that a folder has all that a model needs to read and to write text.
    ///
    /// @throws InputException naming what is missing
    public static Copied of(Path source) {
      for (var name : NEEDED) {
        if (!Files.isRegularFile(source.resolve(name))) {
          throw new InputException(
              "%s has no %s; wanted a folder with %s and chat_template.jinja."
                  .formatted(source, name, String.join(", ", NEEDED)));
        }
      }
      // Read for what it complains of.
      var _ = ChatTemplate.read(source);
      return new Copied(source, Tokenizer.read(source));
    }

    @Override
    public void write(Path folder, int maxLength) {
      try {
        for (var names : List.of(NEEDED, OTHERS)) {
          for (var name : names) {
            if (Files.isRegularFile(source.resolve(name))) {
              Files.copy(source.resolve(name), folder.resolve(name));
            }
          }
        }
      } catch (IOException e) {
        throw new InputException(
            "The tokenizer's files cannot be copied from %s: %s".formatted(source, e), e);
      }
    }
  }
}
