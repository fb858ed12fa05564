package io.plm4j.hub;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.util.regex.Pattern;

/// A model at one state of its history.
///
/// @param revision a branch, a tag, or a commit
public record ModelRef(ModelId id, String revision) {
  /// The branch that every repository of the Hub has.
  public static final String MAIN = "main";

  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  /// A revision becomes a file name below `refs`: no part may lead out of there, and none may
  /// disturb what is written beside it.
  private static final Pattern REVISION =
      Pattern.compile("(?!.*(?:^|/)\\.)[\\w.+-]+(?:/[\\w.+-]+)*(?<!\\.lock)(?<!\\.tmp)");

  private static final int MAX_LENGTH = 200;

  public ModelRef {
    if (revision.length() > MAX_LENGTH || !REVISION.matcher(revision).matches()) {
      throw new InputException(
          "'%s' is no revision of %s; wanted a branch, a tag or a commit, such as main."
              .formatted(Excerpt.of(revision), id));
    }
  }

  /// Reads `owner/name` or `owner/name@revision`.
  public static ModelRef parse(String text) {
    int at = text.indexOf('@');
    return at < 0
        ? new ModelRef(new ModelId(text), MAIN)
        : new ModelRef(new ModelId(text.substring(0, at)), text.substring(at + 1));
  }

  /// Whether this looks like `owner/name[@revision]` rather than like a path.
  static boolean isWritten(String text) {
    int at = text.indexOf('@');
    var id = at < 0 ? text : text.substring(0, at);
    return id.contains("/") && ModelId.isValid(id);
  }

  /// Whether the revision is a whole commit, whose files never change.
  public boolean isCommit() {
    return isCommit(revision);
  }

  static boolean isCommit(String text) {
    return COMMIT.matcher(text).matches();
  }

  @Override
  public String toString() {
    return revision.equals(MAIN) ? id.text() : id + "@" + revision;
  }
}
