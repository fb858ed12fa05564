// What products of many rows and attention share (bytes.c, dense.c, attention.c): panels of rows of w
// that lie turned, so that a register has one number, or a few neighbours, of each of sixteen rows.

#ifndef PLM_PANELS_H
#define PLM_PANELS_H

#include "rows.h"

// For processors with AVX-512.
#define WIDE __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq")))

// Rows of w in a panel.
enum { PANEL = 32 };

WIDE INLINE __mmask16 first(int64_t count) {
  return count >= 16 ? 0xffff : count <= 0 ? 0 : (__mmask16)((1u << count) - 1);
}

// Sixteen numbers of a row of bf16, as floats.
WIDE INLINE __m512 widened(const uint16_t *row, __mmask16 there) {
  __m256i bits = _mm256_maskz_loadu_epi16(there, row);
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(bits), 16));
}

// Sixteen rows of 64 bytes become sixteen columns of four bytes each: byte 4 * q + b of row n goes to
// place PANEL * 4 * q + 4 * n + b of `to`.
WIDE INLINE void turn(__m512i r[16], uint8_t *to) {
  __m512i t[16];
  for (int i = 0; i < 16; i += 2) {
    t[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
    t[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
  }
  for (int i = 0; i < 16; i += 4) {
    r[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
    r[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
    r[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
    r[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
  }
  // r[4 * i + q] has in its lane of 16 bytes number l what rows 4 * i to 4 * i + 3 have of column
  // 4 * l + q.
  for (int q = 0; q < 4; q++) {
    __m512i lower = _mm512_shuffle_i32x4(r[q], r[4 + q], 0x44);       // columns q, 4 + q of rows 0 to 7
    __m512i upper = _mm512_shuffle_i32x4(r[q], r[4 + q], 0xee);       // columns 8 + q, 12 + q
    __m512i lower_more = _mm512_shuffle_i32x4(r[8 + q], r[12 + q], 0x44); // the same of rows 8 to 15
    __m512i upper_more = _mm512_shuffle_i32x4(r[8 + q], r[12 + q], 0xee);
    uint8_t *column = to + q * PANEL * 4;
    const int next = 4 * PANEL * 4; // four columns on
    _mm512_storeu_si512(column, _mm512_shuffle_i32x4(lower, lower_more, 0x88));
    _mm512_storeu_si512(column + next, _mm512_shuffle_i32x4(lower, lower_more, 0xdd));
    _mm512_storeu_si512(column + 2 * next, _mm512_shuffle_i32x4(upper, upper_more, 0x88));
    _mm512_storeu_si512(column + 3 * next, _mm512_shuffle_i32x4(upper, upper_more, 0xdd));
  }
}

// Sixteen numbers in bf16, rounded to the nearest, ties to even.
WIDE INLINE __m256i rounded(__m512 numbers) {
  __m512i bits = _mm512_castps_si512(numbers);
  __m512i even = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
  bits = _mm512_add_epi32(bits, _mm512_add_epi32(even, _mm512_set1_epi32(0x7fff)));
  return _mm512_cvtepi32_epi16(_mm512_srli_epi32(bits, 16));
}

// Rounds sixteen sums and a bias to bf16 and writes them, as far as there are so many columns of y.
WIDE INLINE void store(uint16_t *y, const float *bias, int32_t count, int half, __m512 sum) {
  sum = _mm512_add_ps(sum, _mm512_loadu_ps(bias + 16 * half));
  _mm256_mask_storeu_epi16(y + 16 * half, first(count - 16 * half), rounded(sum));
}

// The bias of a panel, of which `count` columns are there; zeros where there is none.
WIDE INLINE void bias_of(const float *bias, int32_t n, int32_t count, float *to) {
  for (int half = 0; half < 2; half++) {
    __mmask16 there = bias ? first(count - 16 * half) : 0;
    _mm512_storeu_ps(to + 16 * half, _mm512_maskz_loadu_ps(there, bias + n + 16 * half));
  }
}

#endif
