package io.plm4j.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Stands for everything that some tensors depend on: equal for equal causes, and different for all
/// others, as far as SHA-256 goes.
///
/// @param kind what the tensors are, for people who look into the folder: a word
/// @param hex SHA-256 in 64 digits
public record CacheKey(String kind, String hex) {
  /// @param causes in an order of the caller's
  public static CacheKey of(String kind, String... causes) {
    return new CacheKey(kind, hash(kind, new int[0], causes));
  }

  /// The key of what depends on all that this one stands for, and on more.
  public CacheKey then(int[] ids, String... causes) {
    return new CacheKey(kind, hash(hex, ids, causes));
  }

  /// Every part is preceded by its length, so that no two lists of parts give the same bytes.
  private static String hash(String before, int[] ids, String... causes) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      put(sha, before);
      var bytes = ByteBuffer.allocate(Integer.BYTES * (1 + ids.length)).putInt(ids.length);
      for (int id : ids) {
        bytes.putInt(id);
      }
      sha.update(bytes.flip());
      for (var cause : causes) {
        put(sha, cause);
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static void put(MessageDigest sha, String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    sha.update(bytes);
  }
}
