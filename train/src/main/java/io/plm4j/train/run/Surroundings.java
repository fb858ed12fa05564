package io.plm4j.train.run;

import java.time.Clock;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// What a run takes down of the process and the machine around it.
///
/// @param clock for the times in files and the names of folders
/// @param host name of the machine
/// @param process number of the process
/// @param peakMemory the most memory that the process has had, in bytes, where that is known
public record Surroundings(
    Clock clock, String host, long process, Supplier<OptionalLong> peakMemory) {}
