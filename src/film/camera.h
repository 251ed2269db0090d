// SPDX-License-Identifier: AGPL-3.0-or-later
// camera.h: the way of the camera over a photograph.
//
// A move goes from one rectangle to another; each is shown whole. Scale changes
// exponentially in time, so that nearing feels even; the middle follows the
// scale, so that one point of the picture stays still while the camera nears it;
// and time itself is eased by a quintic, which starts and ends with no
// acceleration (Flash and Hogan, 1985, minimum jerk). Nothing is rounded to
// pixels. Threads: pure.

#pragma once
#include <stdbool.h>

struct kr_camera {
    double step[2];      // input pixels an output pixel, at the start and at the end
    double middle[2][2]; // x and y in the picture, at the start and at the end
    int out_w, out_h;
};

// Input pixels an output pixel so that all is seen, given what width and height
// alone would need; where both are nearly the same, so that the frame is filled.
double kr_fit_step(double across, double down);

// `from` and `to` are x, y, w, h as fractions of a picture of in_w x in_h.
// A view that is smaller than the picture stays inside it; a larger one has it in the middle.
struct kr_camera kr_camera_of(const double from[4], const double to[4], int in_w, int in_h,
                              int out_w, int out_h);

// The map of restore/warp.h at `time` in [0,1].
void kr_camera_at(const struct kr_camera *camera, double time, double m[6]);

// The quintic ease: 0 to 1 with no speed and no acceleration at the ends.
double kr_ease(double time);
