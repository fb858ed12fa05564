package io.plm4j.cli;

/// What the process says to its caller.
final class ExitCode {
  static final int OK = 0;

  /// A defect of plm4j or of the machine.
  static final int DEFECT = 1;

  /// Something that the user gave cannot be used.
  static final int BAD_INPUT = 2;

  /// The user pressed Ctrl-C: 128 and the number of the signal, as shells have it.
  static final int INTERRUPTED = 130;

  /// The reader of our output has gone: 128 and the number of SIGPIPE.
  static final int READER_GONE = 141;

  /// 128 and the number, as shells have it.
  static int ofSignal(int number) {
    return 128 + number;
  }

  private ExitCode() {}
}
