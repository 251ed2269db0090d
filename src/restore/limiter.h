// SPDX-License-Identifier: AGPL-3.0-or-later
// limiter.h: louder, but never over the line.
//
// A gain, and where a true peak (between samples too: four times oversampled,
// as ITU-R BS.1770 annex 2 has it) would pass the ceiling, less of it for as
// short as can be: it looks 0.5 ms ahead, comes down evenly and lets go over
// 1 ms, around a pulse of the voice and not over its whole period. All channels
// move together. Where nothing is limited the signal is only multiplied.

#pragma once
#include "base/mem.h"

enum {
    KR_LIMITER_AHEAD = 24,
    KR_LIMITER_REACH = 8, // samples; taps each way between samples
    KR_LIMITER_RELEASE = 48,
    KR_LIMITER_DELAY = KR_LIMITER_AHEAD + KR_LIMITER_REACH
};

struct kr_limiter;
struct kr_limiter *kr_limiter_create(int channels, double gain, double ceiling); // linear
void kr_limiter_destroy(struct kr_limiter **limiter);
// n samples of each channel in place, KR_LIMITER_DELAY late.
void kr_limiter_run(struct kr_limiter *limiter, float *const channel[], size_t n);
