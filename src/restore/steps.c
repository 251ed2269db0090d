// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/steps.h"

#include "restore/fade.h"
#include <assert.h>
#include <math.h>

enum { RECIPE_MOST = 64 }; // steps in one recipe

static bool fade_restore(const double *values, const struct kr_frame *seen, struct kr_frame *frame,
                         json_t **recipe, struct kr_err *err)
{
    KR_AUTO(kr_fade_plan_destroy) struct kr_fade_plan *plan = NULL;
    struct kr_fade_params params = {.strength = values[0]};
    if (!kr_fade_study(seen, &params, &plan, err))
        return false;
    kr_fade_apply(plan, frame);
    *recipe = kr_fade_plan_new_json(plan);
    return true;
}

static bool fade_repeat(const json_t *recipe, struct kr_frame *frame, struct kr_err *err)
{
    KR_AUTO(kr_fade_plan_destroy) struct kr_fade_plan *plan = NULL;
    if (!kr_fade_plan_of_json(recipe, &plan, err))
        return false;
    kr_fade_apply(plan, frame);
    return true;
}

static void footage_choose(const double *values, struct kr_kit_params *kit)
{
    kit->footage = values[0];
}

static void frame_choose(const double *values, struct kr_kit_params *kit)
{
    kit->framing = (struct kr_framing){values[0], values[1], values[2], (int)lrint(values[3])};
}

static void light_choose(const double *values, struct kr_kit_params *kit)
{
    kit->light = values[0];
}

static void sound_choose(const double *values, struct kr_kit_params *kit)
{
    kit->sound = values[0];
}

static void steady_choose(const double *values, struct kr_kit_params *kit)
{
    kit->steady = values[0];
    kit->keep_viewpoint = values[1] >= 0.5;
    kit->fill = values[2] >= 0.5;
}

static const struct kr_step_param picture_params[] = {
    {"strength", "step.param.strength", 0, 1, 1},
};
static const struct kr_step_param kit_params[] = {
    {"strength", "step.param.strength", 0, 1, 0.8},
};
static const struct kr_step_param frame_params[] = {
    {"across", "step.param.across", -1, 1, 0},
    {"down", "step.param.down", -1, 1, 0},
    {"cut", "step.param.cut", 0, 0.8, 1.0 / 3},
    {"move", "step.param.move", -1, 1, 0},
};
static const struct kr_step_param steady_params[] = {
    {"strength", "step.param.strength", 0, 1, 0.8},
    {"keep-viewpoint", "step.param.keep_viewpoint", 0, 1, 0},
    {"fill", "step.param.fill", 0, 1, 0},
};

#define PARAMS(of) .params = (of), .param_count = KR_COUNT(of)

const struct kr_step kr_steps[] = {
    {"fade", "step.fade", KR_FADE_VERSION, KR_STEP_PICTURE, PARAMS(picture_params),
     .restore = fade_restore, .repeat = fade_repeat},
    {"footage", "step.footage", 2, KR_STEP_FRAMES, PARAMS(kit_params), .choose = footage_choose},
    {"frame", "step.frame", 1, KR_STEP_FRAMES, PARAMS(frame_params), .choose = frame_choose},
    {"light", "step.light", 2, KR_STEP_FRAMES, PARAMS(kit_params), .choose = light_choose},
    {"sound", "step.sound", 2, KR_STEP_SOUND, PARAMS(kit_params), .choose = sound_choose},
    {"steady", "step.steady", 2, KR_STEP_FRAMES, PARAMS(steady_params), .choose = steady_choose},
};
const size_t kr_step_count = KR_COUNT(kr_steps);

const struct kr_step *kr_step_named(const char *name)
{
    for (size_t i = 0; i < kr_step_count; i++)
        if (strcmp(kr_steps[i].name, name) == 0)
            return &kr_steps[i];
    return NULL;
}

static bool set_value(const struct kr_step *step, const char *name, const json_t *given,
                      double *values, struct kr_err *err)
{
    for (size_t i = 0; i < step->param_count; i++) {
        const struct kr_step_param *param = &step->params[i];
        if (strcmp(param->name, name) != 0)
            continue;
        double v = json_is_boolean(given) ? json_is_true(given) : json_number_value(given);
        if (!(json_is_number(given) || json_is_boolean(given)) ||
            !(v >= param->least && v <= param->most))
            return kr_fail(err, KR_E_INVALID, "step '%s': '%s' is no number in %g..%g", step->name,
                           name, param->least, param->most);
        values[i] = v;
        return true;
    }
    return kr_fail(err, KR_E_INVALID, "step '%s' has no parameter '%s'", step->name, name);
}

bool kr_step_values(const struct kr_step *step, const json_t *given, double *values,
                    struct kr_err *err)
{
    double found[KR_STEP_PARAMS_MOST];
    const char *name;
    json_t *value;
    for (size_t i = 0; i < step->param_count; i++)
        found[i] = step->params[i].usual;
    if (given && !json_is_object(given))
        return kr_fail(err, KR_E_INVALID, "step '%s': parameters are an object", step->name);
    json_object_foreach((json_t *)(uintptr_t)given, name,
                        value) if (!set_value(step, name, value, found, err)) return false;
    memcpy(values, found, step->param_count * sizeof *values);
    return true;
}

static json_t *new_params(const struct kr_step *step)
{
    json_t *params = kr_json_new_array();
    for (size_t i = 0; i < step->param_count; i++) {
        json_t *param = kr_json_new_object();
        kr_json_set_str(param, "name", step->params[i].name);
        kr_json_set_str(param, "key", step->params[i].key);
        kr_json_set_real(param, "least", step->params[i].least);
        kr_json_set_real(param, "most", step->params[i].most);
        kr_json_set_real(param, "usual", step->params[i].usual);
        kr_json_append_take(params, param);
    }
    return params;
}

json_t *kr_steps_new_json(void)
{
    static const char *const takes[] = {"picture", "frames", "sound"};
    json_t *all = kr_json_new_array();
    for (size_t i = 0; i < kr_step_count; i++) {
        json_t *step = kr_json_new_object();
        kr_json_set_str(step, "step", kr_steps[i].name);
        kr_json_set_str(step, "key", kr_steps[i].key);
        kr_json_set_str(step, "takes", takes[kr_steps[i].takes]);
        kr_json_set_int(step, "version", kr_steps[i].version);
        kr_json_set_take(step, "params", new_params(&kr_steps[i]));
        kr_json_append_take(all, step);
    }
    return all;
}

static const struct kr_step *picture_step(const json_t *step)
{
    const struct kr_step *found = kr_step_named(kr_json_str(step, "step", ""));
    return found && found->repeat ? found : NULL;
}

bool kr_recipe_repeat(const json_t *recipe, struct kr_frame *frame, struct kr_err *err)
{
    const json_t *steps = kr_json_get(recipe, "steps");
    if (!json_is_array(steps) || json_array_size(steps) > RECIPE_MOST)
        return kr_fail(err, KR_E_INVALID, "a recipe has 'steps', at most %d", RECIPE_MOST);
    for (size_t i = 0; i < json_array_size(steps); i++)
        if (!picture_step(json_array_get(steps, i)))
            return kr_fail(err, KR_E_UNSUPPORTED, "recipe step %zu: '%s' is none for pictures", i,
                           kr_json_str(json_array_get(steps, i), "step", ""));
    for (size_t i = 0; i < json_array_size(steps); i++) {
        const json_t *step = json_array_get(steps, i);
        const struct kr_step *known = picture_step(step);
        assert(known); // looked up above, before anything was changed
        if (!known->repeat(step, frame, err))
            return kr_within(err, "recipe step %zu", i);
    }
    return true;
}
