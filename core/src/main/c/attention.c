// Attention of many queries over the keys and values of one head, for x86-64 processors with AVX-512:
// block by block with a running softmax (Dao et al. 2022, FlashAttention), so that scores never leave
// the caches. All sums are of 32 bits. What a query becomes does not depend on the others.
//
// A block of queries meets a block of keys in two products, scores = Q * K^T and output += P * V. Only
// io.plm4j.quant.NativeAttention calls this; ./build compiles it.
//
// Shapes: L queries, S keys, D head dimension; S and D are rounded up to PANEL where it says padded.

#include "attention.h"

// Keys of a block: with QUERIES their scores take 24 KB.
enum { KEYS = 128 };

int32_t plm_attention_there(void) { return has_avx512(); }

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

// Scores of a query become weights relative to the largest so far; what was summed before is rescaled.
WIDE INLINE void soften(float *scores, int32_t span, int32_t visible, struct tree tree, float *most, float *sum,
                        float *output, int32_t columns) {
  __m512 largest = _mm512_set1_ps(*most);
  for (int32_t j = 0; j < span; j += 16) {
    // What may not be seen counts as -infinity.
    __m512 score = _mm512_mask_loadu_ps(_mm512_set1_ps(-INFINITY), seen(j, visible, tree), scores + j);
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
    write(y, type, at + d, first(dim - d), _mm512_mul_ps(_mm512_loadu_ps(output + d), scale));
  }
}

// Query i of `count`, row i of q, sees keys 0 to cached + i, or all where `cached` is negative; row i of y is
// written. q and y are of F32 or BF16, their rows of D numbers `stride` apart. `room` is for QUERIES *
// (D + padded D + KEYS) floats. Where `most_of` and `sum_of` are there they get, a query each, the largest score
// to the base 2 and the sum of the weights relative to it: with them the way back has the weights again.
// Where `firsts` is there, of keys from `trunk` on query i sees only those from firsts[i] on, which does not fall
// with i; `trunk` is 1 or more, and `cached` 0.
WIDE void plm_attention(const void *q, int32_t q_type, int64_t q_stride, void *y, int32_t y_type,
                        int64_t y_stride, const float *keys, const float *values, float *room,
                        int32_t length, int32_t dim, int64_t cached, const int32_t *firsts, int32_t trunk,
                        int32_t count, float *most_of, float *sum_of) {
  int32_t columns = padded(dim);
  int64_t rows = padded(length);
  float *queries = room;
  float *output = queries + QUERIES * dim;
  float *scores = output + QUERIES * columns;
  __m512 scale = _mm512_set1_ps(score_scale(dim));
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
      if (is_hidden(firsts, trunk, block, key, KEYS)) {
        continue;
      }
      int32_t span = padded(end - key < KEYS ? end - key : KEYS);
      for (int32_t column = 0; column < span; column += PANEL) {
        for (int32_t i = 0; i < whole; i += SIDE) {
          side(queries + i * dim, dim, keys + (int64_t)(key + column) * dim, dim, scores + i * KEYS + column,
               KEYS, 0);
        }
      }
      for (int32_t i = 0; i < some; i++) {
        int32_t visible = last_key(cached, block + i, length) - key;
        struct tree tree = tree_of(firsts, trunk, block + i, key);
        soften(scores + i * KEYS, span, visible, tree, most + i, sum + i, output + i * columns, columns);
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
      if (most_of) {
        most_of[block + i] = most[i];
        sum_of[block + i] = sum[i];
      }
    }
  }
}
