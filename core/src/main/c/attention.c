// Attention of many queries over the keys and values of one head, for x86-64 processors with AVX-512:
// block by block with a running softmax (Dao et al. 2022, FlashAttention), so that scores never leave
// the caches. All sums are of 32 bits. What a query becomes does not depend on the others.
//
// A block of queries meets a block of keys in two products, scores = Q * K^T and output += P * V. Only
// io.plm4j.quant.NativeAttention calls this; ./build compiles it.
//
// Shapes: L queries, S keys, D head dimension; S and D are rounded up to PANEL where it says padded.

#include <math.h>

#include "panels.h"

// Rows of a product that are summed side by side, queries and keys of a block: their scores take 24 KB.
enum { SIDE = 12, QUERIES = 4 * SIDE, KEYS = 128 };

// How numbers are stored.
enum { F32, BF16, INT8 };

int32_t plm_attention_there(void) { return has_avx512(); }

INLINE int32_t padded(int32_t n) { return (n + PANEL - 1) / PANEL * PANEL; }

// Sixteen numbers from number `at` on.
WIDE INLINE __m512 read(const void *from, int32_t type, int64_t at, __mmask16 there, float scale) {
  switch (type) {
    case F32:
      return _mm512_maskz_loadu_ps(there, (const float *)from + at);
    case BF16:
      return widened((const uint16_t *)from + at, there);
    default: {
      __m128i bytes = _mm_maskz_loadu_epi8(there, (const int8_t *)from + at);
      return _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(bytes)), _mm512_set1_ps(scale));
    }
  }
}

// Lays the keys and values of a head for plm_attention: rows of D numbers, `stride` apart, in types of
// their own, in int8 with a scale a row. keys [padded S / PANEL, D, PANEL], with room for 16 * PANEL numbers more, and values
// [padded D / PANEL, padded S, PANEL] are written; what is not there is zeros.
WIDE void plm_attention_load(const void *k, int32_t k_type, const float *k_scales, int64_t k_stride,
                             const void *v, int32_t v_type, const float *v_scales, int64_t v_stride,
                             float *keys, float *values, int32_t length, int32_t dim) {
  int32_t rows = padded(length);
  for (int32_t s = 0; s < rows; s += 16) {
    float *panel = keys + (int64_t)(s / PANEL) * PANEL * dim + s % PANEL;
    for (int32_t d = 0; d < dim; d += 16) {
      __m512i r[16];
      for (int i = 0; i < 16; i++) {
        __mmask16 there = s + i < length ? first(dim - d) : 0;
        float scale = k_type == INT8 && there ? k_scales[s + i] : 0;
        r[i] = _mm512_castps_si512(read(k, k_type, (s + i) * k_stride + d, there, scale));
      }
      turn(r, (uint8_t *)(panel + (int64_t)d * PANEL));
    }
    for (int i = 0; i < 16; i++) {
      float scale = v_type == INT8 && s + i < length ? v_scales[s + i] : 0;
      for (int32_t d = 0; d < padded(dim); d += 16) {
        __mmask16 there = s + i < length ? first(dim - d) : 0;
        float *to = values + (int64_t)(d / PANEL) * rows * PANEL + (int64_t)(s + i) * PANEL + d % PANEL;
        _mm512_storeu_ps(to, read(v, v_type, (s + i) * v_stride + d, there, scale));
      }
    }
  }
}

// Sums are variables of their own, as gcc (12) does not keep an array of so many in registers.
#define TWELVE(ROW) ROW(0) ROW(1) ROW(2) ROW(3) ROW(4) ROW(5) ROW(6) ROW(7) ROW(8) ROW(9) ROW(10) ROW(11)
#define BEGIN(i)                                                                                        \
  __m512 left##i = onto ? _mm512_loadu_ps(c + i * ldc) : _mm512_setzero_ps();                           \
  __m512 right##i = onto ? _mm512_loadu_ps(c + i * ldc + 16) : _mm512_setzero_ps();
#define PRODUCTS(i)                                                                                     \
  {                                                                                                     \
    __m512 as = _mm512_set1_ps(a[i * lda + k]);                                                         \
    left##i = _mm512_fmadd_ps(as, b0, left##i);                                                         \
    right##i = _mm512_fmadd_ps(as, b1, right##i);                                                       \
  }
#define END(i)                                                                                          \
  _mm512_storeu_ps(c + i * ldc, left##i);                                                               \
  _mm512_storeu_ps(c + i * ldc + 16, right##i);

// c = a * b, or c += a * b. a [SIDE, depth] with rows `lda` apart, b [depth, PANEL], c [SIDE, PANEL] with
// rows `ldc` apart.
WIDE INLINE void side(const float *a, int64_t lda, const float *b, int32_t depth, float *c, int64_t ldc,
                      const int onto) {
  TWELVE(BEGIN)
  for (int32_t k = 0; k < depth; k++, b += PANEL) {
    __m512 b0 = _mm512_loadu_ps(b);
    __m512 b1 = _mm512_loadu_ps(b + 16);
    TWELVE(PRODUCTS)
  }
  TWELVE(END)
}

// 2 to the x for x <= 0, to within 2 units in the last place; below -126 that of -126, which is nothing
// beside a weight of 1. x = n + r with |r| <= 1/2: Taylor's polynomial (ln 2)^k / k! gives 2 to the r,
// and n goes to the exponent's bits.
WIDE INLINE __m512 base2(__m512 x) {
  const __m512 round = _mm512_set1_ps(12582912); // 1.5 * 2^23 rounds to the nearest integer
  x = _mm512_max_ps(_mm512_set1_ps(-126), x); // in this order NaN stays NaN
  __m512 shifted = _mm512_add_ps(x, round);
  __m512 r = _mm512_sub_ps(x, _mm512_sub_ps(shifted, round));
  __m512 p = _mm512_set1_ps(1.5403530e-4f);
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1.3333558e-3f));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(9.6181291e-3f));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(5.5504109e-2f));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(2.4022651e-1f));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(6.9314718e-1f));
  p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1));
  __m512i n = _mm512_slli_epi32(_mm512_castps_si512(shifted), 23);
  return _mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(p), n));
}

// One more than the last key that a query sees; `cached` is negative where each sees all.
INLINE int32_t last_key(int64_t cached, int64_t query, int32_t length) {
  int64_t last = cached < 0 ? length : cached + query + 1;
  return last < length ? (int32_t)last : length;
}

// Scores of a query become weights relative to the largest so far; what was summed before is rescaled.
WIDE INLINE void soften(float *scores, int32_t span, int32_t visible, float *most, float *sum, float *output,
                        int32_t columns) {
  __m512 largest = _mm512_set1_ps(*most);
  for (int32_t j = 0; j < span; j += 16) {
    // What may not be seen counts as -infinity.
    __m512 score = _mm512_mask_loadu_ps(_mm512_set1_ps(-INFINITY), first(visible - j), scores + j);
    _mm512_storeu_ps(scores + j, score);
    largest = _mm512_max_ps(score, largest);
  }
  float now = _mm512_reduce_max_ps(largest);
  if (now > *most) {
    __m512 rescale = base2(_mm512_set1_ps(*most - now));
    rescale = *most == -INFINITY ? _mm512_setzero_ps() : rescale;
    *sum *= _mm512_cvtss_f32(rescale);
    for (int32_t d = 0; d < columns; d += 16) {
      _mm512_storeu_ps(output + d, _mm512_mul_ps(_mm512_loadu_ps(output + d), rescale));
    }
    *most = now;
  }
  __m512 total = _mm512_setzero_ps();
  for (int32_t j = 0; j < span; j += 16) {
    __m512 weight = base2(_mm512_sub_ps(_mm512_loadu_ps(scores + j), _mm512_set1_ps(now)));
    _mm512_storeu_ps(scores + j, weight);
    total = _mm512_add_ps(total, weight);
  }
  *sum += _mm512_reduce_add_ps(total);
}

WIDE INLINE void finish(const float *output, float sum, void *y, int32_t type, int64_t at, int32_t dim) {
  __m512 scale = _mm512_set1_ps(1 / sum);
  for (int32_t d = 0; d < dim; d += 16) {
    __m512 numbers = _mm512_mul_ps(_mm512_loadu_ps(output + d), scale);
    if (type == F32) {
      _mm512_mask_storeu_ps((float *)y + at + d, first(dim - d), numbers);
    } else {
      _mm256_mask_storeu_epi16((uint16_t *)y + at + d, first(dim - d), rounded(numbers));
    }
  }
}

// Query i of `count`, row i of q, sees keys 0 to cached + i, or all where `cached` is negative; row i of y is
// written. q and y are of F32 or BF16, their rows of D numbers `stride` apart. `room` is for QUERIES *
// (D + padded D + KEYS) floats.
WIDE void plm_attention(const void *q, int32_t q_type, int64_t q_stride, void *y, int32_t y_type,
                        int64_t y_stride, const float *keys, const float *values, float *room,
                        int32_t length, int32_t dim, int64_t cached, int32_t count) {
  int32_t columns = padded(dim);
  int64_t rows = padded(length);
  float *queries = room;
  float *output = queries + QUERIES * dim;
  float *scores = output + QUERIES * columns;
  // Scores to the base 2 save the softmax a product each.
  __m512 scale = _mm512_set1_ps((float)(1.4426950408889634 / __builtin_sqrt(dim)));
  for (int32_t block = 0; block < count; block += QUERIES) {
    int32_t some = count - block < QUERIES ? count - block : QUERIES;
    int32_t whole = (some + SIDE - 1) / SIDE * SIDE;
    float most[QUERIES];
    float sum[QUERIES];
    for (int32_t i = 0; i < whole; i++) {
      most[i] = -INFINITY;
      sum[i] = 0;
      for (int32_t d = 0; d < dim; d += 16) {
        __mmask16 there = i < some ? first(dim - d) : 0;
        __m512 numbers = read(q, q_type, (block + i) * q_stride + d, there, 0);
        _mm512_mask_storeu_ps(queries + i * dim + d, first(dim - d), _mm512_mul_ps(numbers, scale));
      }
      for (int32_t d = 0; d < columns; d += 16) {
        _mm512_storeu_ps(output + i * columns + d, _mm512_setzero_ps());
      }
    }
    int32_t end = last_key(cached, block + some - 1, length);
    for (int32_t key = 0; key < end; key += KEYS) {
      int32_t span = padded(end - key < KEYS ? end - key : KEYS);
      for (int32_t column = 0; column < span; column += PANEL) {
        for (int32_t i = 0; i < whole; i += SIDE) {
          side(queries + i * dim, dim, keys + (int64_t)(key + column) * dim, dim, scores + i * KEYS + column,
               KEYS, 0);
        }
      }
      for (int32_t i = 0; i < some; i++) {
        int32_t visible = last_key(cached, block + i, length) - key;
        soften(scores + i * KEYS, span, visible, most + i, sum + i, output + i * columns, columns);
      }
      for (int32_t column = 0; column < columns; column += PANEL) {
        for (int32_t i = 0; i < whole; i += SIDE) {
          side(scores + i * KEYS, KEYS, values + column * rows + (int64_t)key * PANEL, span,
               output + i * columns + column, columns, 1);
        }
      }
    }
    for (int32_t i = 0; i < some; i++) {
      finish(output + i * columns, sum[i], y, y_type, (block + i) * y_stride, dim);
    }
  }
}
