package io.plm4j.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

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
    return with(Map.of(), columns, standardInput, args);
  }

  /// @param environment variables, as those that name a Hub; `TEST_ROOT` is taken for the root of
  ///   the file system
  static Run with(
      Map<String, String> environment, int columns, String standardInput, String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var context = context(environment, columns, standardInput, out, err, new Interrupt());
    int code = CommandLineRunner.run(context, args);
    return new Run(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  static Context context(
      int columns, String standardInput, OutputStream out, OutputStream err, Interrupt interrupt) {
    return context(Map.of(), columns, standardInput, out, err, interrupt);
  }

  static Context context(
      Map<String, String> environment,
      int columns,
      String standardInput,
      OutputStream out,
      OutputStream err,
      Interrupt interrupt) {
    var in = new ByteArrayInputStream(standardInput.getBytes(StandardCharsets.UTF_8));
    return new Context(
        new Terminal(in, out, err, columns),
        interrupt,
        System::nanoTime,
        () -> 4711,
        environment,
        Path.of("home"),
        () -> new PipedLines(in, interrupt),
        Path.of(environment.getOrDefault("TEST_ROOT", "/")));
  }
}
