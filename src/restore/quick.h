// SPDX-License-Identifier: AGPL-3.0-or-later
// quick.h: logarithm and exponential for loops over frequencies.
//
// Polynomials on the float's own exponent and fraction: within 3e-5 (of the
// value, or absolute for a logarithm below 1), no branches, no library call, so
// that a compiler can take four or eight at a time. Good for gains, not for money.

#pragma once
#include <float.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// A loop marked so is compiled into whoever calls it, and takes four or eight
// numbers at a time as its caller may: KR_LOOP_AVX2 marks one that may take eight,
// where kr_loop_has_avx2(). Neither fuses steps nor changes their order: the bits
// are the same, and the tests of those who do this hold them equal.
#define KR_LOOP static inline __attribute__((always_inline))
#if defined(__x86_64__) && defined(__GNUC__)
#define KR_LOOP_AVX2 __attribute__((target("avx2")))
static inline bool kr_loop_has_avx2(void)
{
    return __builtin_cpu_supports("avx2") > 0;
}
#else
#define KR_LOOP_AVX2
static inline bool kr_loop_has_avx2(void)
{
    return false;
}
#endif

// Before a loop whose arrays lie apart, which a compiler cannot see: it need not fear that what
// is written changes what is still to be read, and takes as many as it may.
#ifdef __clang__
#define KR_APART _Pragma("clang loop vectorize(assume_safety)")
#else
#define KR_APART _Pragma("GCC ivdep")
#endif

// The C library's ones mind NaN and signed zeros, which keeps a compiler from using the machine's
// own.
KR_LOOP float kr_less(float a, float b)
{
    return a < b ? a : b;
}

KR_LOOP float kr_more(float a, float b)
{
    return a > b ? a : b;
}

// What is no number becomes silence, and nothing is louder than eight times full scale.
KR_LOOP void kr_make_finite(const float *in, size_t n, float *out)
{
    KR_APART
    for (size_t i = 0; i < n; i++) {
        float size = in[i] < 0 ? -in[i] : in[i];
        float held = kr_less(kr_more(in[i], -8), 8);
        out[i] = size <= FLT_MAX ? held : 0;
    }
}

// ln(x) of a normal x > 0.
KR_LOOP float kr_quick_log(float x)
{
    int32_t bits;
    memcpy(&bits, &x, sizeof bits);
    int32_t exponent = (bits - 0x3f3504f3) >> 23; // fraction in [sqrt(1/2), sqrt(2))
    bits -= exponent * (1 << 23);
    float fraction;
    memcpy(&fraction, &bits, sizeof fraction);
    float t = (fraction - 1) / (fraction + 1), t2 = t * t; // ln is 2 artanh
    return (float)exponent * 0.69314718f +
           2 * t * (1 + t2 * (0.33333333f + t2 * (0.2f + t2 * 0.14285714f)));
}

// e^x; x is held to -87..88.
KR_LOOP float kr_quick_exp(float x)
{
    x = x < -87 ? -87 : x > 88 ? 88 : x;
    float twos = x * 1.44269504f + 127; // biased: never negative, so that truncation is floor
    int32_t whole = (int32_t)(twos + 0.5f);
    float rest = (twos - (float)whole) * 0.69314718f; // of +-0.35
    int32_t bits = whole * (1 << 23);
    float power;
    memcpy(&power, &bits, sizeof power);
    return power *
           (1 + rest * (1 + rest * (0.5f + rest * (0.16666667f +
                                                   rest * (0.041666667f + rest * 0.0083333333f)))));
}
