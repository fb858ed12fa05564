package io.plm4j.train.data;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Which column, or key of a JSON line, plays which part.
///
/// @param names for the parts whose columns are not called as usual
public record Columns(Map<Field, String> names) {
  /// A part of a row.
  public enum Field {
    /// A path, a picture itself, or a list of either.
    IMAGE("image", "images"),

    /// A path.
    VIDEO("video"),

    /// Messages, each with `from` and `value` or with `role` and `content`.
    CONVERSATION("conversations", "messages"),

    QUESTION("question", "prompt"),

    ANSWER("answer", "caption", "response", "text");

    private final List<String> usual;

    Field(String... usual) {
      this.usual = List.of(usual);
    }

    /// What such columns are called where nobody says otherwise.
    List<String> usual() {
      return usual;
    }

    /// What a configuration calls it.
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Every part is found by the names that its columns usually have.
  public static final Columns USUAL = new Columns(Map.of());

  public Columns {
    names = names.isEmpty() ? Map.of() : Map.copyOf(new EnumMap<>(names));
    if (names.containsKey(Field.CONVERSATION)
        && (names.containsKey(Field.QUESTION) || names.containsKey(Field.ANSWER))) {
      throw new InputException(
          "columns name a conversation and a question or an answer; a row is one or the other");
    }
  }

  /// Reads a mapping such as `image: file, answer: report`.
  ///
  /// @throws InputException if a key is no part of a row
  public static Columns of(Map<String, String> mapping) {
    var names = new EnumMap<Field, String>(Field.class);
    mapping.forEach((key, column) -> names.put(field(key), column));
    return new Columns(names);
  }

  /// Names of all columns that are looked for.
  Set<String> all() {
    var all = new HashSet<>(names.values());
    for (var field : Field.values()) {
      if (!names.containsKey(field)) {
        all.addAll(field.usual());
      }
    }
    all.addAll(List.of("bbox", "width", "height", "bbox_map", "seen", "start_time", "end_time"));
    return all;
  }

  private static Field field(String key) {
    return Arrays.stream(Field.values())
        .filter(field -> field.key().equals(key))
        .findFirst()
        .orElseThrow(() ->
            new InputException(
                "\"%s\" is no part of a row; columns can be named for %s"
                    .formatted(
                        Excerpt.of(key),
                        Arrays.stream(Field.values())
                            .map(Field::key)
                            .collect(Collectors.joining(", ")))));
  }
}
