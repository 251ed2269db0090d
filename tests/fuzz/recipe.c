// SPDX-License-Identifier: AGPL-3.0-or-later
// A recipe from anybody, carried out on a small picture: nothing may break, and
// what is refused leaves a reason.
#include "restore/steps.h"
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    KR_AUTO(kr_json_drop) json_t *recipe = NULL;
    struct kr_err err = {0};
    struct kr_frame *frame = NULL;
    if (!kr_json_parse((struct kr_str){(const char *)data, size}, 1 << 16, &recipe, &err))
        return 0;
    enum kr_pixels pixels = size % 2 ? KR_RGB16 : KR_RGB8;
    if (!kr_frame_create(pixels, 5, 3, &frame, &err))
        return 0;
    for (int y = 0; y < frame->height; y++)
        for (size_t i = 0; i < kr_frame_row_bytes(frame, 0); i++)
            frame->plane[0][y * frame->stride[0] + (ptrdiff_t)i] = (uint8_t)(17 * i + (size_t)y);
    if (!kr_recipe_repeat(recipe, frame, &err))
        assert(err.code != KR_OK && err.text[0]);
    for (size_t i = 0; i < kr_step_count; i++) {
        double values[KR_STEP_PARAMS_MOST];
        if (!kr_step_values(&kr_steps[i], recipe, values, NULL))
            continue;
        for (size_t p = 0; p < kr_steps[i].param_count; p++)
            assert(values[p] >= kr_steps[i].params[p].least &&
                   values[p] <= kr_steps[i].params[p].most);
    }
    kr_frame_destroy(&frame);
    return 0;
}
