// SPDX-License-Identifier: AGPL-3.0-or-later
// border.h: what a steadied frame lacks at its edges, taken from frames around it.
//
// A window of frames is kept as they came; each is shown once those after it have
// come, too. What is missing is laid on from the furthest neighbour to the nearest
// and last the frame itself, each fading into what lies below it, so that no seam
// shows (as Matsushita et al., 2006, but aligned by the camera's way alone). What no
// neighbour has shows the nearest edge; whoever chooses the crop sees to it that this
// is not needed (steady.h).
// Keeps 2 KR_BORDER_REACH + 1 frames. One thread at a time.

#pragma once
#include "media/frame.h"

enum { KR_BORDER_REACH = 20, KR_BORDER_LAYERS = 4 };

struct kr_border_layer { // a neighbour, and how it is to be laid on
    int offset;          // frames from the one that is shown: -KR_BORDER_REACH..KR_BORDER_REACH
    double m[6];         // map (warp.h) from what is shown to that neighbour
};

#define KR_BORDER_FADES 0.012 // of a frame's width: over so much each layer is laid on softly

struct kr_border;
KR_CHECK bool kr_border_create(int width, int height, struct kr_border **out, struct kr_err *err);
void kr_border_destroy(struct kr_border **border);

// Keeps a copy of the next frame (KR_YUV420 of the size given).
KR_CHECK bool kr_border_push(struct kr_border *border, const struct kr_frame *frame,
                             struct kr_err *err);
void kr_border_end(struct kr_border *border); // no more will come
// The next frame that may be shown, its number in *at; NULL: push more, or all is done. It
// stays the border's, until the next push or call of this.
const struct kr_frame *kr_border_next(struct kr_border *border, size_t *at);

// Fills what `shown`, which is that frame under map m, lacks: n layers, the furthest first.
KR_CHECK bool kr_border_fill(const struct kr_border *border, const double m[6],
                             const struct kr_border_layer *layers, size_t n, struct kr_frame *shown,
                             struct kr_err *err);
