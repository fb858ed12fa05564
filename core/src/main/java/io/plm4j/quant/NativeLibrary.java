package io.plm4j.quant;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/// The functions in C (`src/main/c`), for what the Vector API has no words for: products of pairs
/// of bf16 and of fours of bytes, tables in a register, memory that is asked for ahead.
///
/// The library lies in the jar, and is there for Linux on x86-64; elsewhere, and where no library
/// may be loaded, there is none, and the other kernels work. What may be called depends on the
/// processor: functions without arguments tell.
final class NativeLibrary {
  private static final System.Logger LOG = System.getLogger(NativeLibrary.class.getName());
  private static final String FILE = "librows-linux-x86_64.so";
  private static final Optional<NativeLibrary> INSTANCE = load();

  private final Linker linker = Linker.nativeLinker();
  private final SymbolLookup symbols;

  private NativeLibrary(SymbolLookup symbols) {
    this.symbols = symbols;
  }

  static Optional<NativeLibrary> instance() {
    return INSTANCE;
  }

  private static Optional<NativeLibrary> load() {
    if (!System.getProperty("os.name").equals("Linux")
        || !System.getProperty("os.arch").equals("amd64")) {
      return Optional.empty();
    }
    try (var library = NativeLibrary.class.getResourceAsStream(FILE)) {
      if (library == null) {
        return Optional.empty(); // a jar that somebody made smaller
      }
      var file = Files.createTempFile("plm4j-", ".so");
      try {
        Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
        return Optional.of(new NativeLibrary(SymbolLookup.libraryLookup(file, Arena.global())));
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
    }
  }

  MethodHandle function(String name, FunctionDescriptor descriptor, Linker.Option... options) {
    return linker.downcallHandle(symbols.find(name).orElseThrow(), descriptor, options);
  }

  /// What a function without arguments says.
  int ask(String name) {
    var function = function(name, FunctionDescriptor.of(JAVA_INT));
    return get(() -> (int) function.invokeExact());
  }

  @FunctionalInterface
  interface Call {
    void run() throws Throwable;
  }

  @FunctionalInterface
  interface Question<T> {
    T get() throws Throwable;
  }

  /// Calls functions, which throw nothing, though Java thinks that they may.
  static void call(Call functions) {
    get(() -> {
      functions.run();
      return true;
    });
  }

  /// The same where something comes back.
  static <T> T get(Question<T> functions) {
    try {
      return functions.get();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
