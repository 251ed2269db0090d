// SPDX-License-Identifier: AGPL-3.0-or-later
// spoken.h: where in a clip somebody speaks, by what a net says all along.
//
// A net takes a drum, a laugh or a bell for a voice, but only for a moment: whoever speaks
// is a voice for a fifth of a second at a time, and for more than a third of four
// seconds (measured: voices of six languages 0.39 and more, at 5 dB of noise too; drums,
// claps and made laughter 0.28 and less, most of them nothing). Two bytes for each half second
// are kept.
// One thread at a time.

#pragma once
#include "media/samples.h"

struct kr_spoken;
struct kr_spoken *kr_spoken_create(void);
void kr_spoken_destroy(struct kr_spoken **spoken);
// How likely a voice is, [0,1], in the next n samples; n is less than half a second.
void kr_spoken_add(struct kr_spoken *spoken, float sure, size_t n);
// How surely somebody speaks within some seconds of the sample `at`, [0,1]; smooth.
float kr_spoken_at(const struct kr_spoken *spoken, uint64_t at);
// Is there any place, and is every place, where somebody speaks?
bool kr_spoken_anywhere(const struct kr_spoken *spoken);
bool kr_spoken_everywhere(const struct kr_spoken *spoken);
