// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/footage.h"

#include "restore/deflicker.h"
#include "restore/dirt.h"
#include "restore/gate.h"
#include "restore/jitter.h"
#include "restore/scratches.h"
#include "restore/tape.h"
#include "restore/warp.h"
#include "restore/window.h"
#include <assert.h>
#include <math.h>

enum { DIRT_EVERY = 6, LINES_EVERY = 4 }; // frames: these are looked for in one of so many
enum { AHEAD = 2, POOLED = 4 };
// What speaks for old film or old tape where nobody has said so; today's clips stay well below.
static const double dirty_least = 0.0008; // share of the frame
static const double flicker_least = 1.0;  // grey levels
static const double snow_some = 1.5;      // the same, beside torn lines
static const double snow_least = 4.5;     // grey levels, of chroma
static const double late_least = 4;       // px, of colours beside torn lines
static const int head_lines_least = 2;
static const double tremble_least = 0.8; // px, of lines
static const double tremble_some = 0.6;  // the same, of a tape: its snow may look like 0.5
static const double weaves_least = 0.5;  // px of 640, of what is film anyhow
static const double weaves_alone = 1;    // the same, where that alone speaks for film
static const double said_so = 0.5;       // of these, where somebody has
static const double sure_of_both = 3;    // times dirt or flicker, on what is a tape as well

struct kr_footage {
    struct kr_footage_params params;
    struct kr_window *window;
    struct kr_deflicker *deflicker;
    struct kr_dirt *dirt;
    struct kr_scratches *scratches;
    struct kr_tape *tape;
    struct kr_jitter *jitter;
    struct kr_gate *gate;
    struct kr_frame *spare;
    struct kr_flow *far[2]; // to two frames before and two after
    struct kr_frame_pool *pool;
    uint8_t *begins; // a new shot; one for each frame studied
    size_t studied, room, looked, pushed, given;
    double dirty; // the share of dirt, summed over the looks
    struct kr_tape_found found;
    bool mend_dirt, level_light, mend_lines, clean_tape, straighten, hold, ended;
    double weaves, kept; // px; the part of each side that stays
};

bool kr_footage_create(const struct kr_footage_params *params, int width, int height, double fps,
                       struct kr_footage **out, struct kr_err *err)
{
    (void)fps; // everything is counted in frames: film of 16 a second flickers as that of 24 does
    if (!(params->strength >= 0 && params->strength <= 1))
        return kr_fail(err, KR_E_INVALID, "footage strength %g is not in 0..1", params->strength);
    KR_AUTO(kr_footage_destroy) struct kr_footage *footage = kr_new(struct kr_footage);
    footage->params = *params;
    footage->scratches = kr_scratches_create(width, height);
    for (int i = 0; i < 2; i++)
        footage->far[i] = kr_flow_create(width, height, KR_WINDOW_HALVED);
    if (!kr_window_create(width, height, &footage->window, err) ||
        !kr_deflicker_create(width, height, &footage->deflicker, err) ||
        !kr_dirt_create(width, height, &footage->dirt, err) ||
        !kr_tape_create(width, height, &footage->tape, err) ||
        !kr_jitter_create(width, height, &footage->jitter, err) ||
        !kr_gate_create(width, height, &footage->gate, err) ||
        !kr_frame_create(KR_YUV420, width, height, &footage->spare, err) ||
        !kr_frame_pool_create(KR_YUV420, width, height, POOLED, &footage->pool, err))
        return kr_within(err, "mend old footage");
    *out = footage;
    footage = NULL;
    return true;
}

void kr_footage_destroy(struct kr_footage **footage)
{
    if (*footage) {
        struct kr_footage *f = *footage;
        kr_window_destroy(&f->window);
        kr_deflicker_destroy(&f->deflicker);
        kr_dirt_destroy(&f->dirt);
        kr_scratches_destroy(&f->scratches);
        kr_tape_destroy(&f->tape);
        kr_jitter_destroy(&f->jitter);
        kr_gate_destroy(&f->gate);
        kr_frame_destroy(&f->spare);
        kr_flow_destroy(&f->far[0]);
        kr_flow_destroy(&f->far[1]);
        kr_free(&f->begins);
        if (f->pool)
            kr_frame_pool_destroy(&f->pool);
    }
    kr_free(footage);
}

static void look_at_dirt(struct kr_footage *footage, size_t number, bool look_only,
                         struct kr_dirt_found *found)
{
    struct kr_dirt_side side[2] = {{0}};
    *found = (struct kr_dirt_found){0};
    for (int i = 0; i < 2; i++) {
        int by = i ? 1 : -1;
        side[i].frame = kr_window_near(footage->window, number, by);
        if (!side[i].frame)
            return;
        side[i].there = kr_window_flow(footage->window, number, by);
        side[i].back = kr_window_flow(footage->window, i ? number + 1 : number - 1, -by);
    }
    kr_dirt_clean(footage->dirt, side, look_only, kr_window_frame(footage->window, number), found);
}

bool kr_footage_study(struct kr_footage *footage, const struct kr_frame *frame, bool cut,
                      struct kr_motion *motion)
{
    size_t n = footage->studied++;
    if (n == footage->room) {
        footage->room = n ? n + n / 2 : 256;
        footage->begins = kr_realloc_array(footage->begins, footage->room, 1);
    }
    bool begins = kr_deflicker_study(footage->deflicker, frame, cut);
    footage->begins[n] = begins;
    kr_window_push(footage->window, frame, begins);
    kr_jitter_study(footage->jitter, frame, begins);
    kr_gate_study(footage->gate, frame, begins, motion);
    if (n % LINES_EVERY == 0) {
        kr_tape_study(footage->tape, frame);
        kr_scratches_study(footage->scratches, frame);
    }
    if (n % DIRT_EVERY == 2) {
        struct kr_dirt_found found;
        look_at_dirt(footage, n - 1, true, &found);
        footage->dirty += found.share;
        footage->looked++;
    }
    return begins;
}

// Of one kind: what speaks for it, beside what would be enough; one of them is.
static bool is_enough(double value, double least, bool said)
{
    return value >= (said ? said_so * least : least);
}

static void choose_film(struct kr_footage *footage, bool open, double dirt, double flicker)
{
    const struct kr_footage_params *params = &footage->params;
    bool film = (params->film || open) && params->strength > 0;
    footage->mend_dirt = film && is_enough(dirt, dirty_least, params->film);
    footage->level_light = film && is_enough(flicker, flicker_least, params->film);
}

static void choose_tape(struct kr_footage *footage, bool open)
{
    const struct kr_footage_params *params = &footage->params;
    const struct kr_tape_found *found = &footage->found;
    bool tape = (params->tape || open) && params->strength > 0;
    bool late = fmax(fabs(found->delay[0]), fabs(found->delay[1])) >= late_least;
    bool torn = found->head_lines >= head_lines_least;
    footage->clean_tape =
        tape && (is_enough(found->chroma_noise, snow_least, params->tape) ||
                 (torn && (params->tape || late || found->chroma_noise >= snow_some)));
    double least = footage->clean_tape ? tremble_some : tremble_least;
    footage->straighten = tape && kr_jitter_measure(footage->jitter) >= least;
}

static void choose(struct kr_footage *footage, double dirt, double flicker)
{
    const struct kr_footage_params *params = &footage->params;
    bool open = !params->film && !params->tape;
    bool either = params->film == params->tape; // which of the two is not said
    choose_film(footage, open, dirt, flicker);
    choose_tape(footage, open);
    if (either && (footage->clean_tape || footage->straighten) && dirt < sure_of_both * dirty_least)
        footage->mend_dirt = false; // snow on a tape is seen as a little dirt too
    if (either && footage->straighten && flicker < sure_of_both * flicker_least)
        footage->level_light = false; // nor do lines that tremble bring the same light each time
    // Thin lines alone do not make a film: a curtain has them too.
    footage->mend_lines = params->strength > 0 && kr_scratches_count(footage->scratches) > 0 &&
                          ((params->film && !either) || footage->mend_dirt || footage->level_light);
}

static void tell_tape(json_t *report, const struct kr_footage *footage)
{
    const struct kr_tape_found *found = &footage->found;
    json_t *delays = kr_json_new_array();
    for (int p = 0; p < 2; p++)
        kr_json_append_take(delays, json_real(found->delay[p]));
    kr_json_set_take(report, "chroma_delay", delays);
    kr_json_set_real(report, "chroma_noise", found->chroma_noise);
    kr_json_set_real(report, "luma_noise", found->luma_noise);
    kr_json_set_int(report, "head_switch_lines", found->head_lines);
    kr_json_set_real(report, "line_jitter", kr_jitter_measure(footage->jitter));
}

// Today's clips are only touched where they are film by other signs; where somebody says that it
// is old, and does not know what, weaving that shows well is a sign too.
static void choose_gate(struct kr_footage *footage)
{
    const struct kr_footage_params *params = &footage->params;
    bool film = footage->mend_dirt || footage->level_light || footage->mend_lines ||
                (params->film && !params->tape);
    double least = film ? weaves_least : params->film ? weaves_alone : INFINITY;
    footage->weaves = kr_gate_measure(footage->gate);
    footage->kept = 1;
    if (params->strength > 0 && footage->weaves >= least * footage->spare->width / 640)
        footage->kept = kr_gate_settle(footage->gate, params->strength);
    footage->hold = footage->kept < 1;
}

json_t *kr_footage_decide_new(struct kr_footage *footage)
{
    double dirt = footage->dirty / fmax((double)footage->looked, 1);
    double flicker = kr_deflicker_measure(footage->deflicker);
    kr_tape_found(footage->tape, &footage->found);
    choose(footage, dirt, flicker);
    choose_gate(footage);
    kr_window_forget(footage->window);
    json_t *report = kr_json_new_object();
    bool film = footage->mend_dirt || footage->level_light || footage->mend_lines || footage->hold,
         tape = footage->clean_tape || footage->straighten;
    kr_json_set_bool(report, "done", film || tape);
    kr_json_set_str(report, "kind", film ? "film" : tape ? "tape" : "none");
    kr_json_set_real(report, "dirt", dirt);
    kr_json_set_real(report, "flicker", flicker);
    kr_json_set_int(report, "scratches", kr_scratches_count(footage->scratches));
    kr_json_set_real(report, "weave", footage->weaves);
    kr_json_set_real(report, "kept", footage->kept);
    tell_tape(report, footage);
    return report;
}

bool kr_footage_levels(const struct kr_footage *footage)
{
    return footage->level_light;
}

bool kr_footage_map(const struct kr_footage *footage, size_t i, double m[6])
{
    if (!footage->hold || i >= footage->studied)
        return false;
    kr_gate_map(footage->gate, i, m);
    return true;
}

// Into the window, treated as far as a frame can be by itself.
static void take_in(struct kr_footage *footage, const struct kr_frame *frame, bool begins)
{
    size_t n = kr_window_count(footage->window);
    struct kr_frame *kept = kr_window_push(footage->window, frame, begins);
    if (footage->level_light)
        kr_deflicker_treat(footage->deflicker, n, footage->params.strength, kept);
    if (footage->mend_lines)
        (void)kr_scratches_mend(footage->scratches, kept);
    if (footage->clean_tape)
        kr_tape_straighten(&footage->found, kept);
    double m[6];
    if (kr_footage_map(footage, n, m)) {
        kr_frame_copy(kept, footage->spare);
        kr_warp_affine(footage->spare, m, kept);
    }
}

bool kr_footage_push(struct kr_footage *footage, const struct kr_frame *frame, struct kr_err *err)
{
    size_t n = footage->pushed++;
    bool begins = n < footage->studied && footage->begins[n];
    if (kr_window_count(footage->window) - footage->given > AHEAD)
        return kr_fail(err, KR_E_INTERNAL, "footage is pushed, and not pulled");
    if (footage->straighten)
        return kr_jitter_push(footage->jitter, frame, begins, err);
    take_in(footage, frame, begins);
    return true;
}

void kr_footage_end(struct kr_footage *footage)
{
    footage->ended = true;
    kr_jitter_end(footage->jitter);
}

// Lines that were straightened, until the window looks ahead far enough.
static void fill_window(struct kr_footage *footage)
{
    while (footage->straighten && kr_window_count(footage->window) <= footage->given + AHEAD) {
        KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
        bool begins;
        kr_jitter_pull(footage->jitter, footage->params.strength, &frame, &begins);
        if (!frame)
            break;
        take_in(footage, frame, begins);
    }
}

static void clean_tape(struct kr_footage *footage, size_t number, struct kr_frame *out)
{
    struct kr_tape_side side[KR_TAPE_SIDES] = {{0}};
    struct kr_window *window = footage->window;
    for (int i = 0; i < 2; i++) {
        int by = i ? 1 : -1;
        size_t next = i ? number + 1 : number - 1;
        side[i].frame = kr_window_near(window, number, by);
        if (!side[i].frame)
            continue;
        side[i].there = kr_window_flow(window, number, by);
        side[2 + i].frame = kr_window_near(window, number, 2 * by);
        if (!side[2 + i].frame)
            continue;
        kr_flow_join(side[i].there, kr_window_flow(window, next, by), footage->far[i]);
        side[2 + i].there = footage->far[i];
    }
    kr_tape_clean(footage->tape, &footage->found, kr_window_frame(window, number), side,
                  footage->params.strength, out);
}

bool kr_footage_pull(struct kr_footage *footage, struct kr_frame **out, struct kr_err *err)
{
    *out = NULL;
    fill_window(footage);
    size_t count = kr_window_count(footage->window), n = footage->given;
    if (n >= count || (!footage->ended && n + AHEAD >= count))
        return true;
    struct kr_frame *frame = NULL;
    if (!kr_frame_pool_take(footage->pool, &frame, err))
        return kr_within(err, "mend old footage");
    struct kr_dirt_found found;
    if (footage->mend_dirt)
        look_at_dirt(footage, n, false, &found);
    if (footage->clean_tape)
        clean_tape(footage, n, frame);
    else
        kr_frame_copy(kr_window_frame(footage->window, n), frame);
    footage->given++;
    *out = frame;
    return true;
}
