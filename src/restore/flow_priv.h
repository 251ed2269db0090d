// SPDX-License-Identifier: AGPL-3.0-or-later
// flow_priv.h: the inner loop of the flow, as the scalar and the AVX2 code share it.
#pragma once
#include "restore/flow.h"

enum { KR_FLOW_PATCH = 8, KR_FLOW_SAMPLES = KR_FLOW_PATCH * KR_FLOW_PATCH };

struct kr_flow_patch { // of the frame that is asked about: its samples and their slopes
    float is[KR_FLOW_SAMPLES], slope_x[KR_FLOW_SAMPLES], slope_y[KR_FLOW_SAMPLES];
};

struct kr_flow_match { // against another place: there minus here, and sums over the patch
    float apart[KR_FLOW_SAMPLES];
    float sum, square, along_x, along_y; // of apart, apart^2, apart * slope_x, apart * slope_y
};

// Compares with the patch whose first sample lies at (at + right, at + down) of the other frame:
// 0 <= right, down < 1. Reads 9 rows of 9 samples (AVX2: of 16).
void kr_flow_compare(const struct kr_flow_patch *patch, const uint8_t *at, ptrdiff_t stride,
                     float right, float down, struct kr_flow_match *out);
void kr_flow_compare_avx2(const struct kr_flow_patch *patch, const uint8_t *at, ptrdiff_t stride,
                          float right, float down, struct kr_flow_match *out);
bool kr_flow_has_avx2(void);

// A row of flow, stretched: out[i] = scale * the row at first + i * pitch, between two samples.
struct kr_flow_line {
    const float *row;
    int width;
    float first, pitch, scale;
};
void kr_flow_stretch_avx2(const struct kr_flow_line *line, int first, float *out); // eight

// Eight samples of a plane at places between them; false where they lean over its edge.
enum { KR_FLOW_ONE = 1 << 7 }; // a whole sample, in fixed point
struct kr_flow_plane {
    const uint8_t *at;
    ptrdiff_t stride;
    int width, height;
};
bool kr_flow_sample_avx2(const struct kr_flow_plane *from, const float *x, const float *y,
                         uint8_t *out);

// For the test that holds both equal.
void kr_flow_between_by(const struct kr_flow_view *from, const struct kr_flow_view *to,
                        struct kr_flow *out, bool vectors);
void kr_flow_bring_by(const struct kr_flow *flow, const struct kr_frame *there,
                      struct kr_frame *out, bool vectors);
