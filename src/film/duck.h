// SPDX-License-Identifier: AGPL-3.0-or-later
// duck.h: how music steps back while somebody speaks.
//
// It is known beforehand where somebody will speak, so the music is already
// down at the first word (9 dB, over the 200 ms before it), stays down in short
// pauses, and comes back over 800 ms. Straight in decibels. Threads: pure, but
// for the place that is remembered.
#pragma once
#include <stddef.h>
#include <stdint.h>

struct kr_duck { // init to {0}; finish frees
    int64_t (*spoken)[2];
    size_t count, at;
};
// Stretches in any order, in samples of the film.
void kr_duck_add(struct kr_duck *duck, int64_t from, int64_t to);
void kr_duck_sort(struct kr_duck *duck); // once, after the last one
void kr_duck_finish(struct kr_duck *duck);
// The gain at a sample, [0.355, 1].
float kr_duck_gain(struct kr_duck *duck, int64_t at);
