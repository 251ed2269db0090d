// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/clips.h"

#include "film/camera.h"
#include "film/ground.h"
#include "film/yuv.h"
#include "media/reader.h"
#include "restore/warp.h"

struct kr_clip {
    struct kr_reader *reader;
    struct kr_kit *kit;      // NULL: as it is
    struct kr_frame *frame;  // the clip's last frame, treated; NULL before the first
    struct kr_frame *ground; // NULL where the clip fills the frame
    bool paper, ended;
    double m[6];
};

static bool count_frames(struct kr_reader *reader, double fps, double *seconds, struct kr_err *err)
{
    int64_t n = 0;
    for (;;) {
        KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
        KR_AUTO(kr_samples_destroy) struct kr_samples *samples = NULL;
        if (!kr_reader_next(reader, &frame, &samples, err))
            return false;
        if (!frame && !samples)
            break;
        n += frame != NULL;
    }
    *seconds = (double)n / fps;
    return true;
}

bool kr_clip_length(int fd, double from_s, double to_s, double *seconds, struct kr_err *err)
{
    enum { FPS = 25 }; // only for counting
    KR_AUTO(kr_reader_close) struct kr_reader *reader = NULL;
    struct kr_reader_params params = KR_READER_DEFAULTS;
    params.no_sound = true;
    params.from_s = from_s;
    params.to_s = to_s;
    params.fps = FPS;
    if (!kr_reader_open(fd, &params, &reader, err))
        return false;
    const struct kr_reader_info *info = kr_reader_info(reader);
    if (!info->has_video)
        return kr_fail(err, KR_E_UNSUPPORTED, "there are no pictures in it");
    double length = info->duration_s;
    if (length <= 0 && !count_frames(reader, FPS, &length, err))
        return false;
    *seconds = length;
    return true;
}

// The first of the kit's two passes.
static bool study(struct kr_clip *clip, const struct kr_goes_on *goes_on, struct kr_err *err)
{
    for (;;) {
        KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
        KR_AUTO(kr_samples_destroy) struct kr_samples *samples = NULL;
        if (!kr_reader_next(clip->reader, &frame, &samples, err))
            return false;
        if (!frame && !samples)
            break;
        if (!kr_ask_goes_on(goes_on, err) || (frame && !kr_kit_study_frame(clip->kit, frame, err)))
            return false;
    }
    KR_AUTO(kr_json_drop) json_t *report = NULL;
    return kr_kit_decide(clip->kit, &report, err) && kr_reader_rewind(clip->reader, err);
}

static bool use_kit(struct kr_clip *clip, const struct kr_shot *shot, int fps,
                    const struct kr_goes_on *goes_on, struct kr_err *err)
{
    const struct kr_reader_info *info = kr_reader_info(clip->reader);
    struct kr_kit_params params = shot->kit;
    params.sound = 0;
    if (!shot->has_kit || (params.steady <= 0 && params.light <= 0))
        return true;
    struct kr_kit_clip about = {.width = info->width, .height = info->height, .fps = fps};
    return (kr_kit_create(&params, &about, &clip->kit, err) && study(clip, goes_on, err)) ||
           kr_within(err, "the kit");
}

// The map that fits the clip whole into the film's frame.
static bool fit(struct kr_clip *clip, const struct kr_shot_list *list, struct kr_err *err)
{
    const struct kr_reader_info *info = kr_reader_info(clip->reader);
    double across = (double)info->width / list->width, down = (double)info->height / list->height;
    double step = kr_fit_step(across, down);
    clip->m[0] = clip->m[4] = step;
    clip->m[2] = info->width / 2.0 - step * list->width / 2;
    clip->m[5] = info->height / 2.0 - step * list->height / 2;
    clip->paper = list->paper;
    if (!kr_ground_shows(clip->m, info->width, info->height, list->width, list->height))
        return true;
    if (!kr_frame_create(KR_YUV420, list->width, list->height, &clip->ground, err))
        return false;
    if (clip->paper)
        kr_yuv_fill(clip->ground, KR_PAPER);
    return true;
}

bool kr_clip_open(int fd, const struct kr_shot *shot, const struct kr_shot_list *list,
                  double seconds, const struct kr_goes_on *goes_on, struct kr_clip **out,
                  struct kr_err *err)
{
    KR_AUTO(kr_clip_close) struct kr_clip *clip = kr_new(struct kr_clip);
    struct kr_reader_params params = KR_READER_DEFAULTS;
    params.no_sound = true;
    params.from_s = shot->in_s;
    params.to_s = shot->in_s + seconds;
    params.width = list->width;
    params.height = list->height;
    params.fps = list->fps;
    if (!kr_reader_open(fd, &params, &clip->reader, err) ||
        !use_kit(clip, shot, list->fps, goes_on, err) || !fit(clip, list, err))
        return kr_within(err, "open a clip for the film");
    *out = clip;
    clip = NULL;
    return true;
}

void kr_clip_close(struct kr_clip **clip)
{
    if (!*clip)
        return;
    kr_frame_destroy(&(*clip)->frame);
    kr_frame_destroy(&(*clip)->ground);
    kr_kit_destroy(&(*clip)->kit);
    kr_reader_close(&(*clip)->reader);
    kr_free(clip);
}

// Takes a frame of the file; the kit's comes out in its place.
static bool take(struct kr_clip *clip, struct kr_frame *frame, struct kr_err *err)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *raw = frame;
    if (!clip->kit) {
        kr_frame_destroy(&clip->frame);
        clip->frame = raw;
        raw = NULL;
        return true;
    }
    kr_frame_destroy(&clip->frame);
    return kr_kit_push_frame(clip->kit, raw, err) &&
           kr_kit_pull_frame(clip->kit, &clip->frame, err);
}

static bool advance(struct kr_clip *clip, struct kr_err *err)
{
    while (!clip->ended) {
        struct kr_frame *frame = NULL;
        KR_AUTO(kr_samples_destroy) struct kr_samples *samples = NULL;
        if (!kr_reader_next(clip->reader, &frame, &samples, err))
            return false;
        if (frame)
            return take(clip, frame, err);
        clip->ended = !samples;
    }
    return clip->frame || kr_fail(err, KR_E_DAMAGED, "no frame of a clip could be read");
}

bool kr_clip_next(struct kr_clip *clip, struct kr_frame *out, struct kr_err *err)
{
    if (!advance(clip, err))
        return false;
    const struct kr_frame *frame = clip->frame;
    if (frame->width == out->width && frame->height == out->height) {
        kr_frame_copy(frame, out);
        return true;
    }
    double seen[6];
    struct kr_frame window = kr_ground_window(clip->m, frame->width, frame->height, out, seen);
    kr_warp_affine(frame, seen, &window);
    if (!clip->ground)
        return true;
    if (!clip->paper)
        kr_ground_blur(frame, clip->ground);
    kr_ground_around(clip->ground, clip->m, frame->width, frame->height, out);
    return true;
}
