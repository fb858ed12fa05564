package io.plm4j.quant;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/// Products of a few rows in C (`src/main/c/rows.c`), for what the Vector API has no words for:
/// products of pairs of bf16, tables in a register, memory that is asked for ahead.
///
/// The library lies in the jar, and is there for Linux on x86-64; elsewhere, on processors without
/// AVX-512, and where no library may be loaded, there is none, and the other kernels work.
final class NativeRows {
  private static final System.Logger LOG = System.getLogger(NativeRows.class.getName());
  private static final String LIBRARY = "librows-linux-x86_64.so";
  private static final int BF16_LEVEL = 2;

  private static final Optional<NativeRows> INSTANCE = load();

  private final int level;
  private final MethodHandle int8;
  private final MethodHandle bf16;
  private final MethodHandle int4;

  private NativeRows(Linker linker, SymbolLookup library) throws Throwable {
    var level = linker.downcallHandle(symbol(library, "level"), FunctionDescriptor.of(JAVA_INT));
    this.level = (int) level.invokeExact();
    int8 = handle(linker, library, "int8", ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    bf16 = handle(linker, library, "bf16", ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
    int4 =
        handle(
            linker, library, "int4", ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS,
            JAVA_INT);
  }

  private static MemorySegment symbol(SymbolLookup library, String name) {
    return library.find("plm_rows_" + name).orElseThrow();
  }

  /// All functions end with the length of a row and the first and the last column of y.
  private static MethodHandle handle(
      Linker linker, SymbolLookup library, String name, MemoryLayout... layouts) {
    var descriptor =
        FunctionDescriptor.ofVoid(layouts).appendArgumentLayouts(JAVA_INT, JAVA_INT, JAVA_INT);
    return linker.downcallHandle(symbol(library, name), descriptor);
  }

  /// What this machine has of it.
  static Optional<NativeRows> instance() {
    return INSTANCE;
  }

  private static Optional<NativeRows> load() {
    if (!System.getProperty("os.name").equals("Linux")
        || !System.getProperty("os.arch").equals("amd64")) {
      return Optional.empty();
    }
    try (var library = NativeRows.class.getResourceAsStream(LIBRARY)) {
      if (library == null) {
        return Optional.empty(); // a jar that somebody made smaller
      }
      var file = Files.createTempFile("plm4j-", ".so");
      try {
        Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
        var lookup = SymbolLookup.libraryLookup(file, Arena.global());
        var rows = new NativeRows(Linker.nativeLinker(), lookup);
        return rows.level > 0 ? Optional.of(rows) : Optional.empty();
      } finally {
        Files.delete(file); // what is loaded stays
      }
    } catch (IOException | IllegalArgumentException e) {
      // A folder for temporary files that is full, or from which nothing may be run.
      LOG.log(
          System.Logger.Level.WARNING,
          "the fast products cannot be loaded, and slower ones are used: {0}",
          e.toString());
      return Optional.empty();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e); // the function declares none
    }
  }

  /// Whether [#bf16] and [#int4] may be called, besides [#int8].
  boolean multipliesBf16() {
    return level >= BF16_LEVEL;
  }

  /// Where columns `from` to `to - 1` of y are to be written.
  record Target(float[][] y, int from, int to) {
    private MemorySegment room(Arena arena) {
      return arena.allocate(ValueLayout.JAVA_FLOAT, (long) y.length * (to - from));
    }

    private void take(MemorySegment room) {
      int count = to - from;
      for (int m = 0; m < y.length; m++) {
        MemorySegment.copy(
            room, ValueLayout.JAVA_FLOAT, (long) m * count * Float.BYTES, y[m], from, count);
      }
    }
  }

  /// @param x [M, K], rows of whatever numbers
  void int8(float[][] x, PackedKernel.Bytes w, Target target) {
    try (var arena = Arena.ofConfined()) {
      var xs = arena.allocate(ValueLayout.JAVA_FLOAT, (long) x.length * w.columns());
      for (int m = 0; m < x.length; m++) {
        long at = (long) m * w.columns() * Float.BYTES;
        MemorySegment.copy(x[m], 0, xs, ValueLayout.JAVA_FLOAT, at, w.columns());
      }
      var room = target.room(arena);
      int8.invokeExact(
          xs, x.length, w.codes(), w.scales(), room, w.columns(), target.from, target.to);
      target.take(room);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e); // the function declares none
    }
  }

  /// @param x [M, K], rows of numbers that are bf16
  /// @param w [N, K] in bf16
  void bf16(short[][] x, MemorySegment w, Target target) {
    int columns = x[0].length;
    try (var arena = Arena.ofConfined()) {
      var room = target.room(arena);
      bf16.invokeExact(shorts(x, arena), x.length, w, room, columns, target.from, target.to);
      target.take(room);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e); // the function declares none
    }
  }

  /// @param x rows of numbers that are bf16, in the order of the codes (`rows.c`)
  /// @param sums [M, groups], of which nothing is read where no group has a zero of its own
  void int4(short[][] x, float[][] sums, PackedKernel.Groups w, Target target) {
    try (var arena = Arena.ofConfined()) {
      MemorySegment zeros = w.hasZeros() ? w.zeros() : MemorySegment.NULL;
      MemorySegment sumsThere = MemorySegment.NULL;
      if (w.hasZeros()) {
        sumsThere = arena.allocate(ValueLayout.JAVA_FLOAT, (long) x.length * w.groups());
        for (int m = 0; m < x.length; m++) {
          long at = (long) m * w.groups() * Float.BYTES;
          MemorySegment.copy(sums[m], 0, sumsThere, ValueLayout.JAVA_FLOAT, at, w.groups());
        }
      }
      var room = target.room(arena);
      int4.invokeExact(
          shorts(x, arena),
          x.length,
          sumsThere,
          w.codes(),
          w.scales(),
          zeros,
          room,
          w.half(),
          w.groups(),
          target.from,
          target.to);
      target.take(room);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e); // the function declares none
    }
  }

  private static MemorySegment shorts(short[][] rows, Arena arena) {
    int length = rows[0].length;
    var all = arena.allocate(ValueLayout.JAVA_SHORT, (long) rows.length * length);
    for (int m = 0; m < rows.length; m++) {
      long at = (long) m * length * Short.BYTES;
      MemorySegment.copy(rows[m], 0, all, ValueLayout.JAVA_SHORT, at, length);
    }
    return all;
  }
}
