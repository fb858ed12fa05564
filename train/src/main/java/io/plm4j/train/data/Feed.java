package io.plm4j.train.data;

import java.util.List;

/// Gives micro-batches in an order that depends on its settings and its state alone, so that a run
/// that stops can go on as if it had not.
public interface Feed extends AutoCloseable {
  /// The next micro-batch: at least one example, none of them empty.
  ///
  /// @throws io.plm4j.error.InputException if there is nothing to give, because every row is bad
  List<Example> next();

  /// How many micro-batches make an epoch; an estimate where rows are skipped or packed.
  long batchesPerEpoch();

  /// Where it stands, as one line of JSON.
  String state();

  /// Goes to where another feed with the same settings stood.
  ///
  /// @param state as [#state] gave it
  /// @throws io.plm4j.error.InputException if it is of a feed with other settings
  void restore(String state);

  /// Ends what works ahead for it, if anything does.
  @Override
  default void close() {}
}
