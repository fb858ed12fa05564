package io.plm4j.hub;

/// How a folder is put into a model of the Hub.
///
/// @param visibility of a model that is made for it; one that is there stays as it is
/// @param message of the commit: its first line
public record UploadOptions(Visibility visibility, String message) {
  /// Who may read a model.
  public enum Visibility {
    /// As the owner's account has it for new models, which is everybody unless it was changed.
    USUAL,
    /// Only its owner.
    PRIVATE
  }
}
