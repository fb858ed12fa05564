// Products of many rows x with the rows of a matrix w, both in bf16, for x86-64 processors with AVX-512:
// y[m, n] = sum over k of x[m, k] * w[n, k] + bias[n], summed in 32 bits and rounded once.
//
// Where the processor multiplies pairs of bf16 faster than floats (AVX512_BF16 on a Zen 4 or 5) it does
// so; else numbers are widened to floats (the same instruction on an Emerald Rapids has half the
// speed of floats). What a row becomes depends neither on the rows beside it nor on where `from` lies.
// Only io.plm4j.quant.NativeDense calls this; ./build compiles it.

#include <cpuid.h>

#include "panels.h"

#define PAIRS __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16")))

// Rows of x whose products are summed side by side.
enum { DENSE_TILE = 12 };

// Twelve products that do not wait for one another.
#define PROBE(instruction)                                                                            \
  __asm__ volatile(".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11\n\t" instruction                        \
                   " %%zmm30, %%zmm31, %%zmm\\n\n\t.endr" ::                                          \
                       : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", \
                         "xmm10", "xmm11")

// The least time of some tries, in ticks of the processor's clock.
PAIRS static uint64_t ticks(int pairs) {
  uint64_t least = UINT64_MAX;
  for (int try = 0; try < 10; try++) {
    __asm__ volatile("vpxord %%zmm30, %%zmm30, %%zmm30\n\tvpxord %%zmm31, %%zmm31, %%zmm31" ::: "xmm30", "xmm31");
    uint64_t start = __builtin_ia32_rdtsc();
    for (int i = 0; i < 1000; i++) {
      if (pairs) {
        PROBE("vdpbf16ps");
      } else {
        PROBE("vfmadd231ps");
      }
    }
    uint64_t time = __builtin_ia32_rdtsc() - start;
    least = time < least ? time : least;
  }
  return least;
}

// Which product is the fast one: 0 none of these, 1 that of floats, 2 that of pairs of bf16.
// Processors with AMX have a faster one, which is not here.
int32_t plm_dense_kind(void) {
  if (!has_avx512()) {
    return 0;
  }
  uint32_t a, b, c, d;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) && (d >> 22 & 1)) {
    return 0;
  }
  // A pair does the work of two floats.
  return __builtin_cpu_supports("avx512bf16") && 3 * ticks(1) < 5 * ticks(0) ? 2 : 1;
}

// How rows of x are read: four bytes at a time, which are a float or a pair of bf16.
WIDE INLINE __m512i fours(const uint16_t *row, int pairs, int64_t left) {
  if (pairs) {
    return _mm512_maskz_loadu_epi16(left >= 32 ? ~0u : (1u << left) - 1, row);
  }
  return _mm512_castps_si512(widened(row, first(left)));
}

// Columns that `fours` reads, and numbers of four bytes that a row has.
INLINE int32_t together(int pairs) { return pairs ? 32 : 16; }
INLINE int64_t length_of(int32_t columns, int pairs) { return pairs ? (columns + 1) / 2 : columns; }

// Turns tiles `from` to `to - 1` of x, bf16 [rows, columns], into `tiles`, [rows / DENSE_TILE, length,
// DENSE_TILE], where rows that are not there are zeros.
WIDE void plm_dense_tiles(const uint16_t *x, int32_t rows, uint32_t *tiles, int32_t pairs, int32_t columns,
                          int32_t from, int32_t to) {
  int64_t length = length_of(columns, pairs);
  for (int32_t tile = from; tile < to; tile++) {
    uint32_t *of_tile = tiles + tile * length * DENSE_TILE;
    for (int32_t k = 0; k < columns; k += together(pairs)) {
      __m512i r[16];
      for (int i = 0; i < 16; i++) {
        int64_t row = (int64_t)tile * DENSE_TILE + i;
        r[i] = i < DENSE_TILE && row < rows ? fours(x + row * columns + k, pairs, columns - k) : _mm512_setzero_si512();
      }
      uint32_t turned[16 * PANEL];
      turn(r, (uint8_t *)turned);
      int64_t at = length_of(k, pairs);
      for (int i = 0; i < 16 && at + i < length; i++) {
        _mm512_mask_storeu_epi32(of_tile + (at + i) * DENSE_TILE, (1 << DENSE_TILE) - 1,
                                 _mm512_loadu_si512(turned + i * PANEL));
      }
    }
  }
}

struct dense {
  const uint32_t *x;     // as plm_dense_tiles writes them
  const uint32_t *panel; // [length, PANEL]
  const float *bias;     // [PANEL]
  uint16_t *y;           // at the panel's first column
  int64_t stride;
  int64_t length;
  int32_t count; // columns of y, PANEL at most
};

WIDE INLINE void store_row(const struct dense *p, int64_t m, int there, __m512 left, __m512 right) {
  if (there) {
    store(p->y + m * p->stride, p->bias, p->count, 0, left);
    store(p->y + m * p->stride, p->bias, p->count, 1, right);
  }
}

// What is done for each row of a half tile, and of a whole one. The sums are variables of their own, as
// gcc (12) does not keep an array of so many in registers.
#define SIX(ROW) ROW(0) ROW(1) ROW(2) ROW(3) ROW(4) ROW(5)
#define TWELVE(ROW) SIX(ROW) ROW(6) ROW(7) ROW(8) ROW(9) ROW(10) ROW(11)
#define BEGIN(i) __m512 left##i = _mm512_setzero_ps(), right##i = _mm512_setzero_ps();
#define PRODUCTS(i, INSTRUCTION)                                                                           \
  {                                                                                                        \
    __m512i xs = _mm512_set1_epi32((int32_t)x[i]);                                                         \
    __asm__(INSTRUCTION " %2, %1, %0" : "+v"(left##i) : "v"(w0), "v"(xs));                                 \
    __asm__(INSTRUCTION " %2, %1, %0" : "+v"(right##i) : "v"(w1), "v"(xs));                                \
  }
#define PAIR_PRODUCTS(i) PRODUCTS(i, "vdpbf16ps")
#define FLOAT_PRODUCTS(i) PRODUCTS(i, "vfmadd231ps")
#define STORE(i) store_row(p, number * DENSE_TILE + i, i < rows, left##i, right##i);

// A tile of x, whose first `rows` rows are there, with the panel.
#define TILE(ATTRIBUTE, NAME, ROWS, ROW)                                                                   \
  ATTRIBUTE static void NAME(const struct dense *p, int32_t number, int32_t rows) {                        \
    const uint32_t *x = p->x + number * p->length * DENSE_TILE;                                            \
    const uint32_t *w = p->panel;                                                                          \
    ROWS(BEGIN)                                                                                            \
    for (int64_t k = 0; k < p->length; k++, w += PANEL, x += DENSE_TILE) {                                 \
      __m512i w0 = _mm512_loadu_si512(w);                                                                  \
      __m512i w1 = _mm512_loadu_si512(w + 16);                                                             \
      ROWS(ROW)                                                                                            \
    }                                                                                                      \
    ROWS(STORE)                                                                                            \
  }
TILE(PAIRS, half_of_pairs, SIX, PAIR_PRODUCTS)
TILE(PAIRS, tile_of_pairs, TWELVE, PAIR_PRODUCTS)
TILE(WIDE, half_of_floats, SIX, FLOAT_PRODUCTS)
TILE(WIDE, tile_of_floats, TWELVE, FLOAT_PRODUCTS)

// w is bf16 [N, columns], x in tiles; columns `from` to `to - 1` of y, bf16 [rows, stride], are written.
// bias [N] may be null. `room` is for PANEL rows of w of four bytes, columns rounded up to 32.
WIDE void plm_dense(const uint32_t *x, int32_t rows, const uint16_t *w, const float *bias, uint32_t *room,
                    uint16_t *y, int32_t pairs, int32_t columns, int32_t stride, int32_t from, int32_t to) {
  for (int32_t n = from; n < to; n += PANEL) {
    int32_t count = to - n < PANEL ? to - n : PANEL;
    for (int half = 0; half < 2; half++) {
      uint32_t *at = room + 16 * half;
      for (int32_t k = 0; k < columns; k += together(pairs), at += 16 * PANEL) {
        __m512i r[16];
        for (int i = 0; i < 16; i++) {
          int64_t row = 16 * half + i < count ? n + 16 * half + i : to - 1;
          const uint16_t *from_row = w + row * columns + k;
          fetch(from_row + (int64_t)PANEL * columns);
          r[i] = fours(from_row, pairs, columns - k);
        }
        turn(r, (uint8_t *)at);
      }
    }
    float panel_bias[PANEL];
    bias_of(bias, n, count, panel_bias);
    struct dense p = {x, room, panel_bias, y + n, stride, length_of(columns, pairs), count};
    for (int32_t number = 0; number * DENSE_TILE < rows; number++) {
      int32_t left = rows - number * DENSE_TILE;
      if (left > DENSE_TILE / 2) {
        (pairs ? tile_of_pairs : tile_of_floats)(&p, number, left);
      } else {
        (pairs ? half_of_pairs : half_of_floats)(&p, number, left);
      }
    }
  }
}
