// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/footage.h"

#include "restore/deflicker.h"
#include "restore/dirt.h"
#include "restore/window.h"
#include <assert.h>
#include <math.h>

enum { LOOK_EVERY = 6 };                  // frames: dirt is looked for in one of so many
static const double dirty_least = 0.0005; // share of the frame
static const int ahead = 2;               // frames

struct kr_footage {
    struct kr_footage_params params;
    int width, height;
    struct kr_window *window;
    struct kr_dirt *dirt;
    struct kr_deflicker *deflicker;
    double flicker;
    size_t studied, looked, given;
    double share;    // sum over the looks
    uint8_t *begins; // a bit would do; a byte is simpler
    size_t room;
    bool ended, mend_dirt;
    struct kr_frame_pool *pool;
};

bool kr_footage_create(const struct kr_footage_params *params, int width, int height, double fps,
                       struct kr_footage **out, struct kr_err *err)
{
    (void)fps;
    if (!(params->strength >= 0 && params->strength <= 1))
        return kr_fail(err, KR_E_INVALID, "footage strength %g is not in 0..1", params->strength);
    KR_AUTO(kr_footage_destroy) struct kr_footage *footage = kr_new(struct kr_footage);
    *footage = (struct kr_footage){.params = *params, .width = width, .height = height};
    if (!kr_window_create(width, height, &footage->window, err) ||
        !kr_deflicker_create(width, height, &footage->deflicker, err) ||
        !kr_dirt_create(width, height, &footage->dirt, err) ||
        !kr_frame_pool_create(KR_YUV420, width, height, 4, &footage->pool, err))
        return kr_within(err, "mend old footage");
    *out = footage;
    footage = NULL;
    return true;
}

void kr_footage_destroy(struct kr_footage **footage)
{
    if (*footage) {
        kr_window_destroy(&(*footage)->window);
        kr_dirt_destroy(&(*footage)->dirt);
        kr_deflicker_destroy(&(*footage)->deflicker);
        kr_free(&(*footage)->begins);
        kr_frame_pool_destroy(&(*footage)->pool);
    }
    kr_free(footage);
}

static void clean_dirt(struct kr_footage *footage, size_t number, bool look_only,
                       struct kr_dirt_found *found)
{
    struct kr_dirt_side side[2] = {{0}};
    for (int i = 0; i < 2; i++) {
        int by = i ? 1 : -1;
        side[i].frame = kr_window_near(footage->window, number, by);
        if (!side[i].frame)
            return;
        side[i].there = kr_window_flow(footage->window, number, by);
        side[i].back = kr_window_flow(footage->window, by < 0 ? number - 1 : number + 1, -by);
    }
    struct kr_frame *frame = (struct kr_frame *)(uintptr_t)kr_window_frame(footage->window, number);
    kr_dirt_clean(footage->dirt, side, look_only, frame, found);
}

void kr_footage_study(struct kr_footage *footage, const struct kr_frame *frame, bool cut)
{
    size_t n = footage->studied++;
    if (n == footage->room) {
        footage->room = n ? n + n / 2 : 256;
        footage->begins = kr_realloc_array(footage->begins, footage->room, 1);
    }
    cut = kr_deflicker_study(footage->deflicker, frame, cut);
    footage->begins[n] = cut;
    kr_window_push(footage->window, frame, cut);
    if (n % LOOK_EVERY == 2) {
        struct kr_dirt_found found = {0};
        clean_dirt(footage, n - 1, true, &found);
        footage->share += found.share;
        footage->looked++;
    }
}

json_t *kr_footage_decide_new(struct kr_footage *footage)
{
    double share = footage->share / fmax((double)footage->looked, 1);
    footage->mend_dirt = footage->params.strength > 0 && share >= dirty_least;
    json_t *report = kr_json_new_object();
    footage->flicker = kr_deflicker_measure(footage->deflicker);
    kr_json_set_real(report, "flicker", footage->flicker);
    kr_json_set_bool(report, "done", footage->mend_dirt);
    kr_json_set_real(report, "dirt", share);
    struct kr_err err = {0};
    kr_window_destroy(&footage->window);
    if (!kr_window_create(footage->width, footage->height, &footage->window, &err))
        abort();
    return report;
}

bool kr_footage_push(struct kr_footage *footage, const struct kr_frame *frame, struct kr_err *err)
{
    (void)err;
    size_t n = kr_window_count(footage->window);
    struct kr_frame *kept =
        kr_window_push(footage->window, frame, n < footage->studied && footage->begins[n]);
    if (footage->flicker > 1)
        kr_deflicker_treat(footage->deflicker, n, footage->params.strength, kept);
    return true;
}

void kr_footage_end(struct kr_footage *footage)
{
    footage->ended = true;
}

bool kr_footage_pull(struct kr_footage *footage, struct kr_frame **out, struct kr_err *err)
{
    size_t count = kr_window_count(footage->window), n = footage->given;
    *out = NULL;
    if (n >= count || (!footage->ended && n + (size_t)ahead >= count))
        return true;
    if (!kr_frame_pool_take(footage->pool, out, err))
        return false;
    struct kr_dirt_found found;
    if (footage->mend_dirt)
        clean_dirt(footage, n, false, &found);
    kr_frame_copy(kr_window_frame(footage->window, n), *out);
    footage->given++;
    return true;
}
