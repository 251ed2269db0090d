// SPDX-License-Identifier: AGPL-3.0-or-later
// light.h: what a lamp would have done.
//
// Each shot gets one exposure and one white, from the levels and colours of all
// its frames together, so nothing can flicker. Dark shots are raised in linear
// light by -0.7 to +4 stops with a soft shoulder; a cast is judged by shades of
// grey (Finlayson and Trezzi, 2004; p = 6) and taken back by at most 70 %. What
// is well lit already comes out byte by byte as it went in.
// Keeps some numbers for a shot, none for a frame.
// One thread at a time.

#pragma once
#include "base/json.h"
#include "media/frame.h"

struct kr_light;
KR_CHECK bool kr_light_create(double strength, struct kr_light **out, struct kr_err *err); // [0,1]
void kr_light_destroy(struct kr_light **light);

// KR_YUV420 frames in order; `cut`: a new shot begins with this one.
void kr_light_study(struct kr_light *light, const struct kr_frame *frame, bool cut);
// {"done":…,"shots":…,"stops_least":…,"stops_most":…,"cast":…} (cast: degrees, the worst).
json_t *kr_light_decide_new(struct kr_light *light);
// After decide: frame i, in order, in place. false when it stays as it is.
bool kr_light_treat(struct kr_light *light, size_t i, struct kr_frame *frame);
