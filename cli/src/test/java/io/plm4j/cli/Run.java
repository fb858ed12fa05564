package io.plm4j.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// What a command line did, run in this process.
record Run(int exitCode, String out, String err) {
  static Run of(String... args) {
    return with(0, "", args);
  }

  static Run withInput(String standardInput, String... args) {
    return with(0, standardInput, args);
  }

  /// @param columns as of a terminal; 0 for none
  static Run with(int columns, String standardInput, String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var in = new ByteArrayInputStream(standardInput.getBytes(StandardCharsets.UTF_8));
    var context =
        new Context(
            new Terminal(in, out, err, columns), new Interrupt(), System::nanoTime, () -> 4711);
    int code = CommandLineRunner.run(context, args);
    return new Run(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
