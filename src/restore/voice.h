// SPDX-License-Identifier: AGPL-3.0-or-later
// voice.h: the net of rnnoise.h, on one channel or two, and not all the way.
//
// Two channels get one answer: the net hears their middle, and what it leaves of
// each tone there is left of it on both sides, so that nobody moves. A share of
// what went in is kept, because a room without any sound frightens.
// One thread at a time.

#pragma once
#include "media/samples.h"

struct kr_voice;
// Only where kr_rnnoise_there(). `mix` [0,1]: how much of the net's answer is taken.
struct kr_voice *kr_voice_create(int channels, double mix);
void kr_voice_destroy(struct kr_voice **voice);
size_t kr_voice_delay(const struct kr_voice *voice);
// n samples of each channel in place, so many late.
void kr_voice_run(struct kr_voice *voice, float *const channel[], size_t n);
