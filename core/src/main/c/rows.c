// Products of a few rows x with the rows of a matrix w near the speed of memory, for x86-64
// processors with AVX-512: y[m, n] = sum over k of x[m, k] * w[n, k], for n from `from` to `to - 1`.
//
// Numbers of y lie at y[m * (to - from) + n - from]. Each is one sum, whose order depends neither on
// its neighbours nor on where `from` lies. Only io.plm4j.quant.NativeRows calls this; ./build compiles it.

#include "rows.h"

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq")))
#define AVX512_BF16 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16")))

// Which functions may be called: 0 none, 1 those in AVX2 (rows_avx2.c), 2 also those in AVX-512, 3 also
// those in AVX512_BF16.
int32_t plm_rows_level(void) {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) {
    return 0;
  }
  if (!has_avx512()) {
    return 1;
  }
  return __builtin_cpu_supports("avx512bf16") ? 3 : 2;
}

AVX512 INLINE __m512 floats(__m128i bytes) {
  return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(bytes));
}

// w is i8 [N, columns] with a scale a row, x f32 [rows, columns].
AVX512 void plm_rows_int8(const float *x, int32_t rows, const int8_t *w, const float *scales, float *y,
                          int32_t columns, int32_t from, int32_t to) {
  int32_t whole = columns & ~15;
  __mmask16 rest = (__mmask16)((1u << (columns - whole)) - 1);
  for (int32_t n = from; n < to; n += ROWS) {
    const int8_t *row[ROWS];
    for (int r = 0; r < ROWS; r++) {
      row[r] = w + (int64_t)(n + r < to ? n + r : to - 1) * columns;
    }
    for (int32_t m = 0; m < rows; m++) {
      const float *xm = x + (int64_t)m * columns;
      __m512 sum[ROWS];
      for (int r = 0; r < ROWS; r++) {
        sum[r] = _mm512_setzero_ps();
      }
      for (int32_t k = 0; k < whole; k += 16) {
        if ((k & 63) == 0) {
          for (int r = 0; r < ROWS; r++) {
            fetch(row[r] + k + ROWS * (int64_t)columns);
          }
        }
        __m512 xs = _mm512_loadu_ps(xm + k);
        for (int r = 0; r < ROWS; r++) {
          __m512 ws = floats(_mm_loadu_si128((const __m128i *)(row[r] + k)));
          sum[r] = _mm512_fmadd_ps(ws, xs, sum[r]);
        }
      }
      if (rest) {
        __m512 xs = _mm512_maskz_loadu_ps(rest, xm + whole);
        for (int r = 0; r < ROWS; r++) {
          __m512 ws = floats(_mm_maskz_loadu_epi8(rest, row[r] + whole));
          sum[r] = _mm512_fmadd_ps(ws, xs, sum[r]);
        }
      }
      for (int r = 0; r < ROWS && n + r < to; r++) {
        y[(int64_t)m * (to - from) + n + r - from] = _mm512_reduce_add_ps(sum[r]) * scales[n + r];
      }
    }
  }
}

AVX512_BF16 INLINE __m512bh load_bf16(const uint16_t *from) {
  return (__m512bh)_mm512_loadu_si512(from);
}

// w is bf16 [N, columns], x bf16 [rows, columns].
AVX512_BF16 void plm_rows_bf16(const uint16_t *x, int32_t rows, const uint16_t *w, float *y,
                               int32_t columns, int32_t from, int32_t to) {
  int32_t whole = columns & ~31;
  __mmask32 rest = (__mmask32)((1ull << (columns - whole)) - 1);
  for (int32_t n = from; n < to; n += ROWS) {
    const uint16_t *row[ROWS];
    for (int r = 0; r < ROWS; r++) {
      row[r] = w + (int64_t)(n + r < to ? n + r : to - 1) * columns;
    }
    for (int32_t m = 0; m < rows; m++) {
      const uint16_t *xm = x + (int64_t)m * columns;
      __m512 sum[ROWS];
      for (int r = 0; r < ROWS; r++) {
        sum[r] = _mm512_setzero_ps();
      }
      for (int32_t k = 0; k < whole; k += 32) {
        __m512bh xs = load_bf16(xm + k);
        for (int r = 0; r < ROWS; r++) {
          fetch(row[r] + k + ROWS * (int64_t)columns);
          sum[r] = _mm512_dpbf16_ps(sum[r], load_bf16(row[r] + k), xs);
        }
      }
      if (rest) {
        __m512bh xs = (__m512bh)_mm512_maskz_loadu_epi16(rest, xm + whole);
        for (int r = 0; r < ROWS; r++) {
          __m512bh ws = (__m512bh)_mm512_maskz_loadu_epi16(rest, row[r] + whole);
          sum[r] = _mm512_dpbf16_ps(sum[r], ws, xs);
        }
      }
      for (int r = 0; r < ROWS && n + r < to; r++) {
        y[(int64_t)m * (to - from) + n + r - from] = _mm512_reduce_add_ps(sum[r]);
      }
    }
  }
}

INLINE uint32_t bits_of(float number) {
  union {
    float number;
    uint32_t bits;
  } as = {.number = number};
  return as.bits;
}

// What the codes 0 to 15 stand for before the scale, as bf16, in which all are exact; twice, as
// vpermw looks at five bits of an index, the fifth of which belongs to the next code.
AVX512_BF16 INLINE __m512i table(int32_t middle) {
  uint16_t numbers[32];
  for (int code = 0; code < 32; code++) {
    numbers[code] = (uint16_t)(bits_of((float)((code & 15) - middle)) >> 16);
  }
  return _mm512_loadu_si512(numbers);
}

AVX512_BF16 INLINE __m512bh numbers_of(__m512i codes, __m512i table) {
  return (__m512bh)_mm512_permutexvar_epi16(codes, table);
}

// As floats. A load with a mask waits for memory that one without a mask does not wait for.
AVX512_BF16 INLINE __m512 scales_of(const uint16_t *scales, int32_t count) {
  __m256i bits = count >= 16 ? _mm256_loadu_si256((const __m256i *)scales)
                             : _mm256_maskz_loadu_epi16((__mmask16)((1u << count) - 1), scales);
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(bits), 16));
}

AVX512_BF16 INLINE float int4_row(const uint16_t *x, const float *sums, const uint8_t *codes,
                                  const uint16_t *scales, const uint8_t *zeros, int32_t half,
                                  int32_t groups, __m512i table) {
  const int at_once = 64 / half;    // groups of 64 bytes
  const int turns = 16 / at_once;   // that sixteen scales are for
  const int shift = at_once == 4 ? 2 : at_once == 2 ? 3 : 4;
  int64_t stride = (int64_t)half * groups;
  __m512i lane = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  __m512i group = _mm512_srli_epi32(lane, shift);
  __m512 total = _mm512_setzero_ps();
  __m512 excess = _mm512_setzero_ps();
  for (int32_t g = 0; g < groups; g += 16) {
    __m512 scale = scales_of(scales + g, groups - g);
    if (zeros) {
      __mmask16 there = (__mmask16)(groups - g >= 16 ? 0xffff : (1u << (groups - g)) - 1);
      __m128i bytes = _mm_maskz_loadu_epi8(there, zeros + g);
      __m512 zero = _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(bytes));
      __m512 sum = _mm512_maskz_loadu_ps(there, sums + g);
      excess = _mm512_fmadd_ps(_mm512_mul_ps(scale, zero), sum, excess);
    }
    for (int turn = 0; turn < turns; turn++) {
      int64_t at = (int64_t)g * half + 64 * turn;
      int64_t left = stride - at;
      if (left <= 0) {
        break;
      }
      fetch(codes + at + AHEAD);
      __m512i block = left >= 64 ? _mm512_loadu_si512(codes + at)
                                 : _mm512_maskz_loadu_epi8((1ull << left) - 1, codes + at);
      const uint16_t *xs = x + 2 * at;
      __m512 part = _mm512_setzero_ps();
      part = _mm512_dpbf16_ps(part, numbers_of(block, table), load_bf16(xs));
      part = _mm512_dpbf16_ps(part, numbers_of(_mm512_srli_epi16(block, 4), table), load_bf16(xs + 32));
      part = _mm512_dpbf16_ps(part, numbers_of(_mm512_srli_epi16(block, 8), table), load_bf16(xs + 64));
      part = _mm512_dpbf16_ps(part, numbers_of(_mm512_srli_epi16(block, 12), table), load_bf16(xs + 96));
      __m512i of = _mm512_add_epi32(group, _mm512_set1_epi32(turn * at_once));
      total = _mm512_fmadd_ps(part, _mm512_permutexvar_ps(of, scale), total);
    }
  }
  float sum = _mm512_reduce_add_ps(total);
  return zeros ? sum - _mm512_reduce_add_ps(excess) : sum;
}

// What meets one group's bytes, whose first is byte `byte` of the row.
INLINE uint32_t order_group(const float *x, uint16_t *to, int32_t byte, int32_t half) {
  uint16_t *at = to + byte / 64 * 128 + byte % 64 / 2;
  uint32_t lost = 0;
  for (int32_t i = 0; i < half / 2; i++) {
    uint32_t even = bits_of(x[2 * i]);
    uint32_t even_upper = bits_of(x[half + 2 * i]);
    uint32_t odd = bits_of(x[2 * i + 1]);
    uint32_t odd_upper = bits_of(x[half + 2 * i + 1]);
    at[i] = (uint16_t)(even >> 16);
    at[32 + i] = (uint16_t)(even_upper >> 16);
    at[64 + i] = (uint16_t)(odd >> 16);
    at[96 + i] = (uint16_t)(odd_upper >> 16);
    lost |= even | even_upper | odd | odd_upper;
  }
  return lost;
}

// Puts a row of x into the order of int4's codes, as plm_rows_int4 wants it, and says whether bf16
// holds it: 1, or 0, and then what was written is of no use. x is f32 [groups * 2 * half].
AVX512 int32_t plm_rows_order(const float *x, uint16_t *to, int32_t half, int32_t groups) {
  uint32_t lost = 0;
  for (int32_t g = 0; g < groups; g++) {
    const float *from = x + (int64_t)g * 2 * half;
    // `half` is known where each is compiled.
    switch (half) {
      case 16:
        lost |= order_group(from, to, g * half, 16);
        break;
      case 32:
        lost |= order_group(from, to, g * half, 32);
        break;
      default:
        lost |= order_group(from, to, g * half, 64);
    }
  }
  return (lost & 0xffff) == 0;
}

// w is int4 [N, groups], `half` bytes of codes and a bf16 scale a group: scale * (code - zero).
//
// x is bf16 [rows, padded], padded to whole 64 bytes of codes by zeros and in the order of the codes:
// for each 64 bytes what meets the lower bits of even bytes, their upper bits, the lower bits of odd
// bytes and their upper bits, 32 numbers each. sums [rows, groups] is the sum of x in each group. It
// and zeros, u8 [N, groups], are null where every zero is 8.
AVX512_BF16 void plm_rows_int4(const uint16_t *x, int32_t rows, const float *sums, const uint8_t *codes,
                               const uint16_t *scales, const uint8_t *zeros, float *y, int32_t half,
                               int32_t groups, int32_t from, int32_t to) {
  __m512i numbers = table(zeros ? 0 : 8);
  int64_t stride = (int64_t)half * groups;
  int64_t padded = (stride + 63) / 64 * 128;
  for (int32_t n = from; n < to; n++) {
    const uint8_t *c = codes + n * stride;
    const uint16_t *s = scales + (int64_t)n * groups;
    const uint8_t *z = zeros ? zeros + (int64_t)n * groups : 0;
    for (int32_t m = 0; m < rows; m++) {
      const uint16_t *xm = x + m * padded;
      const float *xsums = zeros ? sums + (int64_t)m * groups : 0;
      float *to_y = y + (int64_t)m * (to - from) + n - from;
      // `half` is known where each is compiled, and with it the ends of loops.
      switch (half) {
        case 16:
          *to_y = int4_row(xm, xsums, c, s, z, 16, groups, numbers);
          break;
        case 32:
          *to_y = int4_row(xm, xsums, c, s, z, 32, groups, numbers);
          break;
        default:
          *to_y = int4_row(xm, xsums, c, s, z, 64, groups, numbers);
      }
    }
  }
}
