// SPDX-License-Identifier: AGPL-3.0-or-later
// steps.h: every restoration kinreel knows, described once.
//
// A step is a row: its name (in recipes, on the command line, in the API), its
// words, what it takes, its parameters with their ranges, and its functions.
// Help, schema and forms are derived from kr_steps_new_json(). How to add one:
// docs/howto/add-a-restoration.md.

#pragma once
#include "base/json.h"
#include "media/frame.h"
#include "restore/kit.h"

struct kr_step_param {
    const char *name, *key; // key: its sentence in words/
    double least, most, usual;
};

enum kr_step_takes { KR_STEP_PICTURE, KR_STEP_FRAMES, KR_STEP_SOUND };
enum { KR_STEP_PARAMS_MOST = 8 };

struct kr_step {
    const char *name, *key;
    int version; // of the recipe it writes
    enum kr_step_takes takes;
    const struct kr_step_param *params;
    size_t param_count;

    // KR_STEP_PICTURE: studies `seen` (the frame or a reduced copy of it, KR_RGB8
    // or KR_RGB16), changes `frame` in place and hands over the recipe step.
    bool (*restore)(const double *values, const struct kr_frame *seen, struct kr_frame *frame,
                    json_t **recipe, struct kr_err *err);
    // Does again what such a recipe step says.
    bool (*repeat)(const json_t *recipe, struct kr_frame *frame, struct kr_err *err);

    // KR_STEP_FRAMES, KR_STEP_SOUND: asks for the step in a kit (kit.h).
    void (*choose)(const double *values, struct kr_kit_params *kit);
};

extern const struct kr_step kr_steps[]; // sorted by name
extern const size_t kr_step_count;

const struct kr_step *kr_step_named(const char *name); // NULL for a name nobody knows

// Fills values[param_count] from members of `given` (NULL: none given), the rest as
// usual. KR_E_INVALID for what is unknown, no number or out of its range.
KR_CHECK bool kr_step_values(const struct kr_step *step, const json_t *given, double *values,
                             struct kr_err *err);

// [{"step":"fade","key":…,"takes":"picture","version":1,"params":[{"name":…,"key":…,
//   "least":0,"most":1,"usual":1}]}]
json_t *kr_steps_new_json(void);

// Repeats a whole recipe, {"steps":[…]}, on a picture; nothing is changed
// before every step is known to be one for pictures.
KR_CHECK bool kr_recipe_repeat(const json_t *recipe, struct kr_frame *frame, struct kr_err *err);
