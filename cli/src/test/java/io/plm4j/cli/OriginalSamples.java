package io.plm4j.cli;

import io.plm4j.tensor.DType;
import io.plm4j.testkit.TinyCheckpoint;
import java.nio.file.Path;

/// A model in Meta's layout, and the same in Hugging Face's; made when first asked for.
final class OriginalSamples {
  static final String ORIGINAL = Path.of(Samples.MODEL).resolveSibling("original").toString();
  static final String CONVERTED = Path.of(Samples.MODEL).resolveSibling("converted").toString();

  static {
    TinyCheckpoint.writeOriginal(Path.of(ORIGINAL), DType.F32);
    var run = Run.of("convert", "--model", ORIGINAL, "--to", "hf", "--out", CONVERTED);
    if (run.exitCode() != 0) {
      throw new IllegalStateException(run.err());
    }
  }

  private OriginalSamples() {}
}
