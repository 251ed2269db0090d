// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/steps.h"

#include "base/words.h"
#include "harness.h"

TEST(every_step_is_told_in_both_languages_and_can_be_run)
{
    (void)t;
    for (size_t i = 0; i < kr_step_count; i++) {
        const struct kr_step *step = &kr_steps[i];
        EXPECT(i == 0 || strcmp(kr_steps[i - 1].name, step->name) < 0);
        EXPECT(kr_step_named(step->name) == step);
        EXPECT(kr_word_exists(step->key));
        EXPECT((step->takes == KR_STEP_PICTURE) == (step->restore && step->repeat));
        EXPECT((step->takes != KR_STEP_PICTURE) == (step->choose != NULL));
        EXPECT(step->param_count <= KR_STEP_PARAMS_MOST && step->version > 0);
        for (size_t p = 0; p < step->param_count; p++) {
            const struct kr_step_param *param = &step->params[p];
            EXPECT(param->least <= param->usual && param->usual <= param->most);
            EXPECT(kr_word_exists(param->key));
        }
    }
    EXPECT(!kr_step_named("magic"));
}

static const json_t *parse(struct kr_test *t, const char *text, json_t **out)
{
    kr_json_drop(out);
    EXPECT_OK(kr_json_parse(kr_str_of(text), 65536, out, &t->err));
    return *out;
}

TEST(parameters_have_defaults_and_ranges)
{
    const struct kr_step *steady = kr_step_named("steady");
    double values[KR_STEP_PARAMS_MOST] = {9, 9};
    KR_AUTO(kr_json_drop) json_t *given = NULL;
    EXPECT_OK(kr_step_values(steady, NULL, values, &t->err));
    EXPECT_NEAR(values[0], 0.8, 0);
    EXPECT_OK(kr_step_values(steady, parse(t, "{\"keep-viewpoint\":true,\"strength\":1}", &given),
                             values, &t->err));
    EXPECT_NEAR(values[0], 1, 0);
    EXPECT_NEAR(values[1], 1, 0);
    static const char *const wrong[] = {"{\"strength\":1.1}", "{\"strength\":\"1\"}",
                                        "{\"power\":1}", "[1]"};
    for (size_t i = 0; i < KR_COUNT(wrong); i++)
        EXPECT_FAIL(kr_step_values(steady, parse(t, wrong[i], &given), values, &t->err),
                    KR_E_INVALID);
    EXPECT_NEAR(values[0], 1, 0); // untouched by what failed
}

TEST(a_step_asks_for_its_part_of_the_kit)
{
    (void)t;
    struct kr_kit_params kit = {0};
    kr_step_named("steady")->choose((double[]){0.5, 1, 1}, &kit);
    EXPECT_NEAR(kit.steady, 0.5, 0);
    EXPECT(kit.keep_viewpoint && kit.fill && !(kit.light > 0 || kit.sound > 0 || kit.footage > 0));
    kr_step_named("frame")->choose((double[]){-1, 0, 0.5, 1}, &kit);
    EXPECT(kit.framing.move == 1 && kit.framing.across < 0 && kit.framing.cut > 0.4);
    kr_step_named("footage")->choose((double[]){0.6}, &kit);
    EXPECT_NEAR(kit.footage, 0.6, 0);
}

static struct kr_frame *picture(struct kr_test *t)
{
    struct kr_frame *frame = NULL;
    EXPECT_OK(kr_frame_create(KR_RGB8, 64, 48, &frame, &t->err));
    for (int y = 0; y < 48; y++)
        for (int x = 0; x < 64 * 3; x++)
            frame->plane[0][y * frame->stride[0] + x] = (uint8_t)(60 + x / 3 * 2 + y % 7);
    return frame;
}

TEST(a_recipe_written_by_a_step_gives_the_same_bytes_again)
{
    struct kr_frame *seen = picture(t), *frame = picture(t), *again = picture(t);
    KR_AUTO(kr_json_drop) json_t *recipe = kr_json_new_object();
    json_t *step = NULL, *steps = kr_json_new_array();
    EXPECT_OK(kr_step_named("fade")->restore((double[]){1}, seen, frame, &step, &t->err));
    kr_json_append_take(steps, step);
    kr_json_set_take(recipe, "steps", steps);
    EXPECT_OK(kr_recipe_repeat(recipe, again, &t->err));
    bool changed = false;
    for (int y = 0; y < 48; y++) {
        ptrdiff_t at = y * frame->stride[0];
        EXPECT(memcmp(frame->plane[0] + at, again->plane[0] + at, 64 * 3) == 0);
        changed = changed || memcmp(frame->plane[0] + at, seen->plane[0] + at, 64 * 3) != 0;
    }
    EXPECT(changed);
    kr_frame_destroy(&seen);
    kr_frame_destroy(&frame);
    kr_frame_destroy(&again);
}

TEST(a_strange_recipe_is_refused)
{
    struct kr_frame *frame = picture(t);
    KR_AUTO(kr_json_drop) json_t *recipe = NULL;
    EXPECT_FAIL(kr_recipe_repeat(parse(t, "{}", &recipe), frame, &t->err), KR_E_INVALID);
    EXPECT_FAIL(kr_recipe_repeat(parse(t, "[]", &recipe), frame, &t->err), KR_E_INVALID);
    EXPECT_FAIL(kr_recipe_repeat(parse(t, "{\"steps\":[7]}", &recipe), frame, &t->err),
                KR_E_UNSUPPORTED);
    EXPECT_FAIL(
        kr_recipe_repeat(parse(t, "{\"steps\":[{\"step\":\"steady\"}]}", &recipe), frame, &t->err),
        KR_E_UNSUPPORTED);
    kr_frame_destroy(&frame);
}

TEST(the_description_names_every_step)
{
    KR_AUTO(kr_json_drop) json_t *all = kr_steps_new_json();
    EXPECT_INT((int64_t)json_array_size(all), (int64_t)kr_step_count);
    const json_t *fade = json_array_get(all, 0);
    EXPECT_STR(kr_json_str(fade, "step", ""), "fade");
    EXPECT_STR(kr_json_str(fade, "takes", ""), "picture");
    const json_t *param = json_array_get(kr_json_get(fade, "params"), 0);
    EXPECT_STR(kr_json_str(param, "name", ""), "strength");
    EXPECT_NEAR(kr_json_real(param, "most", 0), 1, 0);
    (void)t;
}

MAIN(CASE(every_step_is_told_in_both_languages_and_can_be_run),
     CASE(parameters_have_defaults_and_ranges), CASE(a_step_asks_for_its_part_of_the_kit),
     CASE(a_recipe_written_by_a_step_gives_the_same_bytes_again), CASE(a_strange_recipe_is_refused),
     CASE(the_description_names_every_step))
