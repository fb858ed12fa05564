// Products of a few rows x with the rows of a matrix w near the speed of memory, for x86-64
// processors with AVX2 and FMA: y[m, n] = sum over k of x[m, k] * w[n, k], for n from `from` to
// `to - 1`. As in rows.c numbers of y lie at y[m * (to - from) + n - from], and each is one sum, whose
// order depends neither on its neighbours nor on where `from` lies.
//
// x is always f32, as here nothing multiplies bf16. Only io.plm4j.quant.NativeRows calls this.

#include "rows.h"

#define AVX2 __attribute__((target("avx2,fma")))

// 32 bytes of four-bit codes are eight lanes of eight codes. They meet as many floats, and the sum of
// those of each lane.
enum { LANES = 8, CODES = 8, BLOCK = LANES * (CODES + 1) };

AVX2 INLINE float sum_of(__m256 lanes) {
  __m128 four = _mm_add_ps(_mm256_castps256_ps128(lanes), _mm256_extractf128_ps(lanes, 1));
  __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

AVX2 INLINE __m256 floats_of_bf16(const uint16_t *from) {
  __m256i bits = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)from));
  return _mm256_castsi256_ps(_mm256_slli_epi32(bits, 16));
}

INLINE float float_of(uint16_t bf16) {
  union {
    uint32_t bits;
    float number;
  } as = {.bits = (uint32_t)bf16 << 16};
  return as.number;
}

// Eight numbers of w, of one byte or two.
AVX2 INLINE __m256 floats_of(const uint8_t *from, int bytes) {
  return bytes == 1 ? _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)from)))
                    : floats_of_bf16((const uint16_t *)from);
}

// w is [N, columns] of i8 (one byte) or of bf16 (two), with a scale a row where scales is not null.
AVX2 INLINE void rows_of(const float *x, int32_t rows, const uint8_t *w, int bytes,
                         const float *scales, float *y, int32_t columns, int32_t from, int32_t to) {
  int32_t whole = columns & ~(LANES - 1);
  int64_t stride = (int64_t)columns * bytes;
  for (int32_t n = from; n < to; n += ROWS) {
    const uint8_t *row[ROWS];
    for (int r = 0; r < ROWS; r++) {
      row[r] = w + (n + r < to ? n + r : to - 1) * stride;
    }
    for (int32_t m = 0; m < rows; m++) {
      const float *xm = x + (int64_t)m * columns;
      __m256 sum[ROWS];
      for (int r = 0; r < ROWS; r++) {
        sum[r] = _mm256_setzero_ps();
      }
      for (int32_t k = 0; k < whole; k += LANES) {
        if ((k * bytes & 63) == 0) {
          for (int r = 0; r < ROWS; r++) {
            fetch(row[r] + k * bytes + ROWS * stride);
          }
        }
        __m256 xs = _mm256_loadu_ps(xm + k);
        for (int r = 0; r < ROWS; r++) {
          sum[r] = _mm256_fmadd_ps(floats_of(row[r] + k * bytes, bytes), xs, sum[r]);
        }
      }
      for (int r = 0; r < ROWS && n + r < to; r++) {
        float all = sum_of(sum[r]);
        for (int32_t k = whole; k < columns; k++) {
          float number = bytes == 1 ? (float)((const int8_t *)row[r])[k]
                                    : float_of(((const uint16_t *)row[r])[k]);
          all += number * xm[k];
        }
        y[(int64_t)m * (to - from) + n + r - from] = scales ? all * scales[n + r] : all;
      }
    }
  }
}

// w is i8 [N, columns] with a scale a row, x [rows, columns].
AVX2 void plm_rows_int8_avx2(const float *x, int32_t rows, const int8_t *w, const float *scales,
                             float *y, int32_t columns, int32_t from, int32_t to) {
  rows_of(x, rows, (const uint8_t *)w, 1, scales, y, columns, from, to);
}

// w is bf16 [N, columns], x [rows, columns].
AVX2 void plm_rows_bf16_avx2(const float *x, int32_t rows, const uint16_t *w, float *y,
                             int32_t columns, int32_t from, int32_t to) {
  rows_of(x, rows, (const uint8_t *)w, 2, 0, y, columns, from, to);
}

// Puts a row of x into the order of int4's codes, as plm_rows_int4_avx2 wants it. x is [groups * 2 *
// half], `to` has BLOCK floats for each 32 bytes of codes, the last of which may be fewer.
//
// Codes stay where they lie in 32 bits, so that no shift is needed, and stand for 16^j times their
// number: what meets them is divided by as much, which is exact but for numbers under 1e-30.
void plm_rows_order_avx2(const float *x, float *to, int32_t half, int32_t groups) {
  int64_t stride = (int64_t)half * groups;
  int64_t blocks = (stride + 31) / 32;
  for (int64_t block = 0; block < blocks; block++) {
    float *at = to + block * BLOCK;
    for (int lane = 0; lane < LANES; lane++) {
      float sum = 0;
      float power = 1;
      for (int code = 0; code < CODES; code++) {
        int64_t byte = block * 32 + lane * 4 + code / 2;
        int64_t k = byte / half * 2 * half + byte % half + code % 2 * half;
        float number = byte < stride ? x[k] : 0;
        // The last code is shifted after all: where it lies it would be the sign.
        at[code * LANES + lane] = code == CODES - 1 ? number : number * power;
        sum += number;
        power *= 0.0625f;
      }
      at[CODES * LANES + lane] = sum;
    }
  }
}

// Eight of what is stored for eight groups, less at the end of a row.
AVX2 INLINE __m256 scales_of(const uint16_t *scales, int32_t count) {
  if (count >= 8) {
    return floats_of_bf16(scales);
  }
  __m256 some = _mm256_setzero_ps();
  for (int32_t g = count - 1; g >= 0; g--) {
    some = _mm256_permutevar8x32_ps(some, _mm256_setr_epi32(7, 0, 1, 2, 3, 4, 5, 6));
    some = _mm256_blend_ps(some, _mm256_set1_ps(float_of(scales[g])), 1);
  }
  return some;
}

AVX2 INLINE __m256 zeros_of(const uint8_t *zeros, int32_t count) {
  uint64_t some = 0;
  for (int32_t g = 0; g < 8 && g < count; g++) {
    some |= (uint64_t)zeros[g] << 8 * g;
  }
  return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_cvtsi64_si128((int64_t)some)));
}

AVX2 INLINE __m256 coded(__m256i codes, int32_t mask) {
  return _mm256_cvtepi32_ps(_mm256_and_si256(codes, _mm256_set1_epi32(mask)));
}

// Each lane's sum of scale * (code - zero) * x for 32 bytes of codes, before the scale.
AVX2 INLINE __m256 block_of(__m256i c, const float *xs, __m256 zero) {
  // Four sums, as each product of a sum waits for the one before.
  __m256 sum0 = _mm256_mul_ps(zero, _mm256_loadu_ps(xs + CODES * LANES));
  sum0 = _mm256_fmsub_ps(coded(c, 0xf), _mm256_loadu_ps(xs), sum0);
  __m256 sum1 = _mm256_mul_ps(coded(c, 0xf0), _mm256_loadu_ps(xs + 8));
  __m256 sum2 = _mm256_mul_ps(coded(c, 0xf00), _mm256_loadu_ps(xs + 16));
  __m256 sum3 = _mm256_mul_ps(coded(c, 0xf000), _mm256_loadu_ps(xs + 24));
  sum0 = _mm256_fmadd_ps(coded(c, 0xf0000), _mm256_loadu_ps(xs + 32), sum0);
  sum1 = _mm256_fmadd_ps(coded(c, 0xf00000), _mm256_loadu_ps(xs + 40), sum1);
  sum2 = _mm256_fmadd_ps(coded(c, 0xf000000), _mm256_loadu_ps(xs + 48), sum2);
  __m256 last = _mm256_cvtepi32_ps(_mm256_srli_epi32(c, 28));
  sum3 = _mm256_fmadd_ps(last, _mm256_loadu_ps(xs + 56), sum3);
  return _mm256_add_ps(_mm256_add_ps(sum0, sum1), _mm256_add_ps(sum2, sum3));
}

// The numbers of the groups that the lanes of a block belong to, of those of eight groups.
AVX2 INLINE __m256 of_lanes(__m256 groups, int block, int half) {
  __m256i lane = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
  __m256i first = _mm256_set1_epi32(32 * block / half);
  return _mm256_permutevar8x32_ps(groups, half == 16 ? _mm256_add_epi32(first, lane) : first);
}

AVX2 INLINE float int4_row(const float *x, const uint8_t *codes, const uint16_t *scales,
                           const uint8_t *zeros, int32_t half, int32_t groups) {
  const int blocks = half / 4;  // that eight groups have
  int32_t whole = groups & ~7;
  __m256 eight = _mm256_set1_ps(8);
  __m256 total = _mm256_setzero_ps();
  for (int32_t g = 0; g < whole; g += 8) {
    __m256 scale = scales_of(scales + g, 8);
    __m256 zero = zeros ? zeros_of(zeros + g, 8) : eight;
#pragma GCC unroll 16
    for (int block = 0; block < blocks; block++) {
      fetch(codes + AHEAD);
      __m256i c = _mm256_loadu_si256((const __m256i *)codes);
      __m256 part = block_of(c, x, zeros ? of_lanes(zero, block, half) : eight);
      total = _mm256_fmadd_ps(part, of_lanes(scale, block, half), total);
      codes += 32;
      x += BLOCK;
    }
  }
  if (whole < groups) {
    __m256 scale = scales_of(scales + whole, groups - whole);
    __m256 zero = zeros ? zeros_of(zeros + whole, groups - whole) : eight;
    int32_t left = (groups - whole) * half;
    for (int block = 0; 32 * block < left; block++) {
      __m128i lower = _mm_loadu_si128((const __m128i *)codes);
      __m128i upper = _mm_setzero_si128();
      if (left - 32 * block > 16) {
        upper = _mm_loadu_si128((const __m128i *)(codes + 16));
      }
      __m256i c = _mm256_set_m128i(upper, lower);
      __m256 part = block_of(c, x, zeros ? of_lanes(zero, block, half) : eight);
      total = _mm256_fmadd_ps(part, of_lanes(scale, block, half), total);
      codes += 32;
      x += BLOCK;
    }
  }
  return sum_of(total);
}

// w is int4 [N, groups], `half` bytes of codes and a bf16 scale a group: scale * (code - zero). zeros
// is u8 [N, groups], or null where every zero is 8. x is rows in the order of the codes.
AVX2 void plm_rows_int4_avx2(const float *x, int32_t rows, const uint8_t *codes,
                             const uint16_t *scales, const uint8_t *zeros, float *y, int32_t half,
                             int32_t groups, int32_t from, int32_t to) {
  int64_t stride = (int64_t)half * groups;
  int64_t ordered = (stride + 31) / 32 * BLOCK;
  for (int32_t n = from; n < to; n++) {
    const uint8_t *c = codes + n * stride;
    const uint16_t *s = scales + (int64_t)n * groups;
    const uint8_t *z = zeros ? zeros + (int64_t)n * groups : 0;
    for (int32_t m = 0; m < rows; m++) {
      const float *xm = x + m * ordered;
      float *to_y = y + (int64_t)m * (to - from) + n - from;
      // `half` is known where each is compiled, and with it the ends of loops.
      switch (half) {
        case 16:
          *to_y = int4_row(xm, c, s, z, 16, groups);
          break;
        case 32:
          *to_y = int4_row(xm, c, s, z, 32, groups);
          break;
        default:
          *to_y = int4_row(xm, c, s, z, 64, groups);
      }
    }
  }
}
