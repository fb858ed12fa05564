package io.plm4j.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/// The checksum that a blob's name is.
enum Checksum {
  /// Of the content: files in Git LFS.
  SHA_256("SHA-256", 64),
  /// As Git names a blob: of a header with the size, and the content.
  GIT("SHA-1", 40);

  private static final int BUFFER = 1 << 20;

  private final String algorithm;
  private final int digits;

  Checksum(String algorithm, int digits) {
    this.algorithm = algorithm;
    this.digits = digits;
  }

  /// Empty for a name of another server's making, which says nothing about the content.
  static Optional<Checksum> of(String tag) {
    for (var checksum : values()) {
      if (tag.length() == checksum.digits && tag.matches("[0-9a-f]*")) {
        return Optional.of(checksum);
      }
    }
    return Optional.empty();
  }

  /// Computes it of a file's first bytes.
  String compute(FileChannel file, long size, BooleanSupplier stopped) throws IOException {
    var digest = digest();
    if (this == GIT) {
      digest.update("blob %d\0".formatted(size).getBytes(StandardCharsets.US_ASCII));
    }
    var buffer = ByteBuffer.allocate(BUFFER);
    for (long at = 0; at < size; at += buffer.position()) {
      if (stopped.getAsBoolean()) {
        throw new CancellationException();
      }
      buffer.clear().limit((int) Math.min(BUFFER, size - at));
      if (file.read(buffer, at) < 0) {
        throw new IOException("the file has %,d bytes; wanted %,d".formatted(at, size));
      }
      digest.update(buffer.array(), 0, buffer.position());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private MessageDigest digest() {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has these two
    }
  }
}
