// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/kit.h"

#include "restore/light.h"
#include "restore/shots.h"
#include "restore/sound.h"
#include "restore/steady.h"
#include "restore/warp.h"
#include <assert.h>

enum { SIDE_MOST = 1 << 16 };

struct kr_kit {
    struct kr_kit_clip clip;
    struct kr_steady *steady; // NULL: not asked for, or no picture
    struct kr_light *light;
    struct kr_sound *sound; // NULL: the clip has none
    bool hears;             // sound is asked for; else it only passes through
    struct kr_shots shots;
    bool decided;
    size_t treated; // frames
};

static bool check(const struct kr_kit_params *params, const struct kr_kit_clip *clip,
                  struct kr_err *err)
{
    if (!(params->strength >= 0 && params->strength <= 1))
        return kr_fail(err, KR_E_INVALID, "strength %g is not in 0..1", params->strength);
    if (clip->width < 0 || clip->height < 0 || clip->width > SIDE_MOST ||
        clip->height > SIDE_MOST || !clip->width != !clip->height)
        return kr_fail(err, KR_E_TOO_BIG, "frames of %d x %d", clip->width, clip->height);
    if (clip->channels < 0 || clip->channels > KR_CHANNELS_MOST)
        return kr_fail(err, KR_E_UNSUPPORTED, "%d channels", clip->channels);
    return true;
}

bool kr_kit_create(const struct kr_kit_params *params, const struct kr_kit_clip *clip,
                   struct kr_kit **out, struct kr_err *err)
{
    if (!check(params, clip, err))
        return kr_within(err, "kit");
    KR_AUTO(kr_kit_destroy) struct kr_kit *kit = kr_new(struct kr_kit);
    struct kr_steady_params steady = {params->strength, params->keep_viewpoint};
    kit->clip = *clip;
    if (clip->width && params->steady &&
        !kr_steady_create(&steady, clip->width, clip->height, clip->fps, &kit->steady, err))
        return kr_within(err, "kit");
    struct kr_light_params light = {.strength = (float)params->strength};
    if (clip->width && params->light &&
        !kr_light_create(&light, clip->width, clip->height, clip->fps, &kit->light, err))
        return kr_within(err, "kit");
    kit->hears = clip->channels && params->sound;
    if (clip->channels &&
        !kr_sound_create(kit->hears ? params->strength : 0, clip->channels, &kit->sound, err))
        return kr_within(err, "kit");
    *out = kit;
    kit = NULL;
    return true;
}

void kr_kit_destroy(struct kr_kit **kit)
{
    if (*kit) {
        kr_steady_destroy(&(*kit)->steady);
        kr_light_destroy(&(*kit)->light);
        kr_sound_destroy(&(*kit)->sound);
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
    if (!kit->steady && !kit->light)
        return true;
    bool cut = kr_shots_begins(&kit->shots, frame);
    if (kit->steady)
        kr_steady_study(kit->steady, frame, cut);
    if (kit->light)
        kr_light_study(kit->light, frame, cut);
    return true;
}

bool kr_kit_study_samples(struct kr_kit *kit, const struct kr_samples *samples, struct kr_err *err)
{
    assert(!kit->decided && samples->channels == kit->clip.channels);
    return !kit->hears || kr_sound_study(kit->sound, samples, err);
}

bool kr_kit_decide(struct kr_kit *kit, json_t **report, struct kr_err *err)
{
    assert(!kit->decided);
    json_t *sound = NULL, *all = NULL;
    if (kit->sound && !kr_sound_decide(kit->sound, &sound, err))
        return kr_within(err, "kit");
    all = kr_json_new_object();
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

bool kr_kit_treat_frame(struct kr_kit *kit, const struct kr_frame *in, struct kr_frame *out,
                        struct kr_err *err)
{
    assert(kit->decided && in != out && is_of_clip(kit, out));
    if (!is_of_clip(kit, in))
        return kr_fail(err, KR_E_INVALID, "a frame of %d x %d in a clip of %d x %d", in->width,
                       in->height, kit->clip.width, kit->clip.height);
    double m[6];
    size_t at = kit->treated++;
    if (kit->steady && kr_steady_map(kit->steady, at, m)) {
        kr_warp_affine(in, m, out);
        out->at_us = in->at_us;
        out->lasts_us = in->lasts_us;
    } else {
        kr_frame_copy(in, out);
    }
    if (kit->light)
        (void)kr_light_treat(kit->light, at, out);
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
