package io.plm4j.hub;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.Optional;

/// The lock `flock(2)` of Linux, which Python's `filelock` takes. Java's own file locks are
/// `fcntl(2)`'s, and the two kinds do not see each other.
final class Flock {
  private static final int O_RDWR = 2;
  private static final int O_CLOEXEC = 0x80000;
  private static final int LOCK_EXCLUSIVE_AT_ONCE = 2 | 4;
  private static final int EINTR = 4;
  private static final int EACCES = 13;
  private static final int EWOULDBLOCK = 11;

  private final MethodHandle open;
  private final MethodHandle flock;
  private final MethodHandle close;
  private final MemoryLayout stateLayout = Linker.Option.captureStateLayout();
  private final VarHandle errno =
      stateLayout.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private Flock(Linker linker, SymbolLookup library) {
    var state = Linker.Option.captureCallState("errno");
    var integer = ValueLayout.JAVA_INT;
    open =
        linker.downcallHandle(
            library.findOrThrow("open"),
            FunctionDescriptor.of(integer, ValueLayout.ADDRESS, integer),
            Linker.Option.firstVariadicArg(2),
            state);
    flock =
        linker.downcallHandle(
            library.findOrThrow("flock"), FunctionDescriptor.of(integer, integer, integer), state);
    close =
        linker.downcallHandle(
            library.findOrThrow("close"), FunctionDescriptor.of(integer, integer));
  }

  /// Empty where there is no such lock, or where native calls are not allowed.
  static Optional<Flock> find() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return Optional.empty();
    }
    try {
      var linker = Linker.nativeLinker();
      return Optional.of(new Flock(linker, linker.defaultLookup()));
    } catch (RuntimeException | LinkageError _) {
      return Optional.empty();
    }
  }

  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /// Takes the lock if it is free.
  ///
  /// @param file that is there
  /// @return empty if somebody else has it
  /// @throws IOException if this file system has no such locks
  Optional<Held> tryLock(Path file) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(stateLayout);
      int descriptor =
          (int) open.invokeExact(state, arena.allocateFrom(file.toString()), O_RDWR | O_CLOEXEC);
      if (descriptor < 0) {
        throw new IOException("%s cannot be opened: errno %d".formatted(file, errno(state)));
      }
      int result;
      do {
        result = (int) flock.invokeExact(state, descriptor, LOCK_EXCLUSIVE_AT_ONCE);
      } while (result != 0 && errno(state) == EINTR);
      if (result == 0) {
        return Optional.of(() -> closed(descriptor));
      }
      int error = errno(state);
      closed(descriptor);
      if (error == EWOULDBLOCK || error == EACCES) {
        return Optional.empty();
      }
      throw new IOException("%s cannot be locked: errno %d".formatted(file, error));
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private int errno(MemorySegment state) {
    return (int) errno.get(state, 0L);
  }

  private void closed(int descriptor) {
    try {
      int _ = (int) close.invokeExact(descriptor);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
