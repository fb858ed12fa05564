// The way back through attention.c: what a gradient of the result says of queries, keys and values. The
// weights are computed again, block by block, from what attention.c kept of each query (Dao et al. 2022,
// FlashAttention), so that nothing of L * S numbers is ever stored. All sums are of 32 bits.
//
// With P the weights, dP = dY * V^T and, a query each, delta = sum of dY * Y:
//   dS = P * (dP - delta),  dQ = dS * K / sqrt(D),  dK = dS^T * Q / sqrt(D),  dV = P^T * dY.
//
// Only io.plm4j.quant.NativeAttention calls this; ./build compiles it.

#include "attention.h"

// Keys of a block: whole panels, and whole times SIDE.
enum { KEYS = 96 };

#define BEGIN_TURNED(i)                                                                                 \
  __m512 left##i = _mm512_loadu_ps(c + i * ld);                                                         \
  __m512 right##i = _mm512_loadu_ps(c + i * ld + 16);
#define PRODUCTS_TURNED(i)                                                                              \
  {                                                                                                     \
    __m512 as = _mm512_set1_ps(a[i]);                                                                   \
    left##i = _mm512_fmadd_ps(as, b0, left##i);                                                         \
    right##i = _mm512_fmadd_ps(as, b1, right##i);                                                       \
  }
#define END_TURNED(i)                                                                                   \
  _mm512_storeu_ps(c + i * ld, left##i);                                                                \
  _mm512_storeu_ps(c + i * ld + 16, right##i);

// c += a^T * b. a [depth, SIDE] with rows KEYS apart, b [depth, PANEL] and c [SIDE, PANEL] with rows `ld`
// apart.
WIDE static __attribute__((noinline)) void side_turned(const float *a, const float *b, int32_t depth,
                                                       float *c, int64_t ld) {
  TWELVE(BEGIN_TURNED)
  for (int32_t k = 0; k < depth; k++, a += KEYS, b += ld) {
    __m512 b0 = _mm512_loadu_ps(b);
    __m512 b1 = _mm512_loadu_ps(b + 16);
    TWELVE(PRODUCTS_TURNED)
  }
  TWELVE(END_TURNED)
}

// The same as loops of their own: inlined into what calls them they lose their registers to the stack.
WIDE static __attribute__((noinline)) void side_new(const float *a, int64_t lda, const float *b,
                                                    int32_t depth, float *c) {
  side(a, lda, b, depth, c, KEYS, 0);
}

WIDE static __attribute__((noinline)) void side_onto(const float *a, const float *b, int32_t depth,
                                                     float *c, int64_t ldc) {
  side(a, KEYS, b, depth, c, ldc, 1);
}

// What a block of queries needs, each [QUERIES, ...].
struct block {
  float *queries;   // [padded D], scaled
  float *gradients; // dY [padded D]
  float *sums;      // dQ [padded D]
  float *weights;   // P [KEYS]
  float *scores;    // dP, then dS [KEYS]
  float most[QUERIES];
  float share[QUERIES]; // 1 / sum; 0 where there is no query
  float delta[QUERIES];
};

// From scores and dP to P and dS of a query. Keys from `visible` on may not be seen, and have zeros as far
// as side_turned reads.
WIDE INLINE void weigh(struct block *block, int32_t i, int32_t span, int32_t visible, struct tree tree) {
  __m512 most = _mm512_set1_ps(block->most[i]);
  __m512 share = _mm512_set1_ps(block->share[i]);
  __m512 delta = _mm512_set1_ps(block->delta[i]);
  float *weights = block->weights + i * KEYS;
  float *scores = block->scores + i * KEYS;
  int32_t wide = span < KEYS ? span + 16 : KEYS;
  for (int32_t j = 0; j < wide; j += 16) {
    __mmask16 there = seen(j, visible, tree);
    __m512 weight = base2(_mm512_sub_ps(_mm512_loadu_ps(weights + j), most));
    weight = _mm512_maskz_mul_ps(there, weight, share);
    _mm512_storeu_ps(weights + j, weight);
    __m512 apart = _mm512_sub_ps(_mm512_loadu_ps(scores + j), delta);
    _mm512_storeu_ps(scores + j, _mm512_maskz_mul_ps(there, weight, apart));
  }
}

// Adds to the gradients of a head's keys and values and writes that of its queries. As in plm_attention,
// query i sees keys 0 to cached + i, or all where `cached` is negative, but for branches that are not its
// own. q, y, dy and dq are of F32 or BF16, their rows `strides` apart, in this order. `keys` and
// `values_turned` are the first result of plm_attention_load of keys and of values, `key_rows` the second of
// keys. dk and dv [padded S + SIDE, padded D] are sums, to be rounded by plm_attention_back_end; dk still
// lacks a factor. `room` is for QUERIES * (3 * padded D + 2 * KEYS) floats.
WIDE void plm_attention_back(const void *q, const void *y, const void *dy, void *dq, const int32_t *types,
                             const int64_t *strides, const float *most_of, const float *sum_of,
                             const float *keys, const float *values_turned, const float *key_rows, float *dk,
                             float *dv, float *room, int32_t length, int32_t dim, int64_t cached,
                             const int32_t *firsts, int32_t trunk, int32_t count) {
  int32_t columns = padded(dim);
  int64_t rows = padded(length);
  struct block block;
  block.queries = room;
  block.gradients = block.queries + QUERIES * columns;
  block.sums = block.gradients + QUERIES * columns;
  block.weights = block.sums + QUERIES * columns;
  block.scores = block.weights + QUERIES * KEYS;
  __m512 scale = _mm512_set1_ps(score_scale(dim));
  __m512 back = _mm512_set1_ps((float)(1 / __builtin_sqrt(dim)));
  for (int32_t from = 0; from < count; from += QUERIES) {
    int32_t some = count - from < QUERIES ? count - from : QUERIES;
    int32_t whole = (some + SIDE - 1) / SIDE * SIDE;
    for (int32_t i = 0; i < whole; i++) {
      __m512 delta = _mm512_setzero_ps();
      for (int32_t d = 0; d < columns; d += 16) {
        __mmask16 there = i < some ? first(dim - d) : 0;
        __m512 query = read(q, types[0], (from + i) * strides[0] + d, there, 0);
        __m512 result = read(y, types[1], (from + i) * strides[1] + d, there, 0);
        __m512 gradient = read(dy, types[2], (from + i) * strides[2] + d, there, 0);
        delta = _mm512_fmadd_ps(result, gradient, delta);
        _mm512_storeu_ps(block.queries + i * columns + d, _mm512_mul_ps(query, scale));
        _mm512_storeu_ps(block.gradients + i * columns + d, gradient);
        _mm512_storeu_ps(block.sums + i * columns + d, _mm512_setzero_ps());
      }
      block.delta[i] = _mm512_reduce_add_ps(delta);
      block.most[i] = i < some ? most_of[from + i] : 0;
      block.share[i] = i < some ? 1 / sum_of[from + i] : 0;
    }
    int32_t end = last_key(cached, from + some - 1, length);
    for (int32_t key = 0; key < end; key += KEYS) {
      if (is_hidden(firsts, trunk, from, key, KEYS)) {
        continue;
      }
      int32_t span = padded(end - key < KEYS ? end - key : KEYS);
      for (int32_t column = 0; column < span; column += PANEL) {
        int64_t panel = (int64_t)(key + column) * dim;
        for (int32_t i = 0; i < whole; i += SIDE) {
          float *weights = block.weights + i * KEYS + column;
          float *scores = block.scores + i * KEYS + column;
          side_new(block.queries + i * columns, columns, keys + panel, dim, weights);
          side_new(block.gradients + i * columns, columns, values_turned + panel, dim, scores);
        }
      }
      for (int32_t i = 0; i < whole; i++) {
        int32_t last = i < some ? last_key(cached, from + i, length) : end;
        struct tree tree = tree_of(firsts, trunk, from + (i < some ? i : 0), key);
        weigh(&block, i, span, last - key, tree);
      }
      for (int32_t column = 0; column < columns; column += PANEL) {
        for (int32_t i = 0; i < whole; i += SIDE) {
          side_onto(block.scores + i * KEYS, key_rows + column * rows + (int64_t)key * PANEL, span,
                    block.sums + i * columns + column, columns);
        }
        for (int32_t j = 0; j < span; j += SIDE) {
          int64_t to = (int64_t)(key + j) * columns + column;
          side_turned(block.weights + j, block.gradients + column, whole, dv + to, columns);
          side_turned(block.scores + j, block.queries + column, whole, dk + to, columns);
        }
      }
    }
    for (int32_t i = 0; i < some; i++) {
      for (int32_t d = 0; d < dim; d += 16) {
        __m512 numbers = _mm512_mul_ps(_mm512_loadu_ps(block.sums + i * columns + d), back);
        write(dq, types[3], (from + i) * strides[3] + d, first(dim - d), numbers);
      }
    }
  }
}

// Clears what plm_attention_back adds to: `count` numbers, a multiple of 16.
WIDE void plm_attention_back_begin(float *sums, int64_t count) {
  for (int64_t i = 0; i < count; i += 16) {
    _mm512_storeu_ps(sums + i, _mm512_setzero_ps());
  }
}

// Rounds the gradients of a head's keys and values to their tensors, whose rows are `stride` apart.
WIDE void plm_attention_back_end(const float *dk, void *to_k, int32_t k_type, int64_t k_stride,
                                 const float *dv, void *to_v, int32_t v_type, int64_t v_stride,
                                 int32_t length, int32_t dim) {
  int32_t columns = padded(dim);
  // The queries were scaled for scores to the base 2: what is left of that is the logarithm of 2.
  __m512 scale = _mm512_set1_ps(0.6931471805599453f);
  for (int64_t s = 0; s < length; s++) {
    for (int32_t d = 0; d < dim; d += 16) {
      __m512 numbers = _mm512_mul_ps(_mm512_loadu_ps(dk + s * columns + d), scale);
      write(to_k, k_type, s * k_stride + d, first(dim - d), numbers);
      write(to_v, v_type, s * v_stride + d, first(dim - d), _mm512_loadu_ps(dv + s * columns + d));
    }
  }
}
