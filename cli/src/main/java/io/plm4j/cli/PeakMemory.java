package io.plm4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/// The most memory that this process has had in RAM, mapped weights included.
final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private PeakMemory() {}

  /// In bytes; empty where the system does not say.
  static OptionalLong bytes() {
    try {
      return parse(Files.readString(STATUS));
    } catch (IOException e) {
      return OptionalLong.empty(); // not Linux
    }
  }

  static OptionalLong parse(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("VmHWM:") && line.endsWith(" kB"))
        .mapToLong(line -> Long.parseLong(line.substring(6, line.length() - 3).strip()) * 1024)
        .findFirst();
  }
}
