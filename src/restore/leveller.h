// SPDX-License-Identifier: AGPL-3.0-or-later
// leveller.h: who speaks softly is brought nearer to who speaks loudly.
//
// From how loud each tenth of a second is, a gain for each: the voices of three seconds
// together are compared with the usual voice of the clip (the median), and what they are
// softer or louder by, beyond the few dB by which one voice changes anyway, is halved.
// It moves slowly, so that a sentence keeps its stress; where nobody speaks for long it
// lifts nothing. A clip with one voice keeps it as it is.

#pragma once
#include "base/mem.h"

enum { KR_LEVELLER_REACH = 15 }; // tenths of a second each way

// `loud`: energy of each tenth of a second, n of them. `most_db`: at most so far up or down. The
// gains, linear, go to `gain`. Returns whether any of them is not one.
bool kr_leveller_gains(const float loud[], size_t n, double most_db, float gain[]);
// Plays them on samples at 48 kHz: of the n of each channel the first is the clip's `at`th. Between
// the tenths it goes straight from one gain to the next; before the first it stays.
void kr_leveller_play(const float gain[], size_t gains, int64_t at, int channels,
                      float *const channel[], size_t n);
