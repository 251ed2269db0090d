// SPDX-License-Identifier: AGPL-3.0-or-later
// floor.h: what a place sounds like when nobody speaks.
//
// Counts, for each frequency, how often each power came, and reads the noise from
// the low end: even a talker leaves gaps in every frequency (Stahl, Fischer and
// Bippus 2000). Needs no pause and no beginning without a voice. 320 bytes for
// each frequency, whatever the length.

#pragma once
#include "restore/stft.h"

struct kr_floor;
struct kr_floor *kr_floor_create(int bins); // frequencies
void kr_floor_destroy(struct kr_floor **floor);
// The next frame. Digital silence says nothing and is passed over.
void kr_floor_add(struct kr_floor *floor, const struct kr_spectrum *frame);
// The power of the noise in each frequency of one channel's frame.
void kr_floor_noise(const struct kr_floor *floor, float out[]);
