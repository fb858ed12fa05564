package io.plm4j.hub;

import io.plm4j.error.Excerpt;
import java.util.regex.Pattern;

/// Names that a server chose: none of them may reach another folder, or deceive who reads it.
final class FileNames {
  private static final int MAX_PART = 200;
  private static final int MAX_LENGTH = 1000;

  /// A hash, as file name and as tag.
  private static final Pattern TAG = Pattern.compile("[0-9A-Za-z][0-9A-Za-z_-]{7,127}");

  private FileNames() {}

  /// Whether this names a file below a folder: parts between slashes, each a plain name.
  static boolean isSafe(String name) {
    if (name.length() > MAX_LENGTH) {
      return false;
    }
    for (var part : name.split("/", -1)) {
      boolean plain =
          !part.isEmpty()
              && part.length() <= MAX_PART
              && !part.equals(".")
              && !part.equals("..")
              && part.codePoints().allMatch(FileNames::isPlain);
      if (!plain) {
        return false;
      }
    }
    return true;
  }

  /// Neither a separator of any system nor a character that a terminal obeys or hides.
  private static boolean isPlain(int c) {
    return c != '\\'
        && c != ':'
        && switch (Character.getType(c)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.SURROGATE,
              Character.UNASSIGNED,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR ->
              false;
          default -> true;
        };
  }

  static void requireSafe(String name, String server) throws HubException {
    if (!isSafe(name)) {
      throw new HubException(
          HubException.Kind.WRONG,
          "%s lists a file named '%s', which would not stay in its folder; nothing was written."
              .formatted(server, Excerpt.of(name)));
    }
  }

  /// Whether a tag can be a file's name in `blobs`.
  static boolean isTag(String text) {
    return TAG.matcher(text).matches();
  }
}
