// SPDX-License-Identifier: AGPL-3.0-or-later
// layer_priv.h: set words with their place and time; within film/ only.
#pragma once
#include "media/frame.h"
#include "media/lettering.h"

struct layer {
    struct kr_frame *letters; // KR_RGBA8, owned
    int x, y;
    int64_t from, to; // film frames; seen from `from` on, until `to`
};

// Sets words no higher than `height`: from `largest` px down to `smallest`.
KR_CHECK bool kr_layer_set(struct kr_lettering lettering, double largest, double smallest,
                           int height, struct layer *out, struct kr_err *err);
void kr_layer_finish(struct layer *layer);
// How much of a layer is seen at a frame that comes in over `fade` frames, and
// goes as slowly where it ends.
double kr_layer_opacity(const struct layer *layer, int64_t at, int64_t fade);
// The height of letters goes by this: the frame's, or less in an upright one.
double kr_letter_base(int width, int height);
