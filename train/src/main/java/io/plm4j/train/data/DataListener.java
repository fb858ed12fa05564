package io.plm4j.train.data;

/// Told of rows that are not learnt, or not wholly. Called on the thread that asks a feed for
/// batches, before it gets the one that the row would have been in.
public interface DataListener {
  /// Hears nothing.
  DataListener NONE = new DataListener() {};

  /// A row that cannot be learnt; told once, however often its turn comes.
  default void skipped(SkippedRow row) {}

  /// A row whose last turns are left out because it is too long; told once.
  ///
  /// @param turns questions with their answers that are left out
  default void shortened(String source, String place, int turns) {}

  /// A row that cannot be learnt.
  ///
  /// @param source by its name
  /// @param place the file and the line or row in it
  /// @param reason what is wrong with it
  record SkippedRow(String source, String place, String reason) {}
}
