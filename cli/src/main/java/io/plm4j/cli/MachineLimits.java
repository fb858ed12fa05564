package io.plm4j.cli;

import io.plm4j.tensor.DType;
import io.plm4j.tensor.Scope;
import io.plm4j.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

/// What this machine can do at best, measured: the speed at which memory is read, and that of
/// libtorch's product at a shape that suits it.
///
/// @param readGigabytes a second
/// @param f32Gigaflops a second
/// @param bf16Gigaflops a second
record MachineLimits(int threads, double readGigabytes, double f32Gigaflops, double bf16Gigaflops) {
  /// More than any cache holds, in all threads together: 512 MB.
  private static final int NUMBERS = 64 << 20;

  /// The best of some tries: what else the machine does takes from each.
  private static final int TRIES = 4;

  /// Rows, inner size and columns of the product: those of a feed-forward in 1B.
  private static final long ROWS = 1024;

  private static final long INNER = 2048;
  private static final long COLUMNS = 8192;

  static MachineLimits measure(int threads, LongSupplier nanoTime) {
    Tensor.setThreads(threads);
    return new MachineLimits(
        threads,
        read(threads, nanoTime),
        product(DType.F32, nanoTime),
        product(DType.BF16, nanoTime));
  }

  /// The most operations a second, in billions, that this machine allows to work that has so many
  /// for each byte it reads: what it can compute, or what it can read.
  double roof(DType type, double intensity) {
    return Math.min(peak(type), intensity * readGigabytes);
  }

  double peak(DType type) {
    return type == DType.BF16 ? bf16Gigaflops : f32Gigaflops;
  }

  private static double read(int threads, LongSupplier nanoTime) {
    try (var workers = Executors.newFixedThreadPool(threads)) {
      var parts = new ArrayList<long[]>();
      for (int i = 0; i < threads; i++) {
        parts.add(new long[NUMBERS / threads]);
      }
      double best = Double.MAX_VALUE;
      for (int attempt = 0; attempt <= 2 * TRIES; attempt++) {
        long start = nanoTime.getAsLong();
        var sums =
            workers.invokeAll(parts.stream().<Callable<Long>>map(part -> () -> sum(part)).toList());
        for (var sum : sums) {
          if (sum.get() != 0) {
            throw new IllegalStateException("zeros have a sum");
          }
        }
        best = Math.min(best, nanoTime.getAsLong() - start);
      }
      return (double) (NUMBERS / threads) * threads * Long.BYTES / best;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Java's compiler makes vectors of it.
  private static long sum(long[] numbers) {
    long sum = 0;
    for (long number : numbers) {
      sum += number;
    }
    return sum;
  }

  private static double product(DType type, LongSupplier nanoTime) {
    try (var _ = Scope.open()) {
      var x = Tensor.uniform(1, ROWS, INNER).to(type);
      var weight = Tensor.uniform(2, COLUMNS, INNER).to(type);
      double best = Double.MAX_VALUE;
      for (int attempt = 0; attempt <= TRIES; attempt++) {
        try (var _ = Scope.open()) {
          long start = nanoTime.getAsLong();
          x.linear(weight, null);
          best = Math.min(best, nanoTime.getAsLong() - start);
        }
      }
      return 2.0 * ROWS * INNER * COLUMNS / best;
    }
  }

  static List<MachineLimits> measure(List<Integer> threads, Context context) {
    var limits = new ArrayList<MachineLimits>();
    for (int count : threads.stream().distinct().toList()) {
      context.terminal().progress().show("measuring this machine with %d threads".formatted(count));
      limits.add(measure(count, context.nanoTime()));
    }
    context.terminal().progress().clear();
    return limits;
  }
}
