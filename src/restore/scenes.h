// SPDX-License-Identifier: AGPL-3.0-or-later
// scenes.h: eight things that families film, and how each is filmed well.
//
// A card tells where the stand, the lamp and the microphone go and which three
// takes to make; and it tells the kit how far to go and the coach what counts.
// Constant; any thread.

#pragma once
#include "base/json.h"

enum { KR_SCENE_TAKES = 3 };

struct kr_scene {
    const char *name;
    const char *key, *stand, *lamp, *microphone; // in words/
    const char *takes[KR_SCENE_TAKES];           // in words/
    double steady, light, sound;                 // strengths of the kit's passes, [0,1]
    bool night;          // a night stays night: the dark is no fault, and the mean of luma
                         // may rise by 15 % at most
    bool keep_viewpoint; // a way is smoothed, never held still
    double weigh_sound, weigh_light, weigh_steady; // of the coach, [0,1]
};

extern const struct kr_scene kr_scenes[]; // sorted by name
extern const size_t kr_scene_count;

const struct kr_scene *kr_scene_named(const char *name); // NULL for a name nobody knows
// Whether a cause (coach.h) is a fault in this scene: the dark of a night is none.
bool kr_scene_minds(const struct kr_scene *scene, const char *cause);

// [{"scene":"bedside","key":…,"stand":…,"lamp":…,"microphone":…,"takes":[…,…,…],
//   "strength":{"steady":…,"light":…,"sound":…},"night":…,"keep_viewpoint":…,
//   "weigh":{"sound":…,"light":…,"steady":…}}]: texts are keys of words/.
json_t *kr_scenes_new_json(void);
