package io.plm4j.hub;

import io.plm4j.error.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// plm-nano, the small model inside this library.
///
/// Weights are mapped from files, so it is laid out as a folder the first time that it is wanted,
/// in `$XDG_CACHE_HOME/plm4j` or `~/.cache/plm4j`, under a name that is another for other weights.
/// Any number of threads and processes may ask for it at the same time.
public final class ShippedModel {
  /// What it is called.
  public static final String NAME = "plm-nano";

  private static final String SUMS = "SHA256SUMS";

  private final Function<String, @Nullable InputStream> files;

  /// @param files opens a file by its name; null where there is none
  ShippedModel(Function<String, @Nullable InputStream> files) {
    this.files = files;
  }

  /// The folder with its files.
  ///
  /// @param environment variables of the process
  /// @throws InputException if it cannot be written
  public static Path folder(Map<String, String> environment) {
    var files = new ShippedModel(name -> ShippedModel.class.getResourceAsStream("nano/" + name));
    return files.layOut(new Variables(environment).cacheHome().resolve("plm4j"));
  }

  Path layOut(Path home) {
    byte[] sums = read(SUMS);
    var wanted = parse(new String(sums, StandardCharsets.US_ASCII));
    var folder = home.resolve("%s-%s".formatted(NAME, sum(sums).substring(0, 12)));
    try {
      if (!isComplete(folder, wanted)) {
        Files.createDirectories(home);
        var fresh = Files.createTempDirectory(home, folder.getFileName() + ".");
        try {
          for (var name : wanted.keySet()) {
            Files.write(fresh.resolve(name), read(name));
          }
          replace(fresh, folder, wanted);
        } finally {
          remove(fresh);
        }
      }
      return folder;
    } catch (IOException | UncheckedIOException e) {
      throw new InputException(
          "%s is to be laid out as %s, but that cannot be written: %s. Set XDG_CACHE_HOME to a folder that can."
              .formatted(NAME, folder, e),
          e);
    }
  }

  private static void replace(Path fresh, Path folder, Map<String, String> wanted)
      throws IOException {
    if (Files.exists(folder)) {
      // Half written by hand or by a failing disk: file by file, so that none is missing meanwhile.
      for (var name : wanted.keySet()) {
        Files.move(
            fresh.resolve(name),
            folder.resolve(name),
            java.nio.file.StandardCopyOption.REPLACE_EXISTING,
            java.nio.file.StandardCopyOption.ATOMIC_MOVE);
      }
      return;
    }
    try {
      Files.move(fresh, folder, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!isComplete(folder, wanted)) { // else another process was faster
        throw e;
      }
    }
  }

  private static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static boolean isComplete(Path folder, Map<String, String> wanted) throws IOException {
    for (var file : wanted.entrySet()) {
      var path = folder.resolve(file.getKey());
      if (!Files.isRegularFile(path) || !sum(Files.readAllBytes(path)).equals(file.getValue())) {
        return false;
      }
    }
    return true;
  }

  /// Names with their checksums, from lines as `sha256sum` writes them.
  private static Map<String, String> parse(String sums) {
    var files = new LinkedHashMap<String, String>();
    sums.lines().forEach(line -> files.put(line.substring(66), line.substring(0, 64)));
    return files;
  }

  private byte[] read(String name) {
    try (var file = files.apply(name)) {
      return Objects.requireNonNull(file, () -> name + " is missing in this build of plm4j")
          .readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sum(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
