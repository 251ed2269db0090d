// SPDX-License-Identifier: AGPL-3.0-or-later
// corners_priv.h: what can be found again in the next frame (Shi and Tomasi, 1994).
#pragma once
#include "base/mem.h"

struct kr_grey { // 8-bit luma, rows one after the other
    int width, height;
    uint8_t *at;
};

struct kr_point {
    float x, y; // pixel middles are whole
};

enum {
    KR_CORNERS_X = 16,
    KR_CORNERS_Y = 9,
    KR_CORNERS_CELL = 2,
    KR_CORNERS_MOST = KR_CORNERS_X * KR_CORNERS_Y * KR_CORNERS_CELL,
};

struct kr_corners;
struct kr_corners *kr_corners_create(int width, int height);
void kr_corners_destroy(struct kr_corners **corners);
// The strongest corners of each cell of a grid, in pixels of a picture twice as large
// as `grey` (of the size given); how many.
int kr_corners_find(struct kr_corners *corners, const struct kr_grey *grey,
                    struct kr_point out[KR_CORNERS_MOST]);
