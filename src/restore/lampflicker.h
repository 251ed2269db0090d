// SPDX-License-Identifier: AGPL-3.0-or-later
// lampflicker.h: lamps that flicker, and the bands that mains light rolls over a picture.
//
// How the light changes from frame to frame is read in bands of rows, each by the
// median of its cells, as far as they agree, so that what moves counts little. What is
// left of that beside its own mean over about a second (a Gaussian, to both sides
// in time, within the shot) is flicker if it changes from frame to frame: one
// number for the whole frame, and one wave down the rows, as a rolling shutter
// sees alternating current. Both are divided out in linear light.
// 24 bytes a frame while studying, 36 while deciding, 12 afterwards: 2, 3 and 1 MB for an hour.
// One thread at a time.

#pragma once
#include "media/frame.h"

struct kr_flicker;
__attribute__((returns_nonnull)) struct kr_flicker *kr_flicker_create(double fps);
void kr_flicker_destroy(struct kr_flicker **flicker);

// KR_YUV420 frames in order; `cut`: a new shot begins with this one.
void kr_flicker_study(struct kr_flicker *flicker, const struct kr_frame *frame, bool cut);
// Ends the study. Tells the worst shot's flicker in stops (root mean square); 0: none.
double kr_flicker_decide(struct kr_flicker *flicker);
// Takes `part` of it from frame i, in place. false when it has none.
bool kr_flicker_treat(const struct kr_flicker *flicker, size_t i, double part,
                      struct kr_frame *frame);
