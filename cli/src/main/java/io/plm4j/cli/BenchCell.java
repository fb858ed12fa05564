package io.plm4j.cli;

import io.plm4j.model.PerceptionLm;
import io.plm4j.model.PlmConfig;
import io.plm4j.model.Work;
import io.plm4j.tensor.DType;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// One combination that `plm bench` measured, with what it reached.
///
/// @param load seconds, once for all cells of a type and a number of threads
/// @param formats of weights in few bits, `as stored` where the files have them so
/// @param tiles that the picture became, the whole one included
/// @param weightBytes of a number of the weights, in memory; NaN where parts of the model have
///   several formats, and then nothing is said of the bytes that are read
record BenchCell(
    PlmConfig config,
    DType type,
    Optional<String> formats,
    int threads,
    double load,
    int tiles,
    double weightBytes,
    List<BenchRun> runs) {
  BenchCell {
    runs = List.copyOf(runs);
  }

  /// Best and median of a phase, in seconds.
  record Spread(double best, double median) {}

  /// What a phase is and what it reached at best.
  ///
  /// @param flops operations that it takes
  /// @param bytes that it must read at least
  /// @param seconds at best
  record Reached(String phase, double flops, double bytes, double seconds) {
    double gigaflops() {
      return flops / seconds / 1e9;
    }

    double gigabytes() {
      return bytes / seconds / 1e9;
    }

    /// Whether it is known how many bytes must be read.
    boolean countsBytes() {
      return !Double.isNaN(bytes);
    }

    /// Operations for a byte.
    double intensity() {
      return flops / bytes;
    }
  }

  Spread spread(ToDoubleFunction<BenchRun> phase) {
    var sorted = runs.stream().mapToDouble(phase).sorted().toArray();
    int half = sorted.length / 2;
    double median = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    return new Spread(sorted[0], median);
  }

  int promptTokens() {
    return runs.getFirst().promptTokens();
  }

  /// Those of the prompt that no cache had.
  int readTokens() {
    return runs.getFirst().readTokens();
  }

  int decoded() {
    return runs.getFirst().decoded();
  }

  /// The phases that took time. Weights are read once a batch of tiles and once a piece of the
  /// prompt; keys and values once a token.
  List<Reached> reached() {
    var work = new Work(config);
    long batches = (tiles + PerceptionLm.TILES_AT_ONCE - 1) / PerceptionLm.TILES_AT_ONCE;
    long pieces = (readTokens() + PerceptionLm.PREFILL_CHUNK - 1) / PerceptionLm.PREFILL_CHUNK;
    int reused = promptTokens() - readTokens();
    double cached = config.decoder().kvCacheBytesPerToken(type);
    // In the middle of the answer.
    int positions = promptTokens() + (decoded() + 1) / 2;
    return List.of(
            new Reached(
                "vision",
                work.visionFlops(tiles),
                batches * work.visionNumbers() * weightBytes,
                spread(BenchRun::vision).best()),
            new Reached(
                "prefill",
                work.prefillFlops(promptTokens()) - (reused == 0 ? 0 : work.prefillFlops(reused)),
                pieces * work.decoderNumbers() * weightBytes + promptTokens() * cached,
                spread(BenchRun::prefill).best()),
            new Reached(
                "decode",
                work.decodeFlops(positions),
                work.decoderNumbers() * weightBytes + positions * cached,
                spread(BenchRun::decodePerToken).best()))
        .stream()
        .filter(phase -> phase.flops() > 0 && phase.seconds() > 0)
        .toList();
  }
}
