package io.plm4j.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What a command reads from and writes to. Text is UTF-8 whatever the locale.
final class Terminal {
  private final InputStream in;
  private final Watched out;
  private final PrintStream printer;
  private final PrintStream err;
  private final int columns;

  /// @param columns of the terminal that `err` is; 0 if it is none, and no progress is to be shown
  Terminal(InputStream in, OutputStream out, OutputStream err, int columns) {
    this.in = in;
    this.out = new Watched(out);
    this.printer = new PrintStream(this.out, false, StandardCharsets.UTF_8);
    this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
    this.columns = columns;
  }

  /// The streams of this process. The launcher says whether standard error is a terminal, which
  /// Java cannot ask.
  static Terminal ofProcess() {
    return new Terminal(
        new FileInputStream(FileDescriptor.in),
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        Integer.getInteger("plm.columns", 0));
  }

  InputStream in() {
    return in;
  }

  /// Buffered; what must be seen at once needs a flush.
  PrintStream out() {
    return printer;
  }

  PrintStream err() {
    return err;
  }

  int columns() {
    return columns;
  }

  /// What went wrong when something was written to `out`: its reader has gone, the disk is full.
  Optional<IOException> failure() {
    printer.flush();
    return Optional.ofNullable(out.failure);
  }

  /// A print stream swallows errors; this one remembers the first.
  private static final class Watched extends FilterOutputStream {
    private volatile @org.jspecify.annotations.Nullable IOException failure;

    Watched(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      attempt(() -> out.write(bytes, from, length));
    }

    @Override
    public void write(int b) throws IOException {
      attempt(() -> out.write(b));
    }

    @Override
    public void flush() throws IOException {
      attempt(out::flush);
    }

    private void attempt(Write write) throws IOException {
      try {
        write.run();
      } catch (IOException e) {
        failure = failure == null ? e : failure;
        throw e;
      }
    }

    private interface Write {
      void run() throws IOException;
    }
  }
}
