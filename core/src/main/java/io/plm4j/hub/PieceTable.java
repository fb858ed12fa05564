package io.plm4j.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Optional;

/// How many bytes of each piece have come, kept at the end of the file that they come into: behind
/// the content's place a number a piece, then the content's size, the size of a piece, and a mark.
final class PieceTable {
  private static final long MARK = 0x706c6d346a2d3031L; // "plm4j-01"
  private static final int FOOTER = 3 * Long.BYTES;

  private final long size;
  private final long pieceBytes;
  private final long[] done;

  private PieceTable(long size, long pieceBytes, long[] done) {
    this.size = size;
    this.pieceBytes = pieceBytes;
    this.done = done;
  }

  /// Nothing has come yet.
  static PieceTable empty(long size, long pieceBytes) {
    return new PieceTable(size, pieceBytes, new long[Math.toIntExact(countOf(size, pieceBytes))]);
  }

  private static long countOf(long size, long pieceBytes) {
    return Math.max(1, Math.ceilDiv(size, pieceBytes));
  }

  /// The table at a file's end; empty if there is none that can be true.
  static Optional<PieceTable> read(FileChannel file) throws IOException {
    long length = file.size();
    if (length < FOOTER) {
      return Optional.empty();
    }
    var footer = bytes(file, length - FOOTER, FOOTER);
    long size = footer.getLong();
    long pieceBytes = footer.getLong();
    if (footer.getLong() != MARK || size < 0 || size > length || pieceBytes < 1) {
      return Optional.empty();
    }
    long count = countOf(size, pieceBytes);
    if (count > Integer.MAX_VALUE / Long.BYTES || length != size + count * Long.BYTES + FOOTER) {
      return Optional.empty();
    }
    var numbers = bytes(file, size, (int) count * Long.BYTES);
    var table = empty(size, pieceBytes);
    for (int piece = 0; piece < count; piece++) {
      long bytes = numbers.getLong();
      if (bytes < 0 || bytes > table.end(piece) - table.start(piece)) {
        return Optional.empty();
      }
      table.done[piece] = bytes;
    }
    return Optional.of(table);
  }

  private static ByteBuffer bytes(FileChannel file, long at, int count) throws IOException {
    var bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, at + bytes.position()) < 0) {
        throw new IOException("the file became shorter while it was read");
      }
    }
    return bytes.flip();
  }

  boolean isOf(long wantedSize, long wantedPieceBytes) {
    return size == wantedSize && pieceBytes == wantedPieceBytes;
  }

  /// Forgets everything, in the file too.
  void reset(FileChannel file) throws IOException {
    Arrays.fill(done, 0);
    file.truncate(0);
    var bytes = ByteBuffer.allocate(done.length * Long.BYTES + FOOTER);
    bytes.position(done.length * Long.BYTES);
    bytes.putLong(size).putLong(pieceBytes).putLong(MARK).flip();
    while (bytes.hasRemaining()) {
      file.write(bytes, size + bytes.position());
    }
  }

  /// Notes bytes that were written to their place.
  ///
  /// @return how many of them had not come before
  long note(FileChannel file, long from, long to) throws IOException {
    long before = bytes();
    for (int i = (int) (from / pieceBytes); i < done.length && start(i) < to; i++) {
      // Bytes beyond a gap do not count: what has come is always a piece's begin.
      if (from <= start(i) + done[i]) {
        note(file, i, Math.min(to, end(i)) - start(i));
      }
    }
    return bytes() - before;
  }

  private void note(FileChannel file, int piece, long bytes) throws IOException {
    if (bytes > done[piece]) {
      done[piece] = bytes;
      var number = ByteBuffer.allocate(Long.BYTES).putLong(bytes).flip();
      file.write(number, size + (long) Long.BYTES * piece);
    }
  }

  /// Where a piece begins.
  long start(int piece) {
    return piece * pieceBytes;
  }

  /// Where a piece ends, exclusive.
  long end(int piece) {
    return Math.min(size, start(piece) + pieceBytes);
  }

  /// What has come of a piece.
  long bytes(int piece) {
    return done[piece];
  }

  /// What has come in all.
  long bytes() {
    return Arrays.stream(done).sum();
  }
}
