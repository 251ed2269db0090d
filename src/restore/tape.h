// SPDX-License-Identifier: AGPL-3.0-or-later
// tape.h: what VHS and its like did to colours and to the last lines.
//
// Colours came late and lie to one side of their edges: their delay is where
// the slopes of colour and of luma agree best. They snow, in streaks along the
// lines: they are averaged over five frames along the motion, then filtered
// with the clean luma as their guide (He, Sun and Tang 2010, "Guided image
// filtering"), which also gives them back sharp edges. Luma is averaged along
// the motion alone. The torn lines at the bottom, where the heads switched,
// are covered by the lines above them, mirrored: the picture keeps its shape.
// Threads: one kr_tape belongs to one thread at a time.

#pragma once
#include "restore/flow.h"

struct kr_tape;
KR_CHECK bool kr_tape_create(int width, int height, struct kr_tape **out, struct kr_err *err);
void kr_tape_destroy(struct kr_tape **tape);

// First pass; not every frame has to be seen. KR_YUV420 of the size given (asserted).
void kr_tape_study(struct kr_tape *tape, const struct kr_frame *frame);

struct kr_tape_found {
    double delay[2];                 // of Cb and Cr, px to the right; 0 where it is not sure
    double luma_noise, chroma_noise; // standard deviations, grey levels
    int head_lines;                  // torn, at the bottom
};
void kr_tape_found(const struct kr_tape *tape, struct kr_tape_found *found);

// Second pass, each frame first, by itself, in place: delay and torn lines.
void kr_tape_straighten(const struct kr_tape_found *found, struct kr_frame *frame);

enum { KR_TAPE_SIDES = 4 };
struct kr_tape_side { // a straightened frame near by; frame NULL: there is none
    const struct kr_frame *frame;
    const struct kr_flow *there; // from the frame that is cleaned to this one
};
// Then with its neighbours. `out` is neither of them. strength [0,1] mixes.
void kr_tape_clean(struct kr_tape *tape, const struct kr_tape_found *found,
                   const struct kr_frame *frame, const struct kr_tape_side side[KR_TAPE_SIDES],
                   double strength, struct kr_frame *out);
