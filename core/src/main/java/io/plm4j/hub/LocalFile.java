package io.plm4j.hub;

import io.plm4j.error.Excerpt;
import io.plm4j.error.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// A file on its way to the Hub.
///
/// @param name its path there, with slashes
record LocalFile(String name, Path path, long size) {
  /// Git's own matter, and what Hugging Face's programs leave behind; the Hub refuses both.
  private static final Set<String> NEVER = Set.of(".git", ".cache");

  private static final int MAX_DEPTH = 32;
  private static final int SAMPLE = 512;

  /// All files of a folder and of those in it, sorted; links count as what they lead to, as in the
  /// cache of the Hub.
  ///
  /// @throws InputException if there is none, or one with a name that the Hub does not take
  static List<LocalFile> of(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new InputException("%s is not a folder that could be uploaded.".formatted(folder));
    }
    var files = new ArrayList<LocalFile>();
    try {
      Files.walkFileTree(
          folder,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          MAX_DEPTH,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) {
              return NEVER.contains(String.valueOf(at.getFileName())) && !at.equals(folder)
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isRegularFile()) {
                var name = folder.relativize(file).toString().replace('\\', '/');
                files.add(new LocalFile(name, file, attributes.size()));
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s".formatted(folder, e), e);
    }
    if (files.isEmpty()) {
      throw new InputException("%s has no files; name the folder of a model.".formatted(folder));
    }
    for (var file : files) {
      if (!FileNames.isSafe(file.name())) {
        throw new InputException(
            "%s: the Hub takes no file of the name '%s'; rename it."
                .formatted(folder, Excerpt.of(file.name())));
      }
    }
    files.sort(java.util.Comparator.comparing(LocalFile::name));
    return List.copyOf(files);
  }

  /// The first bytes, by which the Hub tells text from the rest.
  byte[] sample() throws IOException {
    try (var in = Files.newInputStream(path)) {
      return in.readNBytes(SAMPLE);
    }
  }

  /// The whole content of a small file.
  byte[] content() throws IOException {
    return Files.readAllBytes(path);
  }

  String checksum(Checksum kind, BooleanSupplier stopped) throws IOException {
    try (var channel = FileChannel.open(path)) {
      return kind.compute(channel, size, stopped);
    }
  }

  /// Reads some bytes at a place into a buffer, and fails if the file has become shorter.
  void read(FileChannel channel, ByteBuffer into, long at) throws IOException {
    long place = at;
    while (into.hasRemaining()) {
      int count = channel.read(into, place);
      if (count < 0) {
        throw new HubException(
            HubException.Kind.WRONG,
            "%s has changed while it was uploaded; run the command again.".formatted(path));
      }
      place += count;
    }
  }
}
