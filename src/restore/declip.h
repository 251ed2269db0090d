// SPDX-License-Identifier: AGPL-3.0-or-later
// declip.h: the tops that a recorder cut off, drawn again.
//
// A recording that was too loud ends flat at one level, above and below. The
// finder looks for that level; the taker fits a model of order 32 to the sound
// around, and puts into each flat top what the model expects there from both
// sides (Janssen, Veldhuis and Vries 1986), never less than what was cut.
// One thread at a time.

#pragma once
#include "media/samples.h"

struct kr_clip_rails { // where it ends flat
    float high, low;
};

struct kr_clip_finder { // init to {0}
    struct kr_clip_rails rails;
    uint64_t runs, samples; // flat tops so far, and samples in all
};

// n samples of one channel.
void kr_clip_finder_add(struct kr_clip_finder *finder, const float *samples, size_t n);
// Is it cut off often enough to be heard?
bool kr_clip_finder_is_clipped(const struct kr_clip_finder *finder);

enum { KR_DECLIP_DELAY = 2048 };

struct kr_declip;
struct kr_declip *kr_declip_create(int channels, const struct kr_clip_rails *rails);
void kr_declip_destroy(struct kr_declip **declip);
// n samples of each channel in place, KR_DECLIP_DELAY late.
void kr_declip_run(struct kr_declip *declip, float *const channel[], size_t n);
