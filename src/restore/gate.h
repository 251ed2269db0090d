// SPDX-License-Identifier: AGPL-3.0-or-later
// gate.h: film that did not lie still in the gate of a camera or a projector.
//
// The whole picture weaves: in each frame it lies some px beside its place,
// anew, whatever the camera does. A hand sways, and carries its speed from frame
// to frame: so weaving is what takes its hurry back at once. What a frame is away
// from the local trend (Cleveland 1979) of the picture's way (motion.h) is taken
// out. How many frames a trend looks at is chosen for each shot and axis: the one
// that foretells every frame best from the others (Stone 1974). So a stand stands,
// and what a hand did stays: pans, steps, haste. The picture is cut just as much
// as that needs, the same all through a clip; no border shows.
// Keeps 12 bytes for a frame.
// One thread at a time.

#pragma once
#include "restore/motion.h"

struct kr_gate;
KR_CHECK bool kr_gate_create(int width, int height, struct kr_gate **out, struct kr_err *err);
void kr_gate_destroy(struct kr_gate **gate);

// In order; `begins`: a new shot begins with this frame. KR_YUV420 of the size given (asserted).
// *motion: how it moved against the one before, by luma that does not flicker (even.h).
void kr_gate_study(struct kr_gate *gate, const struct kr_frame *frame, bool begins,
                   struct kr_motion *motion);
// How far frames lie from their places: the root of the mean square, px of the frame; 0 where it
// is no weaving.
double kr_gate_measure(const struct kr_gate *gate);

// After the study: settles what is cut. strength [0,1]: how much that may be; what fits is held
// all the way. Returns the part of each side that stays, 1 where nothing is held.
double kr_gate_settle(struct kr_gate *gate, double strength);
// After settling: the map (warp.h) of frame i, which was studied (asserted).
void kr_gate_map(const struct kr_gate *gate, size_t i, double m[6]);
