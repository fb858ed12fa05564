package io.plm4j.train.config;

/// Where a setting comes from.
///
/// @param line in the file, from 1; 0 where there are no lines
record Origin(String source, int line) {
  static final Origin COMMAND_LINE = new Origin("the command line", 0);

  @Override
  public String toString() {
    return line == 0 ? source : "%s, line %d".formatted(source, line);
  }
}
