// SPDX-License-Identifier: AGPL-3.0-or-later
// small.h: a frame seen from far away: what light and colour are judged by.
//
// Means of square cells, at most KR_SMALL_WIDE of them across. The noise of a
// dark room is gone in them, and 32,000 numbers stand for two million pixels.
// One thread at a time.

#pragma once
#include "media/frame.h"

enum { KR_SMALL_WIDE = 240 };

struct kr_small {
    int width, height; // cells
    int cell;          // px, 1 or even
    float *luma;       // codes of 0..255
    float *linear;     // red, green, blue of each cell, linear [0,1]; black is 0
    uint16_t *sums;    // of a row of the frame
};

// For KR_YUV420 frames of that size. KR_E_TOO_BIG beyond KR_FRAME_MOST bytes.
KR_CHECK bool kr_small_create(int width, int height, struct kr_small **out, struct kr_err *err);
void kr_small_destroy(struct kr_small **small);

void kr_small_see_luma(struct kr_small *small, const struct kr_frame *frame);
// After kr_small_see_luma() of the same frame.
void kr_small_see_colours(struct kr_small *small, const struct kr_frame *frame);

// Encoded red, green or blue in [0,1] to linear light and back (IEC 61966-2-1).
double kr_linear_of(double encoded);
double kr_encoded_of(double linear);
