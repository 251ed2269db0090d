// SPDX-License-Identifier: AGPL-3.0-or-later
// hum.h: the mains' hum, found and taken away by its own shape.
//
// A hum is a steady tone near 50 or 60 Hz with many overtones. The finder looks
// for tones that stay when nobody speaks; the taker fits up to twenty of them, by
// least squares, over four seconds at a time, trusting the quiet moments most,
// and subtracts what it fitted. A voice in between loses nothing, which a filter
// with notches could not promise.
// One thread at a time.

#pragma once
#include "media/samples.h"

struct kr_hum_finder;
struct kr_hum_finder *kr_hum_finder_create(int channels);
void kr_hum_finder_destroy(struct kr_hum_finder **finder);
void kr_hum_finder_add(struct kr_hum_finder *finder, float *const channel[], size_t n);
// The pitch of the hum in Hz; 0: there is none, or too little was heard to tell.
double kr_hum_finder_hz(const struct kr_hum_finder *finder);

// The pitch of a motor or a fan between two frequencies (45..500 Hz), as kr_hum_create
// wants it; 0: none.
double kr_hum_finder_tone(const struct kr_hum_finder *finder, double low, double high);

enum { KR_HUM_DELAY = 4 * KR_RATE };

// The largest whole part of a tone that is low enough to be followed as a hum.
double kr_hum_pitch(double tone_hz);
struct kr_hum;
// `hz`: of a hum, or of a part of a higher tone (kr_hum_pitch). `length`: how many samples there
// will be; those after them are not listened to.
struct kr_hum *kr_hum_create(int channels, double hz, uint64_t length);
void kr_hum_destroy(struct kr_hum **hum);
// n samples of each channel in place, KR_HUM_DELAY late.
void kr_hum_run(struct kr_hum *hum, float *const channel[], size_t n);
