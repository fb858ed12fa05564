package io.plm4j.cli;

import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What a command needs of the process around it.
///
/// @param nanoTime a clock for durations
/// @param seeds gives a seed where the user gives none
/// @param home the user's folder
/// @param lines opens what a chat reads
record Context(
    Terminal terminal,
    Interrupt interrupt,
    LongSupplier nanoTime,
    LongSupplier seeds,
    Path home,
    Supplier<LineSource> lines) {}
