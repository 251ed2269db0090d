// SPDX-License-Identifier: AGPL-3.0-or-later
// omlsa.h: steady noise turned down under a voice; the room stays.
//
// Each tone of each frame gets the gain that is best on a logarithmic scale for a
// voice that may or may not be there (OM-LSA: Cohen and Berdugo 2001), over a noise
// that is followed through its minima, twice, the second time without the voice
// (IMCRA: Cohen 2003). No gain falls below the floor, so a pause never becomes a
// hole. A gain comes from the power of all channels together and is applied to all
// alike: nobody moves between the loudspeakers.
// One thread at a time.

#pragma once
#include "media/samples.h"

enum {
    KR_OMLSA_SIZE = 1536, // a frame, 32 ms; one every 8 ms
    KR_OMLSA_BINS = KR_OMLSA_SIZE / 2 + 1,
    KR_OMLSA_DELAY = KR_OMLSA_SIZE
};

struct kr_omlsa;
// `floor_db` < 0 is the lowest gain. `noise`: the power in each frequency of one
// channel's frame when nobody speaks, to begin with; copied.
struct kr_omlsa *kr_omlsa_create(int channels, double floor_db, const float noise[KR_OMLSA_BINS]);
void kr_omlsa_destroy(struct kr_omlsa **denoise);
// n samples of each channel in place, KR_OMLSA_DELAY late.
void kr_omlsa_run(struct kr_omlsa *denoise, float *const channel[], size_t n);
// As on a machine without AVX2: for the test that holds both equal.
void kr_omlsa_by_fours(struct kr_omlsa *denoise);
