package io.plm4j.train.data;

import tools.jackson.databind.JsonNode;

/// Rows of a source, readable in any order and by several threads.
interface Rows extends AutoCloseable {
  int count();

  /// The values of a row. Bytes are binary nodes.
  ///
  /// @param row from 0
  /// @throws io.plm4j.error.InputException saying what is wrong with it, but not where
  JsonNode read(int row);

  /// Where a row is, for messages: the file and the number of the line or row in it, from 1.
  String place(int row);

  @Override
  void close();
}
