// SPDX-License-Identifier: AGPL-3.0-or-later
// motion.h: how the camera moved between two frames.
//
// Corners (Shi and Tomasi, 1994) spread over a grid are followed by pyramidal
// least squares (Lucas and Kanade, 1981; Bouguet, 2000), there and back; one
// similarity is voted for (RANSAC, Fischler and Bolles, 1981, with a fixed
// seed: the same clip gives the same answer) and refined by least squares, as an
// affine map where corners lie far enough apart.
// Works on luma reduced to 480..960 pixels wide; memory is two such frames.
// One thread at a time.

#pragma once
#include "media/frame.h"

// Where the picture goes, about the middle of the frame. Lengths in pixels of
// the whole frame.
struct kr_motion {
    float dx, dy, turn, grow; // px, px, rad, log of the scale
    float lean, stretch; // what no camera does at once (rolling.h): x by y and y by x, y against x
    float trust;         // [0,1] share of followed corners that agree; 0: not known
};

struct kr_motion_eye;
KR_CHECK bool kr_motion_eye_create(int width, int height, struct kr_motion_eye **out,
                                   struct kr_err *err);
// From now on half as many corners are followed: half the work, for whoever wants to know how a
// camera was held, and not to hold it.
void kr_motion_eye_glance(struct kr_motion_eye *eye);
void kr_motion_eye_destroy(struct kr_motion_eye **eye);

// Looks at the next frame (KR_YUV420 or KR_GRAY8 of the eye's size) and tells
// how it moved against the one before; the first one stands still, untrusted.
void kr_motion_look(struct kr_motion_eye *eye, const struct kr_frame *frame, struct kr_motion *out);
