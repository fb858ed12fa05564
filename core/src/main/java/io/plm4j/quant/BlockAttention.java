package io.plm4j.quant;

import io.plm4j.tensor.AttentionMask;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Attention of many queries over one key head, block by block with a running softmax, so that
/// scores never leave the caches. All arithmetic is in 32 bits.
///
/// A block of queries meets a block of keys in two small matrix products, scores = Q·Kᵀ and output
/// += P·V, made of tiles of 6 rows by 2 vectors: 12 sums in registers, enough to hide the latency
/// of a fused multiply-add on machines with 16 vector registers and with 32. Keys and values are
/// repacked once a head into panels two vectors wide, so that a tile reads them in order; rows and
/// columns that the sizes lack are zeros.
///
/// Shapes: L queries, S keys, D head dimension, W panel width.
///
/// Source: the running softmax is that of Dao et al. 2022, FlashAttention.
final class BlockAttention implements HeadAttention {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();
  private static final int W = 2 * LANES;
  private static final int ROWS = 6;

  /// Queries a block: their scores against a block of keys take 24 KB, so a first-level cache holds
  /// them.
  private static final int QUERIES = 8 * ROWS;

  /// Keys a block, a multiple of every panel width.
  private static final int KEYS = 128;

  private float[] keys = {};
  private float[] values = {};
  private int length;
  private int dim;
  private final float[] scores = new float[QUERIES * KEYS];
  private float[] queries = {};
  private float[] output = {};
  private final float[] max = new float[QUERIES];
  private final float[] sum = new float[QUERIES];

  @Override
  public void load(Rows k, Rows v, int newLength) {
    length = newLength;
    dim = k.columns();
    int padded = roundUp(length, KEYS);
    int paddedDim = roundUp(dim, W);
    keys = atLeast(keys, padded * dim);
    values = atLeast(values, padded * paddedDim);
    queries = atLeast(queries, QUERIES * dim);
    output = atLeast(output, QUERIES * paddedDim);
    Arrays.fill(keys, (length / W) * W * dim, padded * dim, 0);
    Arrays.fill(values, 0, padded * paddedDim, 0);
    var row = new float[dim];
    for (int s = 0; s < length; s++) {
      k.row(s, row, 0);
      int panel = s / W * W * dim + s % W;
      for (int d = 0; d < dim; d++) {
        keys[panel + d * W] = row[d];
      }
      v.row(s, row, 0);
      for (int d = 0; d < dim; d += W) {
        System.arraycopy(row, d, values, d * padded + s * W, Math.min(W, dim - d));
      }
    }
  }

  @Override
  public void attend(Strided q, Strided y, AttentionMask mask, int count) {
    for (int block = 0; block < count; block += QUERIES) {
      int rows = Math.min(QUERIES, count - block);
      start(q, block, rows);
      int end = lastKey(mask, block + rows - 1);
      for (int key = 0; key < end; key += KEYS) {
        // The last block is rarely full; it spans whole panels only.
        int span = roundUp(Math.min(KEYS, end - key), W);
        score(key, rows, span);
        hide(mask, block, key, rows, span);
        soften(rows, span);
        mix(key, rows, span);
      }
      finish(y, block, rows);
    }
  }

  private void start(Strided q, int block, int rows) {
    // Scores to the base 2 save the softmax a multiplication each.
    float scale = (float) (Exponential.LOG2_E / Math.sqrt(dim));
    var row = new float[dim];
    for (int i = 0; i < rows; i++) {
      q.row(block + i, row, 0);
      for (int d = 0; d < dim; d++) {
        queries[i * dim + d] = row[d] * scale;
      }
    }
    Arrays.fill(queries, rows * dim, roundUp(rows, ROWS) * dim, 0);
    Arrays.fill(output, 0);
    Arrays.fill(max, Float.NEGATIVE_INFINITY);
    Arrays.fill(sum, 0);
  }

  /// One more than the last key that a query may see.
  private int lastKey(AttentionMask mask, int query) {
    return switch (mask) {
      case AttentionMask.Full() -> length;
      case AttentionMask.Causal(long cached) -> (int) Math.min(length, cached + query + 1);
      case AttentionMask.Tree _ -> Math.min(length, query + 1);
      case AttentionMask.Trees _ ->
          throw new IllegalArgumentException("masks of several sequences");
    };
  }

  private void score(int key, int rows, int span) {
    for (int column = 0; column < span; column += W) {
      for (int row = 0; row < rows; row += ROWS) {
        product(
            queries,
            row * dim,
            dim,
            keys,
            (key + column) * dim,
            dim,
            scores,
            row * KEYS + column,
            KEYS,
            false);
      }
    }
  }

  private void hide(AttentionMask mask, int block, int key, int rows, int span) {
    if (key + span > lastKey(mask, block)) {
      for (int i = 0; i < rows; i++) {
        hide(i, lastKey(mask, block + i) - key, span, span);
      }
    }
    if (mask instanceof AttentionMask.Tree(int trunk, int[] firsts)) {
      for (int i = 0; i < rows; i++) {
        hide(i, trunk - key, firsts[block + i] - key, span);
      }
    }
  }

  /// Hides scores of a row, as far as they are of this block.
  private void hide(int row, int from, int to, int span) {
    int begin = Math.clamp(from, 0, span);
    int end = Math.clamp(to, begin, span);
    Arrays.fill(scores, row * KEYS + begin, row * KEYS + end, Float.NEGATIVE_INFINITY);
  }

  /// Scores become weights relative to the largest score so far; what was summed before is rescaled
  /// to it.
  private void soften(int rows, int span) {
    int paddedDim = roundUp(dim, W);
    for (int i = 0; i < rows; i++) {
      var largest = FloatVector.broadcast(F, max[i]);
      for (int j = 0; j < span; j += LANES) {
        var score = FloatVector.fromArray(F, scores, i * KEYS + j);
        largest = largest.blend(score, score.compare(VectorOperators.GT, largest));
      }
      float newMax = max(largest);
      if (newMax > max[i]) {
        float rescale = (float) Math.pow(2, max[i] - newMax);
        sum[i] *= rescale;
        for (int d = 0; d < paddedDim; d += LANES) {
          FloatVector.fromArray(F, output, i * paddedDim + d)
              .mul(rescale)
              .intoArray(output, i * paddedDim + d);
        }
        max[i] = newMax;
      }
      var total = FloatVector.zero(F);
      for (int j = 0; j < span; j += LANES) {
        var weight = Exponential.base2(FloatVector.fromArray(F, scores, i * KEYS + j).sub(newMax));
        weight.intoArray(scores, i * KEYS + j);
        total = total.add(weight);
      }
      sum[i] += Lanes.sum(total);
    }
  }

  /// The largest lane. As integers: Java's maximum of floats minds signed zeros and NaN, at several
  /// instructions each.
  private static float max(FloatVector lanes) {
    var bits = lanes.reinterpretAsInts();
    // A negative float's bits fall as it rises: turning all but the sign makes the order that of
    // integers.
    var ordered =
        bits.lanewise(
            VectorOperators.XOR, bits.lanewise(VectorOperators.ASHR, 31).and(Integer.MAX_VALUE));
    int largest = ordered.reduceLanes(VectorOperators.MAX);
    return Float.intBitsToFloat(largest ^ ((largest >> 31) & Integer.MAX_VALUE));
  }

  private void mix(int key, int rows, int span) {
    int padded = roundUp(length, KEYS);
    int paddedDim = roundUp(dim, W);
    for (int column = 0; column < paddedDim; column += W) {
      for (int row = 0; row < rows; row += ROWS) {
        product(
            scores,
            row * KEYS,
            KEYS,
            values,
            column * padded + key * W,
            span,
            output,
            row * paddedDim + column,
            paddedDim,
            true);
      }
    }
  }

  private void finish(Strided y, int block, int rows) {
    int paddedDim = roundUp(dim, W);
    var row = new float[dim];
    for (int i = 0; i < rows; i++) {
      float scale = 1 / sum[i];
      for (int d = 0; d < dim; d++) {
        row[d] = output[i * paddedDim + d] * scale;
      }
      y.put(block + i, row);
    }
  }

  /// `c = a · b` for a tile, or `c += a · b`. Shapes: a [6, depth] with row distance lda, b [depth,
  /// W] packed, c [6, W] with distance ldc.
  private static void product(
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      int depth,
      float[] c,
      int c0,
      int ldc,
      boolean onto) {
    var zero = FloatVector.zero(F);
    int a1 = a0 + lda;
    int a2 = a1 + lda;
    int a3 = a2 + lda;
    int a4 = a3 + lda;
    int a5 = a4 + lda;
    var l0 = onto ? FloatVector.fromArray(F, c, c0) : zero;
    var r0 = onto ? FloatVector.fromArray(F, c, c0 + LANES) : zero;
    var l1 = onto ? FloatVector.fromArray(F, c, c0 + ldc) : zero;
    var r1 = onto ? FloatVector.fromArray(F, c, c0 + ldc + LANES) : zero;
    var l2 = onto ? FloatVector.fromArray(F, c, c0 + 2 * ldc) : zero;
    var r2 = onto ? FloatVector.fromArray(F, c, c0 + 2 * ldc + LANES) : zero;
    var l3 = onto ? FloatVector.fromArray(F, c, c0 + 3 * ldc) : zero;
    var r3 = onto ? FloatVector.fromArray(F, c, c0 + 3 * ldc + LANES) : zero;
    var l4 = onto ? FloatVector.fromArray(F, c, c0 + 4 * ldc) : zero;
    var r4 = onto ? FloatVector.fromArray(F, c, c0 + 4 * ldc + LANES) : zero;
    var l5 = onto ? FloatVector.fromArray(F, c, c0 + 5 * ldc) : zero;
    var r5 = onto ? FloatVector.fromArray(F, c, c0 + 5 * ldc + LANES) : zero;
    for (int k = 0; k < depth; k++) {
      var left = FloatVector.fromArray(F, b, b0 + k * W);
      var right = FloatVector.fromArray(F, b, b0 + k * W + LANES);
      var x0 = FloatVector.broadcast(F, a[a0 + k]);
      l0 = x0.fma(left, l0);
      r0 = x0.fma(right, r0);
      var x1 = FloatVector.broadcast(F, a[a1 + k]);
      l1 = x1.fma(left, l1);
      r1 = x1.fma(right, r1);
      var x2 = FloatVector.broadcast(F, a[a2 + k]);
      l2 = x2.fma(left, l2);
      r2 = x2.fma(right, r2);
      var x3 = FloatVector.broadcast(F, a[a3 + k]);
      l3 = x3.fma(left, l3);
      r3 = x3.fma(right, r3);
      var x4 = FloatVector.broadcast(F, a[a4 + k]);
      l4 = x4.fma(left, l4);
      r4 = x4.fma(right, r4);
      var x5 = FloatVector.broadcast(F, a[a5 + k]);
      l5 = x5.fma(left, l5);
      r5 = x5.fma(right, r5);
    }
    l0.intoArray(c, c0);
    r0.intoArray(c, c0 + LANES);
    l1.intoArray(c, c0 + ldc);
    r1.intoArray(c, c0 + ldc + LANES);
    l2.intoArray(c, c0 + 2 * ldc);
    r2.intoArray(c, c0 + 2 * ldc + LANES);
    l3.intoArray(c, c0 + 3 * ldc);
    r3.intoArray(c, c0 + 3 * ldc + LANES);
    l4.intoArray(c, c0 + 4 * ldc);
    r4.intoArray(c, c0 + 4 * ldc + LANES);
    l5.intoArray(c, c0 + 5 * ldc);
    r5.intoArray(c, c0 + 5 * ldc + LANES);
  }

  private static int roundUp(int n, int multiple) {
    return (n + multiple - 1) / multiple * multiple;
  }

  private static float[] atLeast(float[] array, int size) {
    return array.length >= size ? array : new float[size];
  }
}
