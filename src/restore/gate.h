// SPDX-License-Identifier: AGPL-3.0-or-later
// gate.h: film that did not lie still in the gate of a camera or a projector.
//
// The whole picture weaves: in each frame it lies some px beside its place,
// anew, whatever the camera does. A hand sways, and carries its speed from frame
// to frame: so weaving is what takes its hurry back at once. The way of the
// picture (motion.h) is followed 24 frames to each side; what a frame is away
// from the local trend of that (Cleveland 1979) is taken out, and pans and
// steps stay. The picture is cut just as much as that needs, the same all
// through a clip; no border shows.
// Keeps 12 bytes for a frame.
// One thread at a time.

#pragma once
#include "media/frame.h"

struct kr_gate;
KR_CHECK bool kr_gate_create(int width, int height, struct kr_gate **out, struct kr_err *err);
void kr_gate_destroy(struct kr_gate **gate);

// In order; `begins`: a new shot begins with this frame. KR_YUV420 of the size given (asserted).
void kr_gate_study(struct kr_gate *gate, const struct kr_frame *frame, bool begins);
// How far frames lie from their places: the root of the mean square, px of the frame; 0 where it
// is no weaving.
double kr_gate_measure(const struct kr_gate *gate);

// After the study: settles what is cut. strength [0,1]. Returns the part of each side that stays.
double kr_gate_settle(struct kr_gate *gate, double strength);
// After settling: the map (warp.h) of frame i, which was studied (asserted).
void kr_gate_map(const struct kr_gate *gate, size_t i, double m[6]);
