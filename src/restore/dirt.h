// SPDX-License-Identifier: AGPL-3.0-or-later
// dirt.h: specks and hairs that lay on the film for one frame.
//
// What is in this frame and, along the motion, in neither neighbour, is dirt:
// a sample outside the range of both compensated neighbours (rank-order
// detection: Nadenau and Mitra 1997; Kokaram 1998, "Motion Picture
// Restoration"). A spot is believed only when it is small, when the neighbours
// agree with each other under it, when the frame agrees with them around it,
// when the motion there and back is one, and when it is not found again near
// by (a snowflake or a ball moves, dust does not). It is filled from both
// neighbours along the motion of what surrounds it.
// Frames without a neighbour on each side, in their shot, are left alone.
// Threads: one kr_dirt, its working memory, belongs to one thread at a time.

#pragma once
#include "restore/flow.h"

struct kr_dirt;
KR_CHECK bool kr_dirt_create(int width, int height, struct kr_dirt **out, struct kr_err *err);
void kr_dirt_destroy(struct kr_dirt **dirt);

struct kr_dirt_side { // the frame before, or the one after
    const struct kr_frame *frame;
    const struct kr_flow *there, *back; // from the frame to this one, and back
};

struct kr_dirt_found {
    int spots;
    double share; // of the frame that is dirt, [0,1]
};

// Mends `frame` in place; KR_YUV420 of the size given (asserted). `look_only`: it counts, and only
// what the first of two looks is sure of: that tells old film from new.
void kr_dirt_clean(struct kr_dirt *dirt, const struct kr_dirt_side side[2], bool look_only,
                   struct kr_frame *frame, struct kr_dirt_found *found);
