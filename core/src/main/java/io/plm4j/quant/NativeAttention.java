package io.plm4j.quant;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.plm4j.tensor.AttentionMask;
import io.plm4j.tensor.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// What [BlockAttention] does, in C (`src/main/c/attention.c`): nearer to what the processor can,
/// and as fast in the first call as in any other.
///
/// There on processors with AVX-512 and where there is a [NativeLibrary].
///
/// Shapes: L queries, S keys, D head dimension.
final class NativeAttention {
  private static final Optional<NativeAttention> INSTANCE =
      NativeLibrary.instance()
          .filter(library -> library.ask("plm_attention_there") != 0)
          .map(NativeAttention::new);

  /// Queries and keys of a block, as in `attention.c`.
  private static final int QUERIES = 48;

  private static final int KEYS = 128;
  private static final int PANEL = ManyRows.PANEL;
  private static final long ALIGNMENT = 64;

  private final MethodHandle load;
  private final MethodHandle attend;

  private NativeAttention(NativeLibrary library) {
    load =
        library.function(
            "plm_attention_load",
            FunctionDescriptor.ofVoid(
                ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG,
                ADDRESS, ADDRESS, JAVA_INT, JAVA_INT));
    attend =
        library.function(
            "plm_attention",
            FunctionDescriptor.ofVoid(
                ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS,
                ADDRESS, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));
  }

  /// What this machine has of it.
  static Optional<NativeAttention> instance() {
    return INSTANCE;
  }

  /// For one thread, with memory of its own.
  HeadAttention head() {
    return new Head();
  }

  /// The codes of `attention.c`.
  private static int code(DType type) {
    return switch (type) {
      case F32 -> 0;
      case BF16 -> 1;
      case I8 -> 2;
      case F64, F16, I64, I32, I16, U8, BOOL ->
          throw new IllegalArgumentException("no attention over " + type);
    };
  }

  /// Keys or values as C reads them.
  private record Stored(MemorySegment numbers, int type, MemorySegment scales, long stride) {
    static Stored of(Rows rows) {
      return switch (rows) {
        case Strided(var memory, var type, var start, var stride, _) ->
            new Stored(at(memory, type, start), code(type), MemorySegment.NULL, stride);
        case Int8Strided(var head) ->
            new Stored(head.numbers(), code(DType.I8), head.scales(), head.dim());
      };
    }
  }

  private final class Head implements HeadAttention {
    private MemorySegment keys = MemorySegment.NULL;
    private MemorySegment values = MemorySegment.NULL;
    private MemorySegment room = MemorySegment.NULL;
    private int length;
    private int dim;

    @Override
    public void load(Rows k, Rows v, int newLength) {
      length = newLength;
      dim = k.columns();
      keys = atLeast(keys, roundUp(length) * dim + 16L * PANEL);
      values = atLeast(values, roundUp(length) * roundUp(dim));
      room = atLeast(room, QUERIES * (dim + roundUp(dim) + KEYS));
      var ks = Stored.of(k);
      var vs = Stored.of(v);
      NativeLibrary.call(() -> {
        load.invokeExact(
            ks.numbers(),
            ks.type(),
            ks.scales(),
            ks.stride(),
            vs.numbers(),
            vs.type(),
            vs.scales(),
            vs.stride(),
            keys,
            values,
            length,
            dim);
      });
    }

    @Override
    public void attend(Strided q, Strided y, AttentionMask mask, int count) {
      long cached =
          switch (mask) {
            case AttentionMask.Full() -> -1;
            case AttentionMask.Causal(long before) -> before;
          };
      NativeLibrary.call(() -> {
        attend.invokeExact(
            at(q.memory(), q.type(), q.start()),
            code(q.type()),
            q.stride(),
            at(y.memory(), y.type(), y.start()),
            code(y.type()),
            y.stride(),
            keys,
            values,
            room,
            length,
            dim,
            cached,
            count);
      });
    }
  }

  private static MemorySegment at(MemorySegment memory, DType type, long index) {
    return memory.asSlice(index * type.bytes());
  }

  private static long roundUp(int n) {
    return (n + PANEL - 1L) / PANEL * PANEL;
  }

  /// Memory that the garbage collector frees, a little more than is wanted, as the next prompt may
  /// be longer.
  private static MemorySegment atLeast(MemorySegment there, long floats) {
    long bytes = floats * Float.BYTES;
    return there.byteSize() >= bytes
        ? there
        : Arena.ofAuto().allocate(bytes + bytes / 8, ALIGNMENT);
  }
}
