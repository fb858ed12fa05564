package io.plm4j.checkpoint;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Pattern;

/// Finds the weight files of a folder in Meta's layout.
final class PthFiles {
  static final String SINGLE = "consolidated.pth";

  private static final Pattern PART = Pattern.compile("consolidated\\.(\\d{2,5})\\.pth");

  private PthFiles() {}

  /// The files, in order: `consolidated.pth`, else `consolidated.00.pth` and those that follow;
  /// none if there are none.
  static List<Path> in(Path folder) {
    var single = folder.resolve(SINGLE);
    if (Files.exists(single)) {
      return List.of(single);
    }
    var parts = new ArrayList<Path>();
    try (var files = Files.newDirectoryStream(folder, "consolidated.*.pth")) {
      files.forEach(parts::add);
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s".formatted(folder, e), e);
    }
    parts.removeIf(part -> !PART.matcher(name(part)).matches());
    parts.sort(null);
    requireGapless(folder, parts);
    return List.copyOf(parts);
  }

  private static void requireGapless(Path folder, List<Path> parts) {
    for (int i = 0; i < parts.size(); i++) {
      var matcher = PART.matcher(name(parts.get(i)));
      if (!matcher.matches() || Integer.parseInt(matcher.group(1)) != i) {
        throw new InputException(
            "%s: the weights are in parts, but part %02d is not there; found %s. Fetch the rest."
                .formatted(folder, i, Excerpt.of(parts.stream().map(PthFiles::name).toList())));
      }
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  /// Opens the files, which must not share a tensor.
  static List<TensorFile> open(List<Path> paths, Arena arena) {
    var files = new ArrayList<TensorFile>();
    var owners = new HashMap<String, Path>();
    for (var path : paths) {
      var file = PthFile.open(path, arena);
      for (var name : file.tensors().keySet()) {
        var other = owners.putIfAbsent(name, path);
        if (other != null) {
          throw new InputException(
              "%s and %s both hold \"%s\": each tensor is cut in parts, for %d GPUs. Such checkpoints are not read; merge them into one consolidated.pth first."
                  .formatted(other, name(path), Excerpt.of(name), paths.size()));
        }
      }
      files.add(file);
    }
    return files;
  }
}
