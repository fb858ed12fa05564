package io.plm4j.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/// Gives the process its real standard error.
///
/// Java says on every start that the Vector API is an incubator module, and has no switch against
/// it. The launcher therefore starts Java with a filter as standard error and the real one beside
/// it; as soon as our own code runs, the real one takes its place, for native code too.
final class StandardError {
  private static final int STANDARD_ERROR = 2;

  private StandardError() {}

  /// @param real descriptor of the real standard error, as the launcher opened it
  static void restore(int real) {
    var linker = Linker.nativeLinker();
    var dup2 =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("dup2"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try {
      int result = (int) dup2.invokeExact(real, STANDARD_ERROR);
      if (result != STANDARD_ERROR) {
        throw new IllegalStateException("dup2(%d, %d) failed".formatted(real, STANDARD_ERROR));
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
