package io.plm4j.cli;

/// One timed answer, in seconds.
///
/// @param prefill the prompt alone, pictures already encoded, up to the first token's scores
/// @param decode all tokens after the first
/// @param promptTokens those of the picture included
/// @param readTokens those of the prompt that no cache had
/// @param decoded tokens after the first; fewer than wanted if the model ended its answer
record BenchRun(
    double preprocess,
    double vision,
    double prefill,
    double decode,
    int promptTokens,
    int readTokens,
    int decoded) {
  /// What a user waits for the first word once the picture is cut.
  double firstToken() {
    return vision + prefill;
  }

  double decodePerToken() {
    return decoded == 0 ? 0 : decode / decoded;
  }
}
