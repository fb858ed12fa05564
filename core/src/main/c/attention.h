// What attention forth and back share (attention.c, attention_back.c).
//
// Shapes: L queries, S keys, D head dimension; S and D are rounded up to PANEL where it says padded.

#ifndef PLM_ATTENTION_H
#define PLM_ATTENTION_H

#include <math.h>

#include "panels.h"

// Rows of a product that are summed side by side, queries of a block.
enum { SIDE = 12, QUERIES = 4 * SIDE };

// How numbers are stored.
enum { F32, BF16, INT8 };

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

// Which keys a query sees of those up to its last: those before `trunk` and those from `first` on, between which
// lie branches that are not its own. Counted from some key on.
struct tree {
  int32_t trunk;
  int32_t first;
};

// Of sixteen keys from key j on, those that a query sees whose last is key `end` - 1.
WIDE INLINE __mmask16 seen(int32_t j, int32_t end, struct tree tree) {
  return first(end - j) & (first(tree.trunk - j) | ~first(tree.first - j));
}

// What query `i` sees, counted from key `key` on; all where there are no branches.
INLINE struct tree tree_of(const int32_t *firsts, int32_t trunk, int32_t i, int32_t key) {
  struct tree tree = {firsts ? trunk - key : 0, firsts ? firsts[i] - key : 0};
  return tree;
}

// Whether no query from `i` on sees any of `count` keys from key `key` on: all are branches that end before.
INLINE int is_hidden(const int32_t *firsts, int32_t trunk, int32_t i, int32_t key, int32_t count) {
  return firsts && key >= trunk && key + count <= firsts[i];
}

// To the base 2, scores save the softmax a product each: queries are multiplied with this.
INLINE float score_scale(int32_t dim) { return (float)(1.4426950408889634 / __builtin_sqrt(dim)); }

// Writes sixteen numbers of a row, as far as there are so many columns.
WIDE INLINE void write(void *y, int32_t type, int64_t at, __mmask16 there, __m512 numbers) {
  if (type == F32) {
    _mm512_mask_storeu_ps((float *)y + at, there, numbers);
  } else {
    _mm256_mask_storeu_epi16((uint16_t *)y + at, there, rounded(numbers));
  }
}

#endif
