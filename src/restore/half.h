// SPDX-License-Identifier: AGPL-3.0-or-later
// half.h: a number in two bytes, where one is kept of every frame of an hour.
//
// The half of IEEE 754-2008: within one part in 2048, from 0.00007 up to 65504 and down to the
// same below zero; what is nearer to zero becomes zero, what is further away the last of them.
// Not for NaN. Pure.
#pragma once
#include <math.h>
#include <stdint.h>
#include <string.h>

// How much lower an exponent is kept, where it lies; the bits of a fraction that are left out.
enum { KR_HALF_LOWER = (127 - 15) << 10, KR_HALF_FINER = 13 };

static inline uint16_t kr_half_of(float v)
{
    uint32_t bits;
    float size = fminf(fabsf(v), 65504);
    if (size < 0x1p-14F)
        return 0;
    memcpy(&bits, &size, sizeof bits);
    // To the nearest, a tie to the even one.
    bits += (1U << (KR_HALF_FINER - 1)) - 1 + (bits >> KR_HALF_FINER & 1);
    return (uint16_t)((v < 0 ? 1U << 15 : 0) | ((bits >> KR_HALF_FINER) - KR_HALF_LOWER));
}

static inline float kr_of_half(uint16_t half)
{
    uint32_t size = half & 0x7fffU, bits = size ? (size + KR_HALF_LOWER) << KR_HALF_FINER : 0;
    float v;
    memcpy(&v, &bits, sizeof v);
    return half >> 15 ? -v : v;
}
