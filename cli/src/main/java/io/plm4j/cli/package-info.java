/// The command line: one class a subcommand. The only place that reads the clock, the environment
/// and standard input.
@NullMarked
package io.plm4j.cli;

import org.jspecify.annotations.NullMarked;
