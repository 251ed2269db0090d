// SPDX-License-Identifier: AGPL-3.0-or-later
// loudness.h: how loud a sound is to people, and how high its waves really go.
//
// Integrated loudness after ITU-R BS.1770-4: two filters for the ear, blocks of
// 400 ms every 100 ms, and two gates so that pauses do not count. True peak by
// four-fold oversampling. The blocks are kept as counts in a table of tenths of
// a LU, so memory does not grow with length. For 48 kHz, stereo.
// Threads: a meter belongs to one thread.

#pragma once
#include "media/samples.h"

#define KR_LUFS_SILENCE (-70.0) // the absolute gate; what is not louder is silence

struct kr_loudness;
struct kr_loudness *kr_loudness_create(void);
void kr_loudness_destroy(struct kr_loudness **meter);
void kr_loudness_add(struct kr_loudness *meter, const float *left, const float *right, size_t n);
// LUFS; KR_LUFS_SILENCE for silence.
double kr_loudness_integrated(const struct kr_loudness *meter);
// dBTP; at least -120.
double kr_loudness_peak(const struct kr_loudness *meter);
// LUFS of the last full block of 100 ms alone, and how many there were.
double kr_loudness_tenth(const struct kr_loudness *meter, int64_t *count);
