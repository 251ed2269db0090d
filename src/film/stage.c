// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/stage_priv.h"

#include "film/camera.h"
#include "film/clips.h"
#include "film/stills.h"
#include "film/titles.h"
#include "film/yuv.h"

#define CAPTION_FADE_S 0.3

// A shot that is being seen: one of the three.
struct actor {
    struct kr_still *still;
    struct kr_clip *clip;
    struct kr_card *card;
};

struct stage {
    struct stage_params is;
    struct actor *actors;   // one for each shot
    size_t first;           // shots before it have been seen
    struct kr_frame *other; // the second picture of a cross-fade
    struct kr_caption *caption;
    size_t caption_of; // its cue
    size_t next_cue;   // cues before it have passed
    int64_t caption_fade;
};

bool kr_stage_open(const struct stage_params *params, struct stage **out, struct kr_err *err)
{
    struct kr_frame *other = NULL;
    if (!kr_frame_create(KR_YUV420, params->list->width, params->list->height, &other, err))
        return false;
    struct stage *stage = kr_new(struct stage);
    stage->is = *params;
    stage->other = other;
    stage->actors = kr_new_array(struct actor, params->list->shot_count);
    stage->caption_fade = kr_frames_of(CAPTION_FADE_S, params->list->fps) + 1;
    *out = stage;
    return true;
}

static void dismiss(struct actor *actor)
{
    kr_still_close(&actor->still);
    kr_clip_close(&actor->clip);
    kr_card_close(&actor->card);
}

void kr_stage_close(struct stage **stage)
{
    if (!*stage)
        return;
    for (size_t i = 0; i < (*stage)->is.list->shot_count; i++)
        dismiss(&(*stage)->actors[i]);
    kr_free(&(*stage)->actors);
    kr_frame_destroy(&(*stage)->other);
    kr_caption_close(&(*stage)->caption);
    kr_free(stage);
}

static bool call(struct stage *stage, size_t i, struct kr_err *err)
{
    struct actor *actor = &stage->actors[i];
    const struct kr_shot *shot = &stage->is.list->shots[i];
    const struct kr_span *span = &stage->is.line->spans[i];
    if (actor->still || actor->clip || actor->card)
        return true;
    if (shot->kind != KR_SHOT_MEDIA)
        return kr_card_open(stage->is.list, i, span, stage->is.cues, &actor->card, err);
    int fd = stage->is.fds[shot->media];
    if (!stage->is.facts[i].is_clip)
        return kr_still_open(fd, shot, stage->is.list, &actor->still, err);
    double seconds = (double)(span->to - span->from) / stage->is.list->fps;
    return kr_clip_open(fd, shot, stage->is.list, seconds, &stage->is.goes_on, &actor->clip, err);
}

static bool picture_of(struct stage *stage, size_t i, int64_t at, struct kr_frame *out,
                       struct kr_err *err)
{
    const struct kr_span *span = &stage->is.line->spans[i];
    struct actor *actor = &stage->actors[i];
    if (!call(stage, i, err))
        return kr_within(err, "shot %zu", i + 1);
    if (actor->card)
        return kr_card_frame(actor->card, at, out, err);
    if (actor->clip)
        return kr_clip_next(actor->clip, out, err) || kr_within(err, "shot %zu", i + 1);
    int64_t length = span->to - span->from;
    kr_still_frame(actor->still, length > 1 ? (double)(at - span->from) / (double)(length - 1) : 0,
                   out);
    return true;
}

bool kr_stage_frame(struct stage *stage, int64_t at, struct kr_frame *out, struct kr_err *err)
{
    const struct kr_span *spans = stage->is.line->spans;
    while (stage->first + 1 < stage->is.line->count && at >= spans[stage->first].to)
        dismiss(&stage->actors[stage->first++]);
    size_t i = stage->first;
    if (!picture_of(stage, i, at, out, err))
        return false;
    if (i + 1 >= stage->is.line->count || at < spans[i + 1].from)
        return true;
    if (!picture_of(stage, i + 1, at, stage->other, err))
        return false;
    double way = (double)(at - spans[i + 1].from + 1) / (double)(spans[i + 1].fade_in + 1);
    kr_yuv_blend(out, stage->other, (int)(256 * way + 0.5));
    return true;
}

static bool draw_cue(struct stage *stage, size_t i, int64_t at, struct kr_frame *out,
                     struct kr_err *err)
{
    const struct kr_cue *cue = &stage->is.cues->cues[i];
    if (!stage->caption || stage->caption_of != i) {
        kr_caption_close(&stage->caption);
        if (!kr_caption_open(stage->is.list, cue, &stage->caption, err))
            return kr_within(err, "the caption of shot %zu", cue->shot + 1);
        stage->caption_of = i;
    }
    int64_t in = at - cue->from + 1, left = cue->to - at;
    double near = (double)(in < left ? in : left) / (double)stage->caption_fade;
    kr_caption_draw(stage->caption, kr_ease(near), out);
    return true;
}

// Words that are shown never overlap: they lie inside their shots' own times.
bool kr_stage_words(struct stage *stage, int64_t at, struct kr_frame *out, struct kr_err *err)
{
    const struct kr_cues *cues = stage->is.cues;
    while (stage->next_cue < cues->count && cues->cues[stage->next_cue].to <= at)
        stage->next_cue++;
    for (size_t i = stage->next_cue; i < cues->count && cues->cues[i].from <= at; i++) {
        const struct kr_cue *cue = &cues->cues[i];
        bool shown = cue->kind == KR_CUE_CAPTION || cue->kind == KR_CUE_TOLD;
        if (shown && at < cue->to && !draw_cue(stage, i, at, out, err))
            return false;
    }
    return true;
}
