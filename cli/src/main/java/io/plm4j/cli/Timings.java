package io.plm4j.cli;

/// Seconds of each phase; 0 for one that there was not, such as loading for a second answer.
/// Prefill is the prompt alone, with the pictures already encoded, up to the first token's scores;
/// decode is everything after.
record Timings(double load, double preprocess, double vision, double prefill, double decode) {
  /// The same behind what was done before the question was asked.
  Timings after(double loading, double reading) {
    return new Timings(loading, reading + preprocess, vision, prefill, decode);
  }
}
