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
import java.util.List;
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

  /// Keys of a block on the way back, and rows that are summed side by side, as in
  /// `attention_back.c`.
  private static final int KEYS_BACK = 96;

  private static final int SIDE = 12;
  private static final int PANEL = ManyRows.PANEL;
  private static final long ALIGNMENT = 64;

  private final MethodHandle load;
  private final MethodHandle attend;
  private final MethodHandle backBegin;
  private final MethodHandle back;
  private final MethodHandle backEnd;

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
                ADDRESS, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS,
                ADDRESS));
    backBegin =
        library.function("plm_attention_back_begin", FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG));
    back =
        library.function(
            "plm_attention_back",
            FunctionDescriptor.ofVoid(
                ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS,
                ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS,
                JAVA_INT, JAVA_INT));
    backEnd =
        library.function(
            "plm_attention_back_end",
            FunctionDescriptor.ofVoid(
                ADDRESS, ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS, JAVA_INT, JAVA_LONG,
                JAVA_INT, JAVA_INT));
  }

  /// What this machine has of it.
  static Optional<NativeAttention> instance() {
    return INSTANCE;
  }

  /// For one thread, with memory of its own.
  Head head() {
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

  /// What the way forth keeps of the queries of one head for the way back.
  ///
  /// @param most the largest score of each, [L] of F32
  /// @param sum of the weights relative to it, [L] of F32
  record Kept(MemorySegment most, MemorySegment sum) {
    static final Kept NOTHING = new Kept(MemorySegment.NULL, MemorySegment.NULL);
  }

  final class Head implements HeadAttention {
    private MemorySegment keys = MemorySegment.NULL;
    private MemorySegment values = MemorySegment.NULL;
    private MemorySegment room = MemorySegment.NULL;
    private MemorySegment keyRows = MemorySegment.NULL;
    private MemorySegment valueRows = MemorySegment.NULL;
    private MemorySegment sums = MemorySegment.NULL;
    private MemorySegment tree = MemorySegment.NULL;
    private final MemorySegment codes = Arena.ofAuto().allocate(4 * JAVA_INT.byteSize(), 8);
    private final MemorySegment distances = Arena.ofAuto().allocate(4 * JAVA_LONG.byteSize(), 8);
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
      attend(q, y, mask, count, Kept.NOTHING);
    }

    /// The same, keeping what the way back needs.
    void attend(Strided q, Strided y, AttentionMask mask, int count, Kept kept) {
      long cached = cached(mask);
      int trunk = takeTree(mask);
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
            firsts(trunk),
            trunk,
            count,
            kept.most(),
            kept.sum());
      });
    }

    /// Begins the way back through a head of keys and values, for the calls of [#back] that follow.
    void beginBack(Strided k, Strided v, int newLength) {
      length = newLength;
      dim = k.columns();
      long turned = roundUp(length) * dim + 16L * PANEL;
      long rows = roundUp(length) * roundUp(dim);
      keys = atLeast(keys, turned);
      values = atLeast(values, turned);
      keyRows = atLeast(keyRows, rows);
      valueRows = atLeast(valueRows, rows);
      // keys first, then values
      sums = atLeast(sums, 2 * sums());
      room = atLeast(room, QUERIES * (3 * roundUp(dim) + 2 * KEYS_BACK));
      NativeLibrary.call(() -> {
        load(k, keys, keyRows);
        load(v, values, valueRows);
        backBegin.invokeExact(sums, 2 * sums());
      });
    }

    private void load(Strided x, MemorySegment turned, MemorySegment rows) throws Throwable {
      var stored = Stored.of(x);
      load.invokeExact(
          stored.numbers(),
          stored.type(),
          stored.scales(),
          stored.stride(),
          stored.numbers(),
          stored.type(),
          stored.scales(),
          stored.stride(),
          turned,
          rows,
          length,
          dim);
    }

    /// Numbers that are summed for keys, and as many for values.
    private long sums() {
      return (roundUp(length) + SIDE) * roundUp(dim);
    }

    /// Goes back through a head of queries.
    ///
    /// @param y what [#attend] gave
    /// @param dy its gradient
    /// @param dq is written
    void back(
        Strided q, Strided y, Strided dy, Strided dq, AttentionMask mask, int count, Kept kept) {
      var all = List.of(q, y, dy, dq);
      var types = MemorySegment.ofArray(all.stream().mapToInt(x -> code(x.type())).toArray());
      var strides = MemorySegment.ofArray(all.stream().mapToLong(Strided::stride).toArray());
      codes.copyFrom(types);
      distances.copyFrom(strides);
      int trunk = takeTree(mask);
      NativeLibrary.call(() -> {
        back.invokeExact(
            at(q.memory(), q.type(), q.start()),
            at(y.memory(), y.type(), y.start()),
            at(dy.memory(), dy.type(), dy.start()),
            at(dq.memory(), dq.type(), dq.start()),
            codes,
            distances,
            kept.most(),
            kept.sum(),
            keys,
            values,
            keyRows,
            sums,
            sums.asSlice(sums() * Float.BYTES),
            room,
            length,
            dim,
            cached(mask),
            firsts(trunk),
            trunk,
            count);
      });
    }

    /// Keeps what C reads of a tree.
    ///
    /// @return its trunk; 0 where the mask is none
    private int takeTree(AttentionMask mask) {
      if (!(mask instanceof AttentionMask.Tree(int trunk, int[] firsts))) {
        return 0;
      }
      tree = atLeast(tree, firsts.length);
      MemorySegment.copy(firsts, 0, tree, JAVA_INT, 0, firsts.length);
      return trunk;
    }

    private MemorySegment firsts(int trunk) {
      return trunk == 0 ? MemorySegment.NULL : tree;
    }

    /// Writes the gradients of the head's keys and values.
    void endBack(Strided dk, Strided dv) {
      NativeLibrary.call(() -> {
        backEnd.invokeExact(
            sums,
            at(dk.memory(), dk.type(), dk.start()),
            code(dk.type()),
            dk.stride(),
            sums.asSlice(sums() * Float.BYTES),
            at(dv.memory(), dv.type(), dv.start()),
            code(dv.type()),
            dv.stride(),
            length,
            dim);
      });
    }
  }

  /// The code of `attention.c`: how many keys come before the first query, or -1 where each sees
  /// all.
  private static long cached(AttentionMask mask) {
    return switch (mask) {
      case AttentionMask.Full() -> -1;
      case AttentionMask.Causal(long before) -> before;
      case AttentionMask.Tree _ -> 0;
      case AttentionMask.Trees _ ->
          throw new IllegalArgumentException("masks of several sequences");
    };
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
