// SPDX-License-Identifier: AGPL-3.0-or-later
// mix.h: all sounds of a film as one.
//
// Voices, the clips' own sound and music are each brought to a loudness of
// their own, faded at their ends, and added; music steps back under voices and
// clips, clips step back under voices. The mix is a stream that is made anew
// each time it is asked for and is the same each time: it is heard once to
// measure it and once to keep it, so memory does not grow with length.
// Threads: a mix belongs to one thread.

#pragma once
#include "film/recording.h"

enum kr_part_kind { KR_PART_VOICE, KR_PART_CLIP, KR_PART_MUSIC };

struct kr_part {
    enum kr_part_kind kind;
    struct kr_recording_params sound;
    int64_t start, end;        // samples of the film
    int64_t fade_in, fade_out; // samples
    double volume;             // [0,2]
};

struct kr_mix;
// Borrows the parts. `hearings` has what kr_recording_hear() told of each part.
struct kr_mix *kr_mix_create(const struct kr_part *parts, const struct kr_hearing *hearings,
                             size_t count, int64_t samples);
void kr_mix_destroy(struct kr_mix **mix);
void kr_mix_rewind(struct kr_mix *mix);
enum { KR_MIX_MOST = 48000 };
// The next n samples (at most KR_MIX_MOST); after the film's end there is silence.
KR_CHECK bool kr_mix_read(struct kr_mix *mix, float *left, float *right, size_t n,
                          struct kr_err *err);
