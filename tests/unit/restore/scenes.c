// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/scenes.h"

#include "base/words.h"
#include "harness.h"

TEST(the_eight_cards_are_there_and_can_be_read)
{
    static const char *const names[] = {"bedside",   "letter",  "morning-table", "night-home",
                                        "old-house", "reunion", "ride",          "small-child"};
    EXPECT_INT((int64_t)kr_scene_count, KR_COUNT(names));
    for (size_t i = 0; i < kr_scene_count; i++) {
        const struct kr_scene *s = &kr_scenes[i];
        EXPECT_STR(s->name, names[i]); // sorted
        EXPECT(kr_scene_named(names[i]) == s);
        EXPECT(kr_word_exists(s->key) && kr_word_exists(s->stand) && kr_word_exists(s->lamp) &&
               kr_word_exists(s->microphone));
        for (int k = 0; k < KR_SCENE_TAKES; k++)
            EXPECT(kr_word_exists(s->takes[k]));
    }
    EXPECT(!kr_scene_named("") && !kr_scene_named("rides"));
}

TEST(strengths_and_weights_are_parts_of_a_whole)
{
    for (size_t i = 0; i < kr_scene_count; i++) {
        const struct kr_scene *s = &kr_scenes[i];
        const double all[] = {s->steady,      s->light,       s->sound,
                              s->weigh_sound, s->weigh_light, s->weigh_steady};
        for (size_t k = 0; k < KR_COUNT(all); k++)
            EXPECT(all[k] > 0 && all[k] <= 1);
    }
}

TEST(a_night_may_be_dark_and_a_ride_keeps_its_way)
{
    const struct kr_scene *night = kr_scene_named("night-home"), *ride = kr_scene_named("ride");
    EXPECT(night->night && !kr_scene_minds(night, "dark") && kr_scene_minds(night, "noise"));
    EXPECT(ride->keep_viewpoint && !kr_scene_minds(ride, "drift") && kr_scene_minds(ride, "dark"));
}

TEST(the_table_is_told_as_json)
{
    json_t *all = kr_scenes_new_json();
    EXPECT_INT((int64_t)json_array_size(all), 8);
    const json_t *ride = json_array_get(all, 6);
    EXPECT_STR(kr_json_str(ride, "scene", ""), "ride");
    EXPECT(kr_json_bool(ride, "keep_viewpoint", false));
    EXPECT_INT((int64_t)json_array_size(kr_json_get(ride, "takes")), KR_SCENE_TAKES);
    EXPECT_NEAR(kr_json_real(kr_json_get(ride, "weigh"), "steady", 0),
                kr_scene_named("ride")->weigh_steady, 1e-9);
    EXPECT_NEAR(kr_json_real(kr_json_get(ride, "strength"), "sound", 0),
                kr_scene_named("ride")->sound, 1e-9);
    kr_json_drop(&all);
}

MAIN(CASE(the_eight_cards_are_there_and_can_be_read),
     CASE(strengths_and_weights_are_parts_of_a_whole),
     CASE(a_night_may_be_dark_and_a_ride_keeps_its_way), CASE(the_table_is_told_as_json))
