/// The command line: one class a subcommand. The only place that reads the clock, the environment
/// and standard input.
///
/// Nothing here computes; whatever another program could want is in the packages of `core`.
@NullMarked
package io.plm4j.cli;

import org.jspecify.annotations.NullMarked;
