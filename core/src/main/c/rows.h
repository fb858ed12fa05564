// What all products share.

#ifndef PLM_ROWS_H
#define PLM_ROWS_H

#include <immintrin.h>
#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))

// Whether the processor and the system have what all functions in AVX-512 want.
INLINE int has_avx512(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}

// Rows of w that are read side by side where a number of w is a byte or more.
enum { ROWS = 4 };

// How far ahead four-bit codes are asked for, in bytes.
enum { AHEAD = 4096 };

// Asks for memory that is needed soon. By itself a processor asks ahead within a page only, and a
// page of few bits is read in no time. Any address may be asked for, mapped or not.
INLINE void fetch(const void *soon) { _mm_prefetch((const char *)soon, _MM_HINT_T0); }

#endif
