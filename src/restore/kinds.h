// SPDX-License-Identifier: AGPL-3.0-or-later
// kinds.h: is it a voice that speaks, or music and singing?
//
// A speaking voice never holds a tone: its pitch glides, and so do all tones above
// it. A played or sung note holds for a fifth of a second and longer. Told for
// every half second; what holds still for seconds is a machine, and no music. Drums
// hold no tone, but their beats come again after the same time, for six seconds and
// more, as no sentence does. Six bytes for each half second are kept.
// One thread at a time.

#pragma once
#include "restore/stft.h"

struct kr_kinds;
struct kr_kinds *kr_kinds_create(void);
void kr_kinds_destroy(struct kr_kinds **kinds);
// The next frame, of the size of omlsa.h.
void kr_kinds_add(struct kr_kinds *kinds, const struct kr_spectrum *frame);
// How surely the sample `at` belongs to music, [0,1]; smooth from one half second to the next.
float kr_kinds_music_at(const struct kr_kinds *kinds, uint64_t at);
// The same by all that is heard in four seconds each way, where not each note is held for long.
float kr_kinds_piece_at(const struct kr_kinds *kinds, uint64_t at);
// How surely a beat goes on at the sample `at`, [0,1]. Words said one by one may have one too.
float kr_kinds_beat_at(const struct kr_kinds *kinds, uint64_t at);
// The share of music in what is not silent, [0,1].
double kr_kinds_music(const struct kr_kinds *kinds);
