package io.plm4j.checkpoint;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A sum over what distinguishes weights from others of the same shape, without reading them all.
///
/// Learning changes numbers in every part of a tensor, so that three places of each show it. What
/// changes less, such as a row of a table, changes the file's time; what keeps the time, such as a
/// copy of another model over this one, changes the numbers. Either changes the sum.
final class Fingerprint {
  /// What is looked at of a tensor at its beginning, in its middle and at its end.
  private static final int SAMPLE_BYTES = 512;

  private final MessageDigest sha;

  Fingerprint() {
    try {
      sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// A file all of whose content counts.
  void whole(Path file) {
    try {
      var content = Files.readAllBytes(file);
      put(content.length + " bytes");
      sha.update(content);
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s".formatted(file, e), e);
    }
  }

  /// A file of which nothing is read here.
  void file(Path file) {
    try {
      put("%d bytes, %s".formatted(Files.size(file), Files.getLastModifiedTime(file).toInstant()));
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s".formatted(file, e), e);
    }
  }

  void tensor(TensorInfo info, MemorySegment data) {
    put("%s %s %s".formatted(info.name(), info.dtype(), info.shape()));
    long end = Math.max(0, data.byteSize() - SAMPLE_BYTES);
    for (long at : new long[] {0, end / 2, end}) {
      sha.update(data.asSlice(at, Math.min(SAMPLE_BYTES, data.byteSize() - at)).asByteBuffer());
    }
  }

  String text() {
    return HexFormat.of().formatHex(sha.digest());
  }

  private void put(String text) {
    sha.update(text.getBytes(StandardCharsets.UTF_8));
    sha.update((byte) 0);
  }
}
