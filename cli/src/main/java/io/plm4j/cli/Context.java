package io.plm4j.cli;

import io.plm4j.hub.Hub;
import io.plm4j.hub.HubSettings;
import io.plm4j.train.run.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What a command needs of the process around it.
///
/// @param nanoTime a clock for durations
/// @param seeds gives a seed where the user gives none
/// @param environment variables of the process
/// @param home the user's folder
/// @param lines opens what a chat reads
/// @param root of the file system, where Linux says what memory there is
record Context(
    Terminal terminal,
    Interrupt interrupt,
    LongSupplier nanoTime,
    LongSupplier seeds,
    Map<String, String> environment,
    Path home,
    Supplier<LineSource> lines,
    Path root) {
  /// The Hub and the cache that the environment names.
  Hub hub() {
    return new Hub(HubSettings.of(environment), nanoTime);
  }

  /// What a training run takes down of this process.
  Surroundings surroundings() {
    return new Surroundings(
        Clock.systemDefaultZone(), host(), ProcessHandle.current().pid(), PeakMemory::bytes);
  }

  private static String host() {
    try {
      // Not by its address, for which a machine may wait for the net.
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return "localhost"; // not Linux
    }
  }
}
