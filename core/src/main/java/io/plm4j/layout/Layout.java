package io.plm4j.layout;

import java.nio.file.Files;
import java.nio.file.Path;

/// How a model's files are called and what is in them.
public enum Layout {
  /// `config.json`, `model.safetensors`, `tokenizer.json` and the processors' files.
  HUGGING_FACE("config.json"),

  /// What Meta's code reads: `params.json`, `consolidated.pth`, `tokenizer.model`.
  ORIGINAL("params.json");

  /// Where the published repositories keep the original files, beside those of Hugging Face.
  private static final String SUBFOLDER = "original";

  private final String configFile;

  Layout(String configFile) {
    this.configFile = configFile;
  }

  /// The name of the file that says what the model's shape is.
  public String configFile() {
    return configFile;
  }

  /// The layout of a folder: the original one where `params.json` is there and `config.json` is
  /// not. Any other folder counts as Hugging Face's, so that complaints name those files.
  public static Layout of(Path folder) {
    return ORIGINAL.isIn(folder) && !HUGGING_FACE.isIn(folder) ? ORIGINAL : HUGGING_FACE;
  }

  /// The folder that holds the model: the one given or, where that holds none, `original` in it.
  public static Path locate(Path folder) {
    var inside = folder.resolve(SUBFOLDER);
    return !HUGGING_FACE.isIn(folder) && !ORIGINAL.isIn(folder) && ORIGINAL.isIn(inside)
        ? inside
        : folder;
  }

  private boolean isIn(Path folder) {
    return Files.exists(folder.resolve(configFile));
  }
}
