// SPDX-License-Identifier: AGPL-3.0-or-later
// light.h: what a lamp would have done.
//
// Each shot gets one exposure and one white, from the levels and colours of all
// its frames together, so nothing can flicker:
//   (1) a shot that is too dark or too bright is set right in linear light, by
//       -0.7 to +4 stops, with a soft shoulder where white is near; the dark around
//       what is lit well, a stage, fireworks, a shop at night, is no fault;
//   (2) where the middle lies in the shadow of a bright surround, the shadow alone
//       is lifted: one gain a place, from a smooth picture of the light that keeps
//       its edges (guided.h), along a curve that is fixed for the shot; the farther
//       from the middle, the darker must be what counts as that shadow;
//   (3) a cast is judged by four estimators (whites.h) and taken back; of warm
//       lamps at most 70 %, for the evening stays an evening;
//   (4) noise that the gain would show is averaged away before it (denoise.h);
//   (5) lamps that flicker come to rest (lampflicker.h).
// What is well lit already comes out byte by byte as it went in.
// Keeps some numbers for a shot, those of lampflicker.h for a frame, and a few small
// pictures; while it cleans, two frames of sixteen bits.
// One thread at a time.

#pragma once
#include "base/json.h"
#include "media/frame.h"

struct kr_light_params {
    float strength; // [0,1]; 0 changes nothing, 0.8 does all that is found
    bool night;     // it is night and stays so: luma rises by 15 % at most, lamps keep their colour
};
#define KR_LIGHT_DEFAULTS ((struct kr_light_params){0.8f, false})

struct kr_light;
// For KR_YUV420 frames of that size.
KR_CHECK bool kr_light_create(const struct kr_light_params *params, int width, int height,
                              double fps, struct kr_light **out, struct kr_err *err);
void kr_light_destroy(struct kr_light **light);

// Frames in order; `cut`: a new shot begins with this one.
void kr_light_study(struct kr_light *light, const struct kr_frame *frame, bool cut);
// Before decide: flicker is taken out by somebody else, before frames come to be treated.
void kr_light_leave_flicker(struct kr_light *light);
// {"done":…,"shots":…,"stops_least":…,"stops_most":…,"lift":…,"noise":…,"flicker":…,
//  "cast":…,"illuminant":[…]}: "lift" are the most stops that a shadow is lifted by,
// "noise" the most luma noise that is taken out (standard deviation in codes),
// "flicker" the worst that is (root mean square, stops), "cast" the most degrees of a
// cast that are taken back, and "illuminant" the linear red, green and blue of the light
// that seems farthest from white, believed or not.
json_t *kr_light_decide_new(struct kr_light *light);
// After decide: frame i, in order, in place. false when it stays as it is.
bool kr_light_treat(struct kr_light *light, size_t i, struct kr_frame *frame);
