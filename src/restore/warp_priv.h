// SPDX-License-Identifier: AGPL-3.0-or-later
// warp_priv.h: one row of a warp, as the scalar and the AVX2 code share it.
#pragma once
#include "restore/warp.h"

enum { KR_WARP_PHASES = 1024, KR_WARP_ONE = 1 << 14, KR_WARP_BLOCK = 8 };

// Four weights for each phase; they add up to KR_WARP_ONE.
struct kr_warp_weights {
    int16_t tap[KR_WARP_PHASES][4];
};

struct kr_warp_source { // a plane that is read
    const uint8_t *at;
    ptrdiff_t stride;
    int width, height, channels; // of width * channels bytes
};

// Where samples are taken, in indices of the source times 2^32. Inside a block
// of eight the steps are counted in 2^-16: that is what fits a vector lane.
struct kr_warp_walk {
    int64_t x, y, dx, dy;
};

struct kr_warp_row {
    const struct kr_warp_weights *weights;
    struct kr_warp_source from;
    struct kr_warp_walk walk;
    int n; // samples of the row
    uint8_t *out;
};

// Samples first..end-1. What kr_warp_row_avx2 returns false for is done by the other.
void kr_warp_samples(const struct kr_warp_row *row, int first, int end);
// One block of one channel; false when it leans over an edge or is too wide.
bool kr_warp_block_avx2(const struct kr_warp_row *row, int first);
bool kr_warp_has_avx2(void);

// For the test that holds both equal.
void kr_warp_affine_by(const struct kr_frame *in, const double m[6], struct kr_frame *out,
                       bool vectors);
