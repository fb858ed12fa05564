// Products of many rows x with the rows of a matrix w in eight or four bits, for x86-64 processors with
// AVX512_VNNI: y[m, n] = sum over k of x[m, k] * w[n, k] + bias[n].
//
// x is rounded to eight bits, with a scale for each group of neighbours in a row, so that sums within
// a group are of whole numbers and exact. What a row becomes depends neither on the rows beside it nor
// on where `from` lies. Only io.plm4j.quant.NativeBytes calls this; ./build compiles it.
//
// Shapes: M rows of x, N rows of w, K columns of both, G groups of a row, the last of which is filled
// up with zeros.

#include "panels.h"

#define VNNI __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni")))

// Rows of x whose products with a panel are summed side by side: as many as there are registers for.
enum { TILE = 6 };

// Numbers of a row that are read at once.
enum { PIECE = 64 };

// Whether the functions below may be called.
int32_t plm_bytes_there(void) { return has_avx512() && __builtin_cpu_supports("avx512vnni"); }

// Rounds rows `from` to `to - 1` of x: the largest magnitude of a group becomes 127. A group with a
// number that is not finite has a scale that is none, which makes its row of y so.
//
// x is bf16 [M, columns]. Written are codes, scales and sums, which are -128 times the sum of a group's
// codes, in tiles of TILE rows, the last of which is left as it was where it has no rows: codes [M / TILE,
// G * group / 4, TILE, 4], scales and sums [M / TILE, G, TILE].
VNNI void plm_bytes_round(const uint16_t *x, int8_t *codes, float *scales, int32_t *sums,
                         int32_t columns, int32_t group, int32_t from, int32_t to) {
  int32_t groups = (columns + group - 1) / group;
  for (int32_t m = from; m < to; m++) {
    const uint16_t *row = x + (int64_t)m * columns;
    for (int32_t g = 0; g < groups; g++) {
      int64_t at = (int64_t)g * group;
      __m512i largest = _mm512_setzero_si512();
      for (int32_t k = 0; k < group; k += 16) {
        __m512i bits = _mm512_castps_si512(widened(row + at + k, first(columns - at - k)));
        largest = _mm512_max_epu32(largest, _mm512_and_si512(bits, _mm512_set1_epi32(0x7fffffff)));
      }
      union {
        uint32_t bits;
        float number;
      } most = {.bits = _mm512_reduce_max_epu32(largest)};
      int finite = most.bits < 0x7f800000;
      // So small that its inverse would not be finite: nothing beside any other number.
      int none = !finite || most.number < 0x1p-119f;
      __m512 inverse = _mm512_set1_ps(none ? 0 : 127 / most.number);
      __m512i sum = _mm512_setzero_si512();
      int32_t *quads = (int32_t *)codes + (int64_t)(m / TILE) * TILE * groups * group / 4 + m % TILE;
      quads += (int64_t)g * group / 4 * TILE;
      for (int32_t k = 0; k < group; k += 16) {
        __m512 xs = widened(row + at + k, first(columns - at - k));
        __m512i rounded =
            none ? _mm512_setzero_si512() : _mm512_cvtps_epi32(_mm512_mul_ps(xs, inverse));
        sum = _mm512_add_epi32(sum, rounded);
        __m128i bytes = _mm512_cvtepi32_epi8(rounded);
        int32_t *to_quads = quads + k / 4 * TILE;
        to_quads[0] = _mm_extract_epi32(bytes, 0);
        to_quads[TILE] = _mm_extract_epi32(bytes, 1);
        to_quads[2 * TILE] = _mm_extract_epi32(bytes, 2);
        to_quads[3 * TILE] = _mm_extract_epi32(bytes, 3);
      }
      int64_t at_group = ((int64_t)(m / TILE) * groups + g) * TILE + m % TILE;
      scales[at_group] = finite ? (none ? 0 : most.number / 127) : __builtin_nanf("");
      sums[at_group] = -128 * _mm512_reduce_add_epi32(sum);
    }
  }
}

// What the products of a panel need to know.
struct product {
  const int8_t *x;       // as plm_bytes_round writes them
  const float *x_scales;
  const int32_t *x_sums;
  const uint8_t *panel;  // [G * group / 4, PANEL, 4]: 128 more than w
  const float *w_scales; // [G, PANEL] where w has a scale a group, [PANEL] where it has one a row
  const float *bias;     // [PANEL]
  uint16_t *y;           // bf16 [M, N], at the panel's first column
  int64_t stride;        // N
  int32_t groups;
  int32_t count; // columns of y, PANEL at most
};

// sum += products of four neighbours in each lane. As an intrinsic it has gcc (12) copy every sum twice
// a step.
VNNI INLINE void add_products(__m512i *sum, __m512i w, __m512i x) {
  __asm__("vpdpbusd %2, %1, %0" : "+v"(*sum) : "v"(w), "v"(x));
}

// A tile of x, whose first `rows` rows are there, with the panel. What is known where it is compiled:
// group and whether w has a scale a group.
VNNI INLINE void tile(const struct product *p, int32_t number, int32_t rows, const int group, const int grouped) {
  __m512 sum[TILE][2];
  for (int i = 0; i < TILE; i++) {
    sum[i][0] = sum[i][1] = _mm512_setzero_ps();
  }
  const uint8_t *w = p->panel;
  const int32_t *x = (const int32_t *)p->x + (int64_t)number * TILE * p->groups * group / 4;
  const float *x_scales = p->x_scales + (int64_t)number * TILE * p->groups;
  const int32_t *x_sums = p->x_sums + (int64_t)number * TILE * p->groups;
  for (int32_t g = 0; g < p->groups; g++, x_scales += TILE, x_sums += TILE) {
    __m512i part[TILE][2];
    for (int i = 0; i < TILE; i++) {
      part[i][0] = part[i][1] = _mm512_set1_epi32(x_sums[i]);
    }
    for (int k = 0; k < group; k += 4, x += TILE, w += PANEL * 4) {
      __m512i w0 = _mm512_loadu_si512(w);
      __m512i w1 = _mm512_loadu_si512(w + 64);
      for (int i = 0; i < TILE; i++) {
        __m512i xs = _mm512_set1_epi32(x[i]);
        add_products(&part[i][0], w0, xs);
        add_products(&part[i][1], w1, xs);
      }
    }
    for (int i = 0; i < TILE; i++) {
      __m512 scale = _mm512_set1_ps(x_scales[i]);
      for (int half = 0; half < 2; half++) {
        __m512 scaled = grouped ? _mm512_mul_ps(scale, _mm512_loadu_ps(p->w_scales + g * PANEL + 16 * half)) : scale;
        sum[i][half] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(part[i][half]), scaled, sum[i][half]);
      }
    }
  }
  for (int i = 0; i < TILE; i++) {
    for (int half = 0; half < 2 && i < rows; half++) {
      __m512 all = grouped ? sum[i][half] : _mm512_mul_ps(sum[i][half], _mm512_loadu_ps(p->w_scales + 16 * half));
      store(p->y + (int64_t)(number * TILE + i) * p->stride, p->bias, p->count, half, all);
    }
  }
}

VNNI INLINE void all_tiles(const struct product *p, int32_t rows, const int group, const int grouped) {
  for (int32_t number = 0; number * TILE < rows; number++) {
    tile(p, number, rows - number * TILE, group, grouped);
  }
}

enum { BYTES_GROUP = 64 };

// Functions of their own: inlined, what packs a panel takes registers that their loops need.
#define TILES(NAME, GROUP, GROUPED)                                                                       \
  VNNI static __attribute__((noinline)) void NAME(const struct product *p, int32_t rows) {                \
    all_tiles(p, rows, GROUP, GROUPED);                                                                   \
  }
TILES(tiles_int8, BYTES_GROUP, 0)
TILES(tiles_int4_32, 32, 1)
TILES(tiles_int4_64, 64, 1)
TILES(tiles_int4_128, 128, 1)

// w is i8 [N, columns] with a scale a row; columns `from` to `to - 1` of y, bf16 [M, stride], are
// written. x is rounded with groups of 64. bias [N] may be null. `room` is for PANEL * G * 64 bytes.
VNNI void plm_bytes_int8(const int8_t *x, const float *x_scales, const int32_t *x_sums, int32_t rows,
                        const int8_t *w, const float *scales, const float *bias, uint8_t *room,
                        uint16_t *y, int32_t columns, int32_t stride, int32_t from, int32_t to) {
  int32_t groups = (columns + BYTES_GROUP - 1) / BYTES_GROUP;
  for (int32_t n = from; n < to; n += PANEL) {
    int32_t count = to - n < PANEL ? to - n : PANEL;
    for (int half = 0; half < 2; half++) {
      for (int32_t g = 0; g < groups; g++) {
        int32_t left = columns - g * PIECE;
        __mmask64 there = left >= PIECE ? ~0ull : (1ull << left) - 1;
        __m512i r[16];
        for (int i = 0; i < 16; i++) {
          int32_t row = 16 * half + i < count ? n + 16 * half + i : to - 1;
          const int8_t *at = w + (int64_t)row * columns + g * PIECE;
          fetch(at + (int64_t)PANEL * columns);
          r[i] = _mm512_xor_si512(_mm512_maskz_loadu_epi8(there, at), _mm512_set1_epi8((char)0x80));
        }
        turn(r, room + (int64_t)g * PIECE * PANEL + 64 * half);
      }
    }
    float panel_scales[PANEL];
    for (int i = 0; i < PANEL; i++) {
      panel_scales[i] = i < count ? scales[n + i] : 0;
    }
    float panel_bias[PANEL];
    bias_of(bias, n, count, panel_bias);
    struct product p = {x, x_scales, x_sums, room, panel_scales, panel_bias, y + n, stride, groups, count};
    tiles_int8(&p, rows);
  }
}

// 64 numbers of a row in four bits from number `at` on, 128 more than they are.
VNNI INLINE __m512i int4_piece(const uint8_t *codes, const uint8_t *zeros, int64_t at, int64_t end,
                               const int group) {
  __m512i below = _mm512_set1_epi8(15);
  __m512i numbers;
  if (group == 128) {
    // The lower bits of 64 bytes, or their upper bits.
    int upper = at % 128 != 0;
    __m512i bytes = _mm512_loadu_si512(codes + at / 128 * 64);
    numbers = _mm512_and_si512(upper ? _mm512_srli_epi16(bytes, 4) : bytes, below);
  } else {
    int64_t left = end / 2 - at / 2;
    __m256i bytes = left >= 32 ? _mm256_loadu_si256((const __m256i *)(codes + at / 2))
                               : _mm256_maskz_loadu_epi8((1u << left) - 1, codes + at / 2);
    __m512i both = _mm512_inserti64x4(_mm512_castsi256_si512(bytes), _mm256_srli_epi16(bytes, 4), 1);
    numbers = _mm512_and_si512(both, below);
    if (group == 32) {
      numbers = _mm512_permutexvar_epi64(_mm512_set_epi64(7, 6, 3, 2, 5, 4, 1, 0), numbers);
    }
  }
  int64_t g = at / group;
  if (!zeros) {
    return _mm512_add_epi8(numbers, _mm512_set1_epi8(128 - 8));
  }
  __m512i zero = _mm512_set1_epi8((char)zeros[g]);
  if (group == 32 && at + 32 < end) {
    zero = _mm512_inserti64x4(zero, _mm256_set1_epi8((char)zeros[g + 1]), 1);
  }
  return _mm512_add_epi8(numbers, _mm512_sub_epi8(_mm512_set1_epi8((char)128), zero));
}

VNNI INLINE void int4(const int8_t *x, const float *x_scales, const int32_t *x_sums, int32_t rows,
                      const uint8_t *codes, const uint16_t *scales, const uint8_t *zeros, const float *bias,
                      uint8_t *room, uint16_t *y, int32_t groups, int32_t stride, int32_t from, int32_t to,
                      const int group) {
  int64_t end = (int64_t)groups * group; // numbers of a row
  int64_t pieces = (end + PIECE - 1) / PIECE;
  float *panel_scales = (float *)(room + pieces * PIECE * PANEL);
  for (int32_t n = from; n < to; n += PANEL) {
    int32_t count = to - n < PANEL ? to - n : PANEL;
    for (int half = 0; half < 2; half++) {
      for (int64_t piece = 0; piece < pieces; piece++) {
        __m512i r[16];
        for (int i = 0; i < 16; i++) {
          int64_t row = 16 * half + i < count ? n + 16 * half + i : to - 1;
          const uint8_t *of_row = codes + row * (end / 2);
          fetch(of_row + piece * (PIECE / 2) + PANEL * (end / 2));
          r[i] = int4_piece(of_row, zeros ? zeros + row * groups : 0, piece * PIECE, end, group);
        }
        turn(r, room + piece * PIECE * PANEL + 64 * half);
      }
    }
    for (int i = 0; i < PANEL; i++) {
      const uint16_t *of_row = scales + (int64_t)(i < count ? n + i : to - 1) * groups;
      for (int32_t g = 0; g < groups; g++) {
        union {
          uint32_t bits;
          float number;
        } scale = {.bits = (uint32_t)of_row[g] << 16};
        panel_scales[g * PANEL + i] = scale.number;
      }
    }
    float panel_bias[PANEL];
    bias_of(bias, n, count, panel_bias);
    struct product p = {x, x_scales, x_sums, room, panel_scales, panel_bias, y + n, stride, groups, count};
    (group == 32 ? tiles_int4_32 : group == 64 ? tiles_int4_64 : tiles_int4_128)(&p, rows);
  }
}

// w is int4 [N, G], half a group's bytes of codes and a bf16 scale a group: scale * (code - zero), where
// zeros is u8 [N, G], or null where every zero is 8. The rest is as above, but x is rounded with the
// groups of w, and `room` is for PANEL * (G * group rounded up to 64) bytes and PANEL * G floats.
VNNI void plm_bytes_int4(const int8_t *x, const float *x_scales, const int32_t *x_sums, int32_t rows,
                        const uint8_t *codes, const uint16_t *scales, const uint8_t *zeros,
                        const float *bias, uint8_t *room, uint16_t *y, int32_t group, int32_t groups,
                        int32_t stride, int32_t from, int32_t to) {
  // `group` is known where each is compiled, and with it the ends of loops.
  switch (group) {
    case 32:
      int4(x, x_scales, x_sums, rows, codes, scales, zeros, bias, room, y, groups, stride, from, to, 32);
      break;
    case 64:
      int4(x, x_scales, x_sums, rows, codes, scales, zeros, bias, room, y, groups, stride, from, to, 64);
      break;
    default:
      int4(x, x_scales, x_sums, rows, codes, scales, zeros, bias, room, y, groups, stride, from, to, 128);
  }
}
