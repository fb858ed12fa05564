package io.plm4j.train.data;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;

/// A file of lines of which only the places are in memory, eight bytes a line.
///
/// A mark of the byte order at the beginning and empty lines at the end are no part of it.
///
/// @param starts where its lines start and, behind them, where the last one ends
@SuppressWarnings("ArrayRecordComponent") // never compared
record LineFile(Path path, long[] starts) {
  private static final int BUFFER = 1 << 20;

  /// What the rows of a run are kept count of with is an int.
  private static final int MOST_LINES = 500_000_000;

  /// A row is a conversation: this would be a library of them.
  private static final long LONGEST = 64 << 20;

  static LineFile index(Path path) {
    try (var file = FileChannel.open(path)) {
      return new LineFile(path, starts(path, file));
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s".formatted(path, e), e);
    }
  }

  private static long[] starts(Path path, FileChannel file) throws IOException {
    long begin = mark(file);
    var starts = new long[1024];
    starts[0] = begin;
    int lines = 0;
    int filled = 0; // lines up to the last one that holds anything
    boolean blank = true;
    long at = begin;
    var buffer = ByteBuffer.allocate(BUFFER);
    while (file.read(buffer.clear(), at) > 0) {
      buffer.flip();
      for (int i = 0; i < buffer.limit(); i++, at++) {
        byte b = buffer.get(i);
        blank &= b == ' ' || b == '\t' || b == '\r' || b == '\n';
        if (b == '\n') {
          if (++lines == MOST_LINES) {
            throw new InputException(
                "%s has more than %,d lines; split it up".formatted(path, MOST_LINES));
          }
          filled = blank ? filled : lines;
          blank = true;
          starts = lines < starts.length ? starts : Arrays.copyOf(starts, lines * 2);
          starts[lines] = at + 1;
        }
      }
    }
    if (!blank) {
      filled = ++lines;
      starts = Arrays.copyOf(starts, lines + 1);
      starts[lines] = at;
    }
    return Arrays.copyOf(starts, filled + 1);
  }

  /// The length of the mark that some editors put in front of UTF-8.
  private static long mark(FileChannel file) throws IOException {
    var head = ByteBuffer.allocate(3);
    boolean marked =
        file.read(head, 0) == 3 && Arrays.equals(head.array(), new byte[] {-17, -69, -65});
    return marked ? 3 : 0;
  }

  int count() {
    return starts.length - 1;
  }

  /// The bytes of a line, without those that end it.
  byte[] read(int line) {
    long length = starts[line + 1] - starts[line];
    if (length > LONGEST) {
      throw new InputException(
          "the line has %,d bytes; a row has at most %,d".formatted(length, LONGEST));
    }
    var bytes = ByteBuffer.allocate((int) length);
    try (var file = FileChannel.open(path)) {
      while (bytes.hasRemaining()) {
        if (file.read(bytes, starts[line] + bytes.position()) < 0) {
          throw new InputException(
              "the file ends before this line; it was changed since it was opened");
        }
      }
    } catch (IOException e) {
      throw new InputException("it cannot be read: " + e, e);
    }
    return withoutEnd(bytes.array());
  }

  private static byte[] withoutEnd(byte[] line) {
    int length = line.length;
    while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r')) {
      length--;
    }
    return Arrays.copyOf(line, length);
  }
}
