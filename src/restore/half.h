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

static inline uint16_t kr_half_of(float v)
{
    enum { BELOW = 127 - 15, FINER = 13 }; // of the exponents; bits of a fraction that are left out
    uint32_t bits;
    float size = fminf(fabsf(v), 65504);
    if (size < 0x1p-14F)
        return 0;
    memcpy(&bits, &size, sizeof bits);
    bits += (1U << (FINER - 1)) - 1 + (bits >> FINER & 1); // to the nearest, a tie to the even one
    return (uint16_t)((v < 0 ? 1U << 15 : 0) | ((bits >> FINER) - ((uint32_t)BELOW << 10)));
}

static inline float kr_of_half(uint16_t half)
{
    enum { BELOW = 127 - 15, FINER = 13 };
    uint32_t size = half & 0x7fffU, bits = size ? (size + ((uint32_t)BELOW << 10)) << FINER : 0;
    float v;
    memcpy(&v, &bits, sizeof v);
    return half >> 15 ? -v : v;
}
