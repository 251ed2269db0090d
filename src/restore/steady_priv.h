// SPDX-License-Identifier: AGPL-3.0-or-later
// steady_priv.h: what holding a frame (steady.c) and filling its edges (steady_fill.c) share.
#pragma once
#include "restore/rolling.h"
#include "restore/steady.h"

enum { KR_STEADY_BEGINS = 1, KR_STEADY_TREATED = 2 };

struct kr_steady_fix { // of one frame: what moves its content onto the calm way
    float v[4];
};

struct kr_steady {
    struct kr_steady_params params;
    int width, height;
    double fps;
    struct kr_motion_eye *eye;
    struct kr_motion *motion;
    struct kr_rolling rolling;
    uint8_t *mark; // KR_STEADY_BEGINS: a shot begins here; KR_STEADY_TREATED: its shot is cut out
    struct kr_steady_fix *fix, *spare;
    size_t n, room;
    double crop;                        // 1: nothing is done
    float *crops;                       // of each frame, no smaller; NULL: they are that one
    int8_t (*layers)[KR_BORDER_LAYERS]; // offsets that fill a frame, 0 ends; NULL: none do
};

struct kr_steady_shot {
    size_t from, end;
};

// The shot behind *shot ({0} at first); false when there is none.
bool kr_steady_next_shot(const struct kr_steady *steady, struct kr_steady_shot *shot);
bool kr_steady_trusts(const struct kr_motion *motion);

// Maps, as rows of a 2 x 3 matrix (warp.h). First f, then m, in the place of m:
void kr_steady_put_before(double m[6], const double f[6]);
// from points of the frame shown to points of the frame as it would be, read at once;
void kr_steady_straight(const struct kr_steady *steady, const struct kr_steady_fix *fix,
                        double crop, double m[6]);
// m, and then what the sensor bent in frame i;
void kr_steady_bend(const struct kr_steady *steady, size_t i, double m[6]);
// first what is to be shown of the upright picture, then m.
void kr_steady_show_within(const struct kr_steady *steady, size_t i, double m[6]);

// The part of frame i that is kept.
double kr_steady_crop(const struct kr_steady *steady, size_t i);
// Shows as much of each frame as those around it can fill; at least what the crop shows.
void kr_steady_widen(struct kr_steady *steady);
