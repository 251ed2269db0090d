// SPDX-License-Identifier: AGPL-3.0-or-later
// fade.h: what light and years took from a colour print, given back.
//
// Works in optical density, channel by channel, towards neutral black and
// white (after Gschwind and Frey, 1994; Chatterjee, Trumpy and Ruedel, 2023).
// A picture with no black or white of its own is touched less; a sepia or grey
// print keeps its tone and gets only its range back. Pure: no files, no state.

#pragma once
#include "base/json.h"
#include "media/frame.h"

struct kr_fade_params {
    double strength; // [0,1]; 0 leaves every sample as it is
};
enum { KR_FADE_VERSION = 1 }; // of the recipe step
#define KR_FADE_DEFAULTS ((struct kr_fade_params){.strength = 1.0})

struct kr_fade_plan; // what was found, before anything is changed
// Looks at a KR_RGB8 or KR_RGB16 frame (a reduced one will do).
KR_CHECK bool kr_fade_study(const struct kr_frame *frame, const struct kr_fade_params *params,
                            struct kr_fade_plan **out, struct kr_err *err);
void kr_fade_plan_destroy(struct kr_fade_plan **plan);
// Changes the frame in place.
void kr_fade_apply(const struct kr_fade_plan *plan, struct kr_frame *frame);
// The plan as a recipe step, and back: {"step":"fade","version":1,…}.
json_t *kr_fade_plan_new_json(const struct kr_fade_plan *plan);
KR_CHECK bool kr_fade_plan_of_json(const json_t *step, struct kr_fade_plan **out,
                                   struct kr_err *err);
