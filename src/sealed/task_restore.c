// SPDX-License-Identifier: AGPL-3.0-or-later
// restore: fds [in, out]; args {"steps": ["fade", {"step": "fade", "strength": 0.5}],
// "strength": 1.0, "format": "jpeg|png|tiff|webp", "quality": 90, "recipe": […]};
// answer {"width", "height", "recipe": […]}. The metadata of the original goes
// along. The steps are those of restore/steps.h; without any it is "fade".
//
// The recipe tells what was done, in numbers, so that the same picture can be
// made again; given as args.recipe it is carried out and nothing is studied.
#include "media/picture.h"
#include "restore/steps.h"
#include "sealed/ends.h"
#include "sealed/tasks.h"
#include <unistd.h>

enum { STEPS_MOST = 32 };

static bool knows(const struct kr_step *step, const char *param)
{
    for (size_t i = 0; i < step->param_count; i++)
        if (strcmp(step->params[i].name, param) == 0)
            return true;
    return false;
}

// The parameters of one wished step: its own, else the one strength for all.
static json_t *new_params(const struct kr_step *step, const json_t *wish, const json_t *args)
{
    json_t *params =
        json_is_object(wish) ? json_copy((json_t *)(uintptr_t)wish) : kr_json_new_object();
    const json_t *strength = kr_json_get(args, "strength");
    json_object_del(params, "step");
    if (strength && knows(step, "strength") && !kr_json_get(params, "strength"))
        kr_json_set_take(params, "strength", json_incref((json_t *)(uintptr_t)strength));
    return params;
}

// A wish is "fade" or {"step": "fade", …}.
static bool run_step(const json_t *wish, const json_t *args, struct kr_frame *frame, json_t *recipe,
                     struct kr_err *err)
{
    const char *name =
        json_is_string(wish) ? json_string_value(wish) : kr_json_str(wish, "step", "");
    const struct kr_step *step = kr_step_named(name);
    if (!step || !step->restore)
        return kr_fail(err, KR_E_UNSUPPORTED, "no restoration '%.40s' of photographs", name);
    KR_AUTO(kr_json_drop) json_t *params = new_params(step, wish, args);
    double values[KR_STEP_PARAMS_MOST];
    json_t *told = NULL;
    if (!kr_step_values(step, params, values, err) ||
        !step->restore(values, frame, frame, &told, err))
        return kr_within(err, "%s", name);
    kr_json_append_take(recipe, told);
    return true;
}

static bool run_recipe(const json_t *steps, struct kr_frame *frame, json_t *recipe,
                       struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *whole = kr_json_new_object();
    kr_json_set_take(whole, "steps", json_incref((json_t *)(uintptr_t)steps));
    return kr_recipe_repeat(whole, frame, err) &&
           (json_array_extend(recipe, (json_t *)(uintptr_t)steps) == 0 ||
            kr_fail(err, KR_E_INVALID, "a recipe is a list"));
}

static bool run_steps(const json_t *args, struct kr_frame *frame, json_t *recipe,
                      struct kr_err *err)
{
    KR_AUTO(kr_json_drop) json_t *usual = json_pack("[s]", "fade");
    const json_t *told = kr_json_get(args, "recipe");
    const json_t *wishes = kr_json_get(args, "steps") ? kr_json_get(args, "steps") : usual;
    if (told)
        return run_recipe(told, frame, recipe, err);
    if (!json_is_array(wishes) || json_array_size(wishes) > STEPS_MOST)
        return kr_fail(err, KR_E_INVALID, "steps are a list of at most %d", STEPS_MOST);
    for (size_t i = 0; i < json_array_size(wishes); i++)
        if (!run_step(json_array_get(wishes, i), args, frame, recipe, err))
            return false;
    return true;
}

// 16 bit keep the finest tones through the steps; a picture too large for that has 8.
static bool load(int in, struct kr_frame **out, struct kr_err *err)
{
    struct kr_picture_params params = KR_PICTURE_DEFAULTS;
    struct kr_err why = {0};
    params.pixels = KR_RGB16;
    if (!kr_begin_input(in, err))
        return false;
    if (kr_picture_load(in, &params, out, &why))
        return true;
    if (why.code != KR_E_TOO_BIG)
        return kr_fail(err, why.code, "%s", why.text);
    params.pixels = KR_RGB8;
    return kr_begin_input(in, err) && kr_picture_load(in, &params, out, err);
}

static uint16_t *row_of(const struct kr_frame *frame, int y)
{
    return (uint16_t *)(void *)(frame->plane[0] + y * frame->stride[0]);
}

// Whether the picture had more than 8 bits to begin with. An 8 bit sample v
// became 257 v, unless a colour profile moved it: then 16 bit are kept for a
// TIFF that may not need them, which costs room and no tone.
static bool is_deep(const struct kr_frame *frame, int in)
{
    uint8_t head[25] = "";
    if (frame->pixels != KR_RGB16 || pread(in, head, sizeof head, 0) != sizeof head)
        return false;
    if (memcmp(head, "\x89PNG", 4) == 0)
        return head[24] == 16; // bit depth in IHDR (W3C PNG, 11.2.2)
    if (memcmp(head, "II", 2) != 0 && memcmp(head, "MM", 2) != 0)
        return false;
    for (int y = 0; y < frame->height; y++)
        for (int x = 0; x < 3 * frame->width; x++)
            if (row_of(frame, y)[x] % 257 != 0)
                return true;
    return false;
}

// A print of 8 bits comes out with 8: a file twice as large would tell no more.
static bool make_shallow(struct kr_frame **frame, struct kr_err *err)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *deep = *frame;
    struct kr_frame *out = NULL;
    *frame = NULL;
    if (!kr_frame_create(KR_RGB8, deep->width, deep->height, &out, err))
        return false;
    for (int y = 0; y < deep->height; y++)
        for (int x = 0; x < 3 * deep->width; x++)
            out->plane[0][y * out->stride[0] + x] = (uint8_t)((row_of(deep, y)[x] + 128) / 257);
    *frame = out;
    return true;
}

static bool restore(const json_t *args, int in, struct kr_frame **frame, json_t *recipe,
                    struct kr_err *err)
{
    if (!load(in, frame, err))
        return false;
    bool deep = is_deep(*frame, in);
    return run_steps(args, *frame, recipe, err) &&
           (deep || (*frame)->pixels == KR_RGB8 || make_shallow(frame, err));
}

bool kr_task_restore(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    int in = call->fds[0], out = call->fds[1];
    KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
    KR_AUTO(kr_json_drop) json_t *recipe = kr_json_new_array();
    struct kr_picture_save_params params = KR_PICTURE_SAVE_DEFAULTS;
    params.metadata_from = in;
    params.quality = (int)kr_json_int(call->args, "quality", params.quality);
    if (params.quality < 1 || params.quality > 100 ||
        !kr_picture_format_of(kr_json_str(call->args, "format", "jpeg"), &params.format))
        return kr_fail(err, KR_E_INVALID, "an unknown format or quality");
    if (!restore(call->args, in, &frame, recipe, err) || !kr_begin_input(in, err) ||
        !kr_begin_output(out, err) || !kr_picture_save(frame, out, &params, err))
        return false;
    *answer = kr_json_new_object();
    kr_json_set_int(*answer, "width", frame->width);
    kr_json_set_int(*answer, "height", frame->height);
    kr_json_set_take(*answer, "recipe", json_incref(recipe));
    return true;
}
