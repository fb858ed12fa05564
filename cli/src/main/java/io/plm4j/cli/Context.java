package io.plm4j.cli;

import java.util.function.LongSupplier;

/// What a command needs of the process around it.
///
/// @param nanoTime a clock for durations
/// @param seeds gives a seed where the user gives none
record Context(Terminal terminal, Interrupt interrupt, LongSupplier nanoTime, LongSupplier seeds) {}
