package io.plm4j.cli;

import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Where a chat's lines come from.
interface LineSource extends AutoCloseable {
  /// The next line, without its end; empty when there are no more.
  Optional<String> next();

  /// Says for the answer that begins now when the user wants it to stop.
  BooleanSupplier watch();

  /// Whether a person sits there who is to be greeted.
  boolean isInteractive();

  @Override
  void close();
}
