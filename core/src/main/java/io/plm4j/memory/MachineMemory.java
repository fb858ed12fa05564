package io.plm4j.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// How much memory a process may still take on Linux: what the machine has left, or the control
/// groups that the process is in, whichever is less.
public final class MachineMemory {
  /// A group without a limit has one of nearly 2^63 bytes, in pages.
  private static final long NO_LIMIT = 1L << 60;

  private MachineMemory() {}

  /// @param root of the file system
  /// @return bytes; empty where the system does not say
  public static OptionalLong available(Path root) {
    var all =
        Stream.concat(Stream.of(free(root)), groups(root))
            .flatMapToLong(OptionalLong::stream)
            .toArray();
    long least = Long.MAX_VALUE;
    for (long bytes : all) {
      least = Math.min(least, Math.max(0, bytes));
    }
    return all.length == 0 ? OptionalLong.empty() : OptionalLong.of(least);
  }

  private static OptionalLong free(Path root) {
    return lines(root.resolve("proc/meminfo"))
        .filter(line -> line.startsWith("MemAvailable:") && line.endsWith(" kB"))
        .mapToLong(line -> number(line.replaceAll("\\D", "")) * 1024)
        .findFirst();
  }

  /// Of each group that limits this process, what is left of its limit.
  private static Stream<OptionalLong> groups(Path root) {
    return lines(root.resolve("proc/self/cgroup"))
        .map(line -> line.split(":", 3))
        .filter(parts -> parts.length == 3)
        .flatMap(parts ->
            parts[1].isEmpty()
                ? upwards(root.resolve("sys/fs/cgroup"), parts[2])
                    .map(group -> left(group, "memory.max", "memory.current", "inactive_file "))
                : parts[1].equals("memory")
                    ? upwards(root.resolve("sys/fs/cgroup/memory"), parts[2])
                        .map(group ->
                            left(
                                group,
                                "memory.limit_in_bytes",
                                "memory.usage_in_bytes",
                                "total_inactive_file "))
                    : Stream.empty());
  }

  /// A group and those that it is in. Inside a container the outer ones' names lead nowhere, and
  /// the innermost is mounted as the top.
  private static Stream<Path> upwards(Path top, String name) {
    var group = top.resolve(name.replaceFirst("^/+", "")).normalize();
    return Stream.iterate(group, path -> path != null && path.startsWith(top), Path::getParent);
  }

  private static OptionalLong left(Path group, String limit, String usage, String droppable) {
    long most = lines(group.resolve(limit)).mapToLong(MachineMemory::number).findFirst().orElse(-1);
    if (most < 0 || most > NO_LIMIT) {
      return OptionalLong.empty();
    }
    long used = lines(group.resolve(usage)).mapToLong(MachineMemory::number).findFirst().orElse(0);
    // Cached files count as used, and make room when memory runs short.
    long cached =
        lines(group.resolve("memory.stat"))
            .filter(line -> line.startsWith(droppable))
            .mapToLong(line -> number(line.substring(droppable.length())))
            .findFirst()
            .orElse(0);
    return OptionalLong.of(most - Math.max(0, used - cached));
  }

  /// @return -1 for words such as `max`
  private static long number(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException _) {
      return -1;
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.readString(file).lines() : Stream.empty();
    } catch (IOException e) {
      return Stream.empty(); // as if the system had not said
    }
  }
}
