// SPDX-License-Identifier: AGPL-3.0-or-later
// rolling.h: what a sensor that reads line after line bends, straightened.
//
// While the lines of a frame are read the camera goes on: the frame leans, and
// is stretched, by its speed (Forssen and Ringaby, 2010). How long the reading
// takes is found from the clip itself: frames lean against their neighbours as
// their speeds differ, and one number explains all of them, or the clip is
// left as it is. Pure.

#pragma once
#include "restore/motion.h"

struct kr_rolling {
    double readout; // [-1.1,1.1] of a frame's time, from the first line to the last; 0: cannot tell
    bool upright;   // lines run from top to bottom: a phone held on end
};

// motion[i] is how frame i moved against the one before (of a frame width x height).
struct kr_rolling kr_rolling_of(const struct kr_motion *motion, size_t n, int width, int height);

// The bend of frame i about its middle: x + k[0] t, y + k[1] t, where t is y, or x
// where lines are upright.
void kr_rolling_bend(const struct kr_rolling *rolling, const struct kr_motion *motion, size_t n,
                     size_t i, int width, int height, double k[2]);

// The bend between two frames seemed half a turn and half a growth: what the
// camera really did.
void kr_rolling_unturn(const struct kr_rolling *rolling, const double before[2],
                       const double after[2], struct kr_motion *motion);
