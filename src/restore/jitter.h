// SPDX-License-Identifier: AGPL-3.0-or-later
// jitter.h: lines of a tape that begin a little early or late.
//
// Each line is compared with the same line of the frame before, brought to
// where the camera has moved since (motion.h): to whole samples by dynamic
// programming over the lines, to parts of one by least squares (Lucas and
// Kanade 1981, in one dimension). The tape trembles anew in every frame, and
// what is filmed moves evenly: so the offsets are added up from frame to frame,
// 12 to each side, and what a line is away from their local trend (Cleveland
// 1979) is its error. Whole frames that jump or lean are not touched.
// Rows are shifted by cubics (Keys 1981). It looks 12 frames ahead and keeps
// them, from the first push on; 27 floats for each line.
// One thread at a time.

#pragma once
#include "media/frame.h"

struct kr_jitter;
KR_CHECK bool kr_jitter_create(int width, int height, struct kr_jitter **out, struct kr_err *err);
void kr_jitter_destroy(struct kr_jitter **jitter);

// First pass: every frame, in order; a few are looked at. KR_YUV420 of the size given (asserted).
// `begins`: a new shot begins with it.
void kr_jitter_study(struct kr_jitter *jitter, const struct kr_frame *frame, bool begins);
// How far lines lie from where they belong: the root of the mean square, px; 0 where they do
// not tremble from frame to frame.
double kr_jitter_measure(const struct kr_jitter *jitter);

// Second pass: push a frame, then pull until *out is NULL; after the last push end, and pull
// again. As many come out as went in, with their times. *out is the caller's, to be destroyed
// before the jitter is; *begins tells again what was pushed with it. strength: [0,1].
KR_CHECK bool kr_jitter_push(struct kr_jitter *jitter, const struct kr_frame *frame, bool begins,
                             struct kr_err *err);
void kr_jitter_end(struct kr_jitter *jitter);
void kr_jitter_pull(struct kr_jitter *jitter, double strength, struct kr_frame **out, bool *begins);
