// SPDX-License-Identifier: AGPL-3.0-or-later
// deflicker.h: film that was lit unevenly from frame to frame.
//
// Each frame is given the tones that the frames around it have on the average
// (scale-time equalisation: Delon and Desolneux 2010, "Stabilization of flicker-
// like effects in image sequences through local contrast correction"). There,
// whole frames are compared; here a frame and the next, along the motion, so
// that what comes into the picture is not taken for light. The tones of one
// frame are followed from neighbour to neighbour, 40 to each side, and averaged
// with Gaussian weights: slow changes, a fade or a cloud, stay.
// Keeps 70 bytes for a frame: 8 MB for an hour.
// One thread at a time.

#pragma once
#include "media/frame.h"

struct kr_deflicker;
KR_CHECK bool kr_deflicker_create(int width, int height, struct kr_deflicker **out,
                                  struct kr_err *err);
void kr_deflicker_destroy(struct kr_deflicker **deflicker);

// In order; `cut`: a new shot seems to begin with this frame. KR_YUV420 of the size given
// (asserted). Tells whether one does: flicker alone looks like a cut to kr_shots_begins().
bool kr_deflicker_study(struct kr_deflicker *deflicker, const struct kr_frame *frame, bool cut);
// How far the light of frames jumps: the root of the mean square, grey levels.
double kr_deflicker_measure(const struct kr_deflicker *deflicker);

// Gives frame i the tones around it; strength [0,1]. A frame that was not studied stays.
void kr_deflicker_treat(const struct kr_deflicker *deflicker, size_t i, double strength,
                        struct kr_frame *frame);
