// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/kit.h"

#include "restore/border.h"
#include "restore/footage.h"
#include "restore/hum.h"
#include "restore/light.h"
#include "restore/shots.h"
#include "restore/sound.h"
#include "restore/steady.h"
#include "restore/warp.h"
#include <assert.h>
#include <math.h>

// Filling edges keeps forty frames; of larger ones the worker has no room for so many.
static const int64_t fill_most = 4096 * 2304;

enum { SIDE_MOST = 1 << 16, FRAMES_WARM = 16 };
static const double tone_off = 0.07; // of a motor's tone, from one ride to the next

struct kr_kit {
    struct kr_kit_clip clip;
    struct kr_footage *footage; // NULL: not wanted, or no picture; so the next two
    struct kr_steady *steady;
    struct kr_light *light;
    struct kr_sound *sound;      // NULL: the clip has none
    bool hears;                  // sound is wanted; else it only passes through
    double tone_hz;              // of the mount's motor; 0: none
    struct kr_hum_finder *motor; // looks for it; NULL: none
    struct kr_frame_pool *pool;
    struct kr_border *border; // NULL: nothing is to be filled
    struct kr_frame *ready;   // waits to be pulled
    struct kr_shots shots;
    bool decided;
    bool ended;              // no more frames will be pushed
    size_t studied, treated; // frames
};

static bool check(const struct kr_kit_params *params, const struct kr_kit_clip *clip,
                  struct kr_err *err)
{
    const double strengths[] = {params->steady, params->light, params->sound, params->footage};
    for (size_t i = 0; i < KR_COUNT(strengths); i++)
        if (!(strengths[i] >= 0 && strengths[i] <= 1))
            return kr_fail(err, KR_E_INVALID, "strength %g is not in 0..1", strengths[i]);
    const struct kr_framing *at = &params->framing;
    if (!(at->cut >= 0 && at->cut <= 0.8 && fabs(at->across) <= 1 && fabs(at->down) <= 1))
        return kr_fail(err, KR_E_INVALID, "a framing outside the picture");
    if (clip->width < 0 || clip->height < 0 || clip->width > SIDE_MOST ||
        clip->height > SIDE_MOST || !clip->width != !clip->height)
        return kr_fail(err, KR_E_TOO_BIG, "frames of %d x %d", clip->width, clip->height);
    if (clip->channels < 0 || clip->channels > KR_CHANNELS_MOST)
        return kr_fail(err, KR_E_UNSUPPORTED, "%d channels", clip->channels);
    return true;
}

static bool has_tilt(const struct kr_mount *mount)
{
    return fabs(mount->tilt) > 0;
}

static bool create_for_pictures(const struct kr_kit_params *params, const struct kr_kit_clip *clip,
                                struct kr_kit *kit, struct kr_err *err)
{
    int width = clip->width, height = clip->height;
    bool fill = params->fill && params->steady > 0 && (int64_t)width * height <= fill_most;
    const struct kr_steady_params steady = {params->steady,     params->keep_viewpoint,
                                            params->framing,    params->mount.low_hz,
                                            params->mount.tilt, fill};
    const struct kr_light_params light = {(float)params->light, params->night};
    const struct kr_footage_params footage = {params->footage, true, true};
    return kr_frame_pool_create(KR_YUV420, width, height, FRAMES_WARM, &kit->pool, err) &&
           (params->footage <= 0 ||
            kr_footage_create(&footage, width, height, clip->fps, &kit->footage, err)) &&
           ((params->steady <= 0 && params->framing.cut <= 0 && !has_tilt(&params->mount)) ||
            kr_steady_create(&steady, width, height, clip->fps, &kit->steady, err)) &&
           (!fill || kr_border_create(width, height, &kit->border, err)) &&
           (params->light <= 0 ||
            kr_light_create(&light, width, height, clip->fps, &kit->light, err));
}

bool kr_kit_create(const struct kr_kit_params *params, const struct kr_kit_clip *clip,
                   struct kr_kit **out, struct kr_err *err)
{
    if (!check(params, clip, err))
        return kr_within(err, "kit");
    KR_AUTO(kr_kit_destroy) struct kr_kit *kit = kr_new(struct kr_kit);
    kit->clip = *clip;
    kit->hears = clip->channels && params->sound > 0;
    kit->tone_hz = params->mount.tone_hz;
    if (kit->hears && kit->tone_hz > 0)
        kit->motor = kr_hum_finder_create(clip->channels);
    if ((clip->width && !create_for_pictures(params, clip, kit, err)) ||
        (clip->channels && !kr_sound_create(params->sound, clip->channels, &kit->sound, err)))
        return kr_within(err, "kit");
    *out = kit;
    kit = NULL;
    return true;
}

void kr_kit_destroy(struct kr_kit **kit)
{
    if (*kit) {
        kr_frame_destroy(&(*kit)->ready);
        if ((*kit)->pool)
            kr_frame_pool_destroy(&(*kit)->pool);
        kr_footage_destroy(&(*kit)->footage);
        kr_steady_destroy(&(*kit)->steady);
        kr_border_destroy(&(*kit)->border);
        kr_light_destroy(&(*kit)->light);
        kr_sound_destroy(&(*kit)->sound);
        kr_hum_finder_destroy(&(*kit)->motor);
    }
    kr_free(kit);
}

static bool is_of_clip(const struct kr_kit *kit, const struct kr_frame *frame)
{
    return frame->pixels == KR_YUV420 && frame->width == kit->clip.width &&
           frame->height == kit->clip.height;
}

bool kr_kit_study_frame(struct kr_kit *kit, const struct kr_frame *frame, struct kr_err *err)
{
    assert(!kit->decided);
    if (!is_of_clip(kit, frame)) // a film may change its size on the way
        return kr_fail(err, KR_E_INVALID, "a frame of %d x %d in a clip of %d x %d", frame->width,
                       frame->height, kit->clip.width, kit->clip.height);
    if (!kit->steady && !kit->light && !kit->footage)
        return true;
    bool cut = kr_shots_begins(&kit->shots, frame);
    struct kr_motion motion;
    kit->studied++;
    if (kit->footage)
        cut = kr_footage_study(kit->footage, frame, cut, &motion);
    if (kit->steady && kit->footage)
        kr_steady_follow(kit->steady, &motion, cut);
    else if (kit->steady)
        kr_steady_study(kit->steady, frame, cut);
    if (kit->light)
        kr_light_study(kit->light, frame, cut);
    return true;
}

bool kr_kit_study_samples(struct kr_kit *kit, const struct kr_samples *samples, struct kr_err *err)
{
    assert(!kit->decided && samples->channels == kit->clip.channels);
    if (kit->motor)
        kr_hum_finder_add(kit->motor, samples->channel, samples->n);
    return !kit->hears || kr_sound_study(kit->sound, samples, err);
}

// Film that weaves is held in its gate first; the stand holds what the hand did.
static void pass_on_gate(struct kr_kit *kit)
{
    double m[2][6];
    for (size_t i = 1; i < kit->studied; i++)
        if (kr_footage_map(kit->footage, i - 1, m[0]) && kr_footage_map(kit->footage, i, m[1]))
            kr_steady_moved(kit->steady, i, m[0], m[1]);
}

bool kr_kit_decide(struct kr_kit *kit, json_t **report, struct kr_err *err)
{
    assert(!kit->decided);
    json_t *sound = NULL, *all = NULL;
    if (kit->motor)
        kr_sound_expect_tone(kit->sound,
                             kr_hum_finder_tone(kit->motor, (1 - tone_off) * kit->tone_hz,
                                                (1 + tone_off) * kit->tone_hz));
    if (kit->sound && !kr_sound_decide(kit->sound, &sound, err))
        return kr_within(err, "kit");
    all = kr_json_new_object();
    if (kit->footage)
        kr_json_set_take(all, "footage", kr_footage_decide_new(kit->footage));
    if (kit->light && kit->footage && kr_footage_levels(kit->footage))
        kr_light_leave_flicker(kit->light);
    if (kit->steady && kit->footage)
        pass_on_gate(kit);
    if (kit->steady)
        kr_json_set_take(all, "steady", kr_steady_decide_new(kit->steady));
    if (kit->light)
        kr_json_set_take(all, "light", kr_light_decide_new(kit->light));
    if (kit->hears)
        kr_json_set_take(all, "sound", sound);
    else
        kr_json_drop(&sound);
    kit->decided = true;
    *report = all;
    return true;
}

bool kr_kit_rehearses(const struct kr_kit *kit)
{
    return kit->sound && kr_sound_rehearses(kit->sound);
}

bool kr_kit_rehearse_samples(struct kr_kit *kit, const struct kr_samples *samples,
                             struct kr_err *err)
{
    assert(kr_kit_rehearses(kit));
    return kr_sound_rehearse(kit->sound, samples, err);
}

bool kr_kit_settle(struct kr_kit *kit, json_t *report, struct kr_err *err)
{
    assert(kr_kit_rehearses(kit));
    return kr_sound_settle(kit->sound, json_object_get(report, "sound"), err);
}

static bool fill(const struct kr_kit *kit, size_t at, const double m[6], struct kr_frame *held,
                 struct kr_err *err)
{
    struct kr_border_layer layers[KR_BORDER_LAYERS];
    size_t n = kit->border ? kr_steady_layers(kit->steady, at, layers) : 0;
    return !n || kr_border_fill(kit->border, m, layers, n, held, err);
}

// Held and lit, in the order of the clip.
static bool treat(struct kr_kit *kit, const struct kr_frame *in, struct kr_err *err)
{
    double m[6];
    size_t at = kit->treated++;
    KR_AUTO(kr_frame_destroy) struct kr_frame *treated = NULL;
    if (!kr_frame_pool_take(kit->pool, &treated, err))
        return false;
    if (kit->steady && kr_steady_map(kit->steady, at, m)) {
        kr_warp_affine(in, m, treated);
        treated->at_us = in->at_us;
        treated->lasts_us = in->lasts_us;
        if (!fill(kit, at, m, treated, err))
            return false;
    } else {
        kr_frame_copy(in, treated);
    }
    if (kit->light)
        (void)kr_light_treat(kit->light, at, treated);
    kit->ready = treated;
    treated = NULL;
    return true;
}

// A frame, mended or as it was: where borders are filled it waits for those after it.
static bool take_in(struct kr_kit *kit, const struct kr_frame *in, struct kr_err *err)
{
    return kit->border ? kr_border_push(kit->border, in, err) : treat(kit, in, err);
}

bool kr_kit_push_frame(struct kr_kit *kit, const struct kr_frame *in, struct kr_err *err)
{
    assert(kit->decided && !kit->ready);
    if (!is_of_clip(kit, in))
        return kr_fail(err, KR_E_INVALID, "a frame of %d x %d in a clip of %d x %d", in->width,
                       in->height, kit->clip.width, kit->clip.height);
    return kit->footage ? kr_footage_push(kit->footage, in, err) : take_in(kit, in, err);
}

void kr_kit_end_frames(struct kr_kit *kit)
{
    kit->ended = true;
    if (kit->footage)
        kr_footage_end(kit->footage);
    else if (kit->border)
        kr_border_end(kit->border);
}

// The next frame of those that wait for their neighbours, if it is its turn.
static bool treat_waiting(struct kr_kit *kit, struct kr_err *err)
{
    size_t at;
    const struct kr_frame *next = kit->border ? kr_border_next(kit->border, &at) : NULL;
    return !next || treat(kit, next, err);
}

// What comes out of the mending goes on.
static bool take_mended(struct kr_kit *kit, struct kr_err *err)
{
    while (!kit->ready) {
        KR_AUTO(kr_frame_destroy) struct kr_frame *mended = NULL;
        if (!kr_footage_pull(kit->footage, &mended, err))
            return false;
        if (!mended && kit->ended && kit->border)
            kr_border_end(kit->border);
        if (mended && !take_in(kit, mended, err))
            return false;
        if (kit->border && !kit->ready && !treat_waiting(kit, err))
            return false;
        if (!mended)
            return true;
    }
    return true;
}

bool kr_kit_pull_frame(struct kr_kit *kit, struct kr_frame **out, struct kr_err *err)
{
    if ((!kit->ready && !treat_waiting(kit, err)) ||
        (!kit->ready && kit->footage && !take_mended(kit, err)))
        return false;
    *out = kit->ready;
    kit->ready = NULL;
    return true;
}

bool kr_kit_push_samples(struct kr_kit *kit, const struct kr_samples *in, struct kr_err *err)
{
    assert(kit->decided && kit->sound);
    return kr_sound_push(kit->sound, in, err);
}

bool kr_kit_end_samples(struct kr_kit *kit, struct kr_err *err)
{
    assert(kit->decided && kit->sound);
    return kr_sound_end(kit->sound, err);
}

bool kr_kit_pull_samples(struct kr_kit *kit, struct kr_samples **out, struct kr_err *err)
{
    assert(kit->decided && kit->sound);
    return kr_sound_pull(kit->sound, out, err);
}
