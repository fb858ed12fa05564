package io.plm4j.cli;

import io.plm4j.error.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Lines from a file or another program: a question each.
final class PipedLines implements LineSource {
  private final BufferedReader reader;
  private final Interrupt interrupt;

  /// @param interrupt of the process: there is no prompt to return to
  PipedLines(InputStream in, Interrupt interrupt) {
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    this.reader = new BufferedReader(new InputStreamReader(in, decoder));
    this.interrupt = interrupt;
  }

  @Override
  public Optional<String> next() {
    try {
      return Optional.ofNullable(reader.readLine());
    } catch (IOException e) {
      throw new InputException("Standard input cannot be read as UTF-8 text: " + e.getMessage(), e);
    }
  }

  @Override
  public BooleanSupplier watch() {
    return interrupt::requested;
  }

  @Override
  public boolean isInteractive() {
    return false;
  }

  @Override
  public void close() {
    // Standard input belongs to the process.
  }
}
