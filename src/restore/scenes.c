// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/scenes.h"

#include <string.h>

#define WORDS(name)                                                                                \
    "scene." name, "scene." name ".stand", "scene." name ".lamp", "scene." name ".microphone",     \
    {                                                                                              \
        "scene." name ".take1", "scene." name ".take2", "scene." name ".take3"                     \
    }

const struct kr_scene kr_scenes[] = {
    // name, words, strengths: steady, light, sound; night; viewpoint; weights: sound, light, steady
    {"bedside", WORDS("bedside"), 0.8, 0.6, 0.9, false, false, 1, 0.8, 0.6},
    {"letter", WORDS("letter"), 1, 0.8, 0.8, false, false, 0.9, 1, 1},
    {"morning-table", WORDS("morning-table"), 0.8, 0.8, 0.8, false, false, 1, 0.9, 0.8},
    {"night-home", WORDS("night-home"), 0.8, 0.3, 0.8, true, false, 1, 0.7, 0.8},
    {"old-house", WORDS("old-house"), 0.9, 0.8, 0.6, false, false, 0.6, 0.9, 1},
    {"reunion", WORDS("reunion"), 0.8, 0.8, 0.7, false, false, 1, 0.9, 0.8},
    {"ride", WORDS("ride"), 0.9, 0.6, 0.6, false, true, 0.6, 0.7, 1},
    {"small-child", WORDS("small-child"), 0.7, 0.8, 0.6, false, true, 0.7, 1, 0.8},
};
const size_t kr_scene_count = KR_COUNT(kr_scenes);

const struct kr_scene *kr_scene_named(const char *name)
{
    for (size_t i = 0; i < kr_scene_count; i++)
        if (strcmp(kr_scenes[i].name, name) == 0)
            return &kr_scenes[i];
    return NULL;
}

bool kr_scene_minds(const struct kr_scene *scene, const char *cause)
{
    if (scene->keep_viewpoint && strcmp(cause, "drift") == 0)
        return false; // where it goes, it goes
    return !scene->night || strcmp(cause, "dark") != 0;
}

static json_t *new_three(double steady, double light, double sound)
{
    json_t *three = kr_json_new_object();
    kr_json_set_real(three, "steady", steady);
    kr_json_set_real(three, "light", light);
    kr_json_set_real(three, "sound", sound);
    return three;
}

json_t *kr_scenes_new_json(void)
{
    json_t *all = kr_json_new_array();
    for (const struct kr_scene *s = kr_scenes; s < kr_scenes + kr_scene_count; s++) {
        json_t *one = kr_json_new_object(), *takes = kr_json_new_array();
        for (int i = 0; i < KR_SCENE_TAKES; i++)
            kr_json_append_take(takes, json_string(s->takes[i]));
        kr_json_set_str(one, "scene", s->name);
        kr_json_set_str(one, "key", s->key);
        kr_json_set_str(one, "stand", s->stand);
        kr_json_set_str(one, "lamp", s->lamp);
        kr_json_set_str(one, "microphone", s->microphone);
        kr_json_set_take(one, "takes", takes);
        kr_json_set_take(one, "strength", new_three(s->steady, s->light, s->sound));
        kr_json_set_bool(one, "night", s->night);
        kr_json_set_bool(one, "keep_viewpoint", s->keep_viewpoint);
        kr_json_set_take(one, "weigh", new_three(s->weigh_steady, s->weigh_light, s->weigh_sound));
        kr_json_append_take(all, one);
    }
    return all;
}
