// What the products in AVX-512 (rows.c) and in AVX2 (rows_avx2.c) share.

#ifndef PLM_ROWS_H
#define PLM_ROWS_H

#include <immintrin.h>
#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))

// Rows of w that are read side by side where a number of w is a byte or more.
enum { ROWS = 4 };

// How far ahead four-bit codes are asked for, in bytes.
enum { AHEAD = 4096 };

// Asks for memory that is needed soon. By itself a processor asks ahead within a page only, and a
// page of few bits is read in no time. Any address may be asked for, mapped or not.
INLINE void fetch(const void *soon) { _mm_prefetch((const char *)soon, _MM_HINT_T0); }

#endif
