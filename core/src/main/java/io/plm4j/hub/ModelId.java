package io.plm4j.hub;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.util.Optional;
import java.util.regex.Pattern;

/// What the Hub calls a model: `owner/name`, or a bare `name` for some of the oldest.
public record ModelId(String text) implements Comparable<ModelId> {
  /// The Hub's own rules, which also make sure that a name is never a path to elsewhere.
  private static final Pattern VALID =
      Pattern.compile("(?:[\\w-](?:[\\w.-]*[\\w-])?/)?[\\w-](?:[\\w.-]*[\\w-])?");

  private static final int MAX_LENGTH = 96;
  private static final String FOLDER_PREFIX = "models--";

  public ModelId {
    if (!isValid(text)) {
      throw new InputException(
          "'%s' is no name of a model at the Hub; wanted owner/name, of letters, digits, and . _ - inside."
              .formatted(Excerpt.of(text)));
    }
  }

  static boolean isValid(String text) {
    return text.length() <= MAX_LENGTH
        && VALID.matcher(text).matches()
        && !text.contains("--")
        && !text.contains("..")
        && !text.endsWith(".git");
  }

  /// The folder of the cache that holds this model.
  String folderName() {
    return FOLDER_PREFIX + text.replace("/", "--");
  }

  /// The model whose folder has this name; empty for data sets and whatever else lies in a cache.
  static Optional<ModelId> ofFolderName(String name) {
    if (!name.startsWith(FOLDER_PREFIX)) {
      return Optional.empty();
    }
    var text = name.substring(FOLDER_PREFIX.length()).replace("--", "/");
    return isValid(text) ? Optional.of(new ModelId(text)) : Optional.empty();
  }

  @Override
  public int compareTo(ModelId other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
