package io.plm4j.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// Which kernels OpenBLAS takes for products of f32.
///
/// OpenBLAS 0.3.31 knows AMD's processors with AVX-512 for ones with AVX2, and then multiplies at
/// two thirds of their speed. It reads a variable of the environment when it is loaded, so the
/// variable is set before that, from inside: a program that embeds plm4j need not know of it.
final class BlasKernels {
  private static final String VARIABLE = "OPENBLAS_CORETYPE";
  private static final Set<String> AVX512 =
      Set.of("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl");

  /// Lines that certainly hold the first processor; the file of a large machine has thousands.
  private static final int ONE_PROCESSOR = 64;

  private BlasKernels() {}

  /// Must come before OpenBLAS is loaded. A user's own choice is left alone.
  static void choose() {
    if (System.getenv(VARIABLE) == null && isMisjudged(processor())) {
      set(VARIABLE, "SKYLAKEX");
    }
  }

  /// @param lines of `/proc/cpuinfo`
  static boolean isMisjudged(List<String> lines) {
    return lines.stream().anyMatch(line -> line.matches("vendor_id\\s*: AuthenticAMD"))
        && lines.stream()
            .filter(line -> line.startsWith("flags"))
            .findFirst()
            .filter(flags -> List.of(flags.split("\\s+")).containsAll(AVX512))
            .isPresent();
  }

  private static List<String> processor() {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines.limit(ONE_PROCESSOR).toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of(); // not Linux: OpenBLAS decides
    }
  }

  private static void set(String name, String value) {
    var linker = Linker.nativeLinker();
    var setenv = linker.defaultLookup().find("setenv");
    if (setenv.isEmpty()) {
      return;
    }
    var call =
        linker.downcallHandle(
            setenv.get(),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    try (var arena = Arena.ofConfined()) {
      int failed = (int) call.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 0);
      if (failed != 0) {
        throw new IllegalStateException("the environment of this process is full");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e); // setenv throws nothing
    }
  }
}
