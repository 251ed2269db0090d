// SPDX-License-Identifier: AGPL-3.0-or-later
// jitter_priv.h: how the lines of a frame lie against those of the frame before.
#pragma once
#include "restore/jitter.h"

struct kr_jitter_eye;
KR_CHECK bool kr_jitter_eye_create(int width, int height, struct kr_jitter_eye **out,
                                   struct kr_err *err);
void kr_jitter_eye_destroy(struct kr_jitter_eye **eye);

// Looks at the next frame. by[y], of `height`: how much further to the right line y lies than the
// line before it in time did, px, without what the whole frame moved and leant; *down: how many
// lines the picture went down. The first frame is told 0.
void kr_jitter_look(struct kr_jitter_eye *eye, const struct kr_frame *frame, float *by, int *down);

// Moves each line of the frame back: by[y] px to the left.
void kr_jitter_shift(struct kr_frame *frame, const float *by);
