// SPDX-License-Identifier: AGPL-3.0-or-later
// path.h: the calm way a camera would have taken.
//
// Grundmann, Kwatra and Essa (2011): the path whose speed, acceleration and
// jerk have the least absolute sum, so it is made of standing, even movement
// and gentle curves; the frame cut out of it never leaves the picture. Solved
// by ADMM (Boyd et al., 2011) with one banded factorisation for each of the
// four parameters. A walk or a ride is not held still but smoothed (Whittaker,
// 1923, with third differences): its slow course and its height stay what they
// were, what is faster goes. Long paths are solved in windows, each beginning
// where the one before came to rest: memory is that of one window.
// Pure.

#pragma once
#include "base/mem.h"

struct kr_pose { // about the middle of the frame: px, px, rad, log of the scale
    double v[4];
};

struct kr_path_params {
    int width, height; // px of the frame
    double crop;       // (0,1): the part of the frame that is kept
    double follow;     // [0,0.5] cycles a frame: slower movement is kept; 0: stand where possible
};

// out[i] is path[i] made calm. Every correction fits the crop, to first order.
void kr_path_calm(const struct kr_pose *path, size_t n, const struct kr_path_params *params,
                  struct kr_pose *out);

// How much of a path is trembling (above about 1 Hz): rms of the corners of the
// frame, in px of a frame 640 wide. And the mean absolute second difference.
double kr_path_jitter(const struct kr_pose *path, size_t n, double fps, int width, int height);
double kr_path_jerk(const struct kr_pose *path, size_t n, int width);
