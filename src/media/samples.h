// SPDX-License-Identifier: AGPL-3.0-or-later
// samples.h: a stretch of sound in memory: planar 32-bit float, [-1,1] nominal.
#pragma once
#include "base/mem.h"

enum { KR_CHANNELS_MOST = 2, KR_RATE = 48000 }; // all sound inside kinreel is at 48 kHz

struct kr_samples {
    int rate, channels;
    size_t n;                         // samples in each channel
    float *channel[KR_CHANNELS_MOST]; // 64-byte aligned
    int64_t at;                       // the index of the first sample in its stream
};

KR_CHECK bool kr_samples_create(int rate, int channels, size_t n, struct kr_samples **out,
                                struct kr_err *err); // silence
void kr_samples_destroy(struct kr_samples **samples);
