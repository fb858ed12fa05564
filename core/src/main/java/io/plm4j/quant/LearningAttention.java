package io.plm4j.quant;

import io.plm4j.tensor.AttentionMask;
import io.plm4j.tensor.DType;
import io.plm4j.tensor.Tape;
import io.plm4j.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Attention that is gone back through, in C (`attention.c`, `attention_back.c`): libtorch's spends
/// most of its time in small products of OpenBLAS, and also computes what a causal mask hides.
///
/// Shapes: B batch, L queries, S keys, H heads, KH key heads, D head dimension.
final class LearningAttention {
  private final NativeAttention.Head[] heads;
  private final Workers workers;

  private LearningAttention(NativeAttention.Head[] heads, Workers workers) {
    this.heads = heads;
    this.workers = workers;
  }

  /// None where this machine has no attention in C.
  ///
  /// @param workers one a part of which each task is done, used for one task at a time
  static @Nullable LearningAttention of(@Nullable NativeAttention attention, Workers workers) {
    if (attention == null) {
      return null;
    }
    var heads = new NativeAttention.Head[workers.parts()];
    for (int i = 0; i < heads.length; i++) {
      heads[i] = attention.head();
    }
    return new LearningAttention(heads, workers);
  }

  static boolean computes(DType... types) {
    return Arrays.stream(types).allMatch(type -> type == DType.F32 || type == DType.BF16);
  }

  /// Shapes: q [B, H, L, D], k and v [B, KH, S, D], views whose last dimension is dense; result [B,
  /// H, L, D], a view of [B, L, H, D].
  ///
  /// @param type of the result
  /// @param tape that the way back is put on
  Tensor attend(Tensor q, Tensor k, Tensor v, AttentionMask mask, DType type, Tape tape) {
    var y = like(q, type);
    var kept = tape.hold(Tensor.uninitialized(DType.F32, q.size(0), q.size(1), 2, q.size(2)));
    int length = (int) k.size(2);
    run(
        k,
        (head, batch, keyHead) ->
            head.load(Kernels.matrix(k, batch, keyHead), Kernels.matrix(v, batch, keyHead), length),
        q,
        (head, batch, h) ->
            head.attend(
                Kernels.matrix(q, batch, h),
                Kernels.matrix(y, batch, h),
                mask.of(batch),
                (int) q.size(2),
                kept(kept, batch, h)),
        (_, _, _) -> {});
    return tape.cut(List.of(q, k, v), y, gradient -> back(q, k, v, y, kept, mask, gradient));
  }

  private List<Tensor> back(
      Tensor q, Tensor k, Tensor v, Tensor y, Tensor kept, AttentionMask mask, Tensor gradient) {
    var dy = gradient.strides()[3] == 1 ? gradient : gradient.contiguous();
    var dq = like(q, q.dtype());
    var dk = like(k, k.dtype());
    var dv = like(v, v.dtype());
    int length = (int) k.size(2);
    run(
        k,
        (head, batch, keyHead) ->
            head.beginBack(
                Kernels.matrix(k, batch, keyHead), Kernels.matrix(v, batch, keyHead), length),
        q,
        (head, batch, h) ->
            head.back(
                Kernels.matrix(q, batch, h),
                Kernels.matrix(y, batch, h),
                Kernels.matrix(dy, batch, h),
                Kernels.matrix(dq, batch, h),
                mask.of(batch),
                (int) q.size(2),
                kept(kept, batch, h)),
        (head, batch, keyHead) ->
            head.endBack(Kernels.matrix(dk, batch, keyHead), Kernels.matrix(dv, batch, keyHead)));
    return List.of(dq, dk, dv);
  }

  private static Tensor like(Tensor x, DType type) {
    return Tensor.uninitialized(type, x.size(0), x.size(2), x.size(1), x.size(3)).transpose(1, 2);
  }

  private static NativeAttention.Kept kept(Tensor kept, int batch, int head) {
    long queries = kept.size(3);
    MemorySegment both = kept.memory();
    long start = (batch * kept.size(1) + head) * 2 * queries * Float.BYTES;
    return new NativeAttention.Kept(
        both.asSlice(start), both.asSlice(start + queries * Float.BYTES));
  }

  @FunctionalInterface
  private interface Step {
    void run(NativeAttention.Head head, int batch, int number);
  }

  /// For each head of keys, on some thread: a step before, one for each head of queries that shares
  /// it, and one after.
  private void run(Tensor k, Step before, Tensor q, Step each, Step after) {
    int keyHeads = (int) k.size(1);
    int group = (int) q.size(1) / keyHeads;
    int units = (int) k.size(0) * keyHeads;
    var next = new AtomicInteger();
    workers.run((part, _) -> {
      var head = heads[part];
      for (int unit = next.getAndIncrement(); unit < units; unit = next.getAndIncrement()) {
        int batch = unit / keyHeads;
        int keyHead = unit % keyHeads;
        before.run(head, batch, keyHead);
        for (int h = keyHead * group; h < (keyHead + 1) * group; h++) {
          each.run(head, batch, h);
        }
        after.run(head, batch, keyHead);
      }
    });
  }
}
