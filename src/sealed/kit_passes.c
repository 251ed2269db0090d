// SPDX-License-Identifier: AGPL-3.0-or-later
#include "sealed/ends.h"
#include "sealed/kit_priv.h"
#include <math.h>

static bool tell(struct kr_kit_work *work, double done, struct kr_err *err)
{
    return kr_task_progress(work->call, done) ||
           kr_fail(err, KR_E_INTERRUPTED, "nobody waits for it any more");
}

static bool judge_before(void *context, const struct kr_frame *frame,
                         const struct kr_samples *samples, struct kr_err *err)
{
    struct kr_kit_work *work = context;
    return frame ? kr_coach_frame(work->before, frame, err)
                 : kr_coach_samples(work->before, samples, err);
}

static bool study_next(struct kr_kit_work *work, struct kr_line *line, bool *more,
                       struct kr_err *err)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
    KR_AUTO(kr_samples_destroy) struct kr_samples *samples = NULL;
    if (!kr_line_next(line, &frame, &samples, err))
        return false;
    *more = frame || samples;
    double done = 0.4 * kr_stream_done(work->reader, frame, samples);
    if ((frame && !kr_kit_study_frame(work->kit, frame, err)) ||
        (samples && !kr_kit_study_samples(work->kit, samples, err)) ||
        (*more && !kr_line_put(line, &frame, &samples, err)))
        return false;
    return tell(work, done, err);
}

bool kr_kit_work_study(struct kr_kit_work *work, struct kr_err *err)
{
    KR_AUTO(kr_line_close) struct kr_line *line = NULL;
    if (!kr_line_open(work->reader, judge_before, work, &line, err))
        return false;
    for (bool more = true; more;)
        if (!study_next(work, line, &more, err))
            return kr_within(err, "study");
    return kr_line_end(line, err);
}

static bool rehearse_next(struct kr_kit_work *work, struct kr_reader *sound, bool *more,
                          struct kr_err *err)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *none = NULL;
    KR_AUTO(kr_samples_destroy) struct kr_samples *samples = NULL;
    if (!kr_reader_next(sound, &none, &samples, err))
        return false;
    *more = samples;
    if (samples && !kr_kit_rehearse_samples(work->kit, samples, err))
        return false;
    return tell(work, 0.4 + 0.1 * (work->rehearsed + kr_stream_done(sound, NULL, samples)) / 4,
                err);
}

// A second reader, that decodes no picture: the same samples at the same times.
static bool rehearse(struct kr_kit_work *work, struct kr_err *err)
{
    KR_AUTO(kr_reader_close) struct kr_reader *sound = NULL;
    const struct kr_reader_params params = {.no_video = true};
    if (!kr_reader_open(work->call->fds[0], &params, &sound, err))
        return false;
    for (bool more = true; more;)
        if (!rehearse_next(work, sound, &more, err))
            return false;
    work->rehearsed++;
    return kr_kit_settle(work->kit, work->report, err);
}

// Whether a frame may lie elsewhere than it lay: it is held, set upright, cut out, or its lines
// are woven anew.
static bool moves(const struct kr_kit_work *work)
{
    return work->params.footage > 0 || work->params.framing.cut > 0 ||
           fabs(work->params.mount.tilt) > 0 ||
           kr_json_bool(kr_json_get(work->report, "steady"), "done", false);
}

bool kr_kit_work_decide(struct kr_kit_work *work, struct kr_err *err)
{
    if (!kr_kit_decide(work->kit, &work->report, err))
        return false;
    while (kr_kit_rehearses(work->kit))
        if (!rehearse(work, err))
            return kr_within(err, "rehearse");
    if (!moves(work))
        kr_coach_follow_like(work->after, work->before);
    return true;
}

static bool write_away(void *context, const struct kr_frame *frame,
                       const struct kr_samples *samples, struct kr_err *err)
{
    struct kr_kit_work *work = context;
    if (frame) {
        work->end_us = frame->at_us + frame->lasts_us;
        return kr_writer_frame(work->writer, frame, err) && kr_coach_frame(work->after, frame, err);
    }
    work->samples += (int64_t)samples->n;
    return (!work->writes_sound || kr_writer_samples(work->writer, samples, err)) &&
           kr_coach_samples(work->after, samples, err);
}

static bool put_ready_frames(struct kr_kit_work *work, struct kr_line *line, struct kr_err *err)
{
    for (;;) {
        struct kr_frame *ready = NULL;
        if (!kr_kit_pull_frame(work->kit, &ready, err))
            return false;
        if (!ready)
            return true;
        if (!kr_line_put(line, &ready, &(struct kr_samples *){NULL}, err))
            return false;
    }
}

static bool put_ready_sound(struct kr_kit_work *work, struct kr_line *line, struct kr_err *err)
{
    for (;;) {
        struct kr_samples *ready = NULL;
        if (!kr_kit_pull_samples(work->kit, &ready, err))
            return false;
        if (!ready)
            return true;
        if (!kr_line_put(line, &(struct kr_frame *){NULL}, &ready, err))
            return false;
    }
}

static bool treat_next(struct kr_kit_work *work, struct kr_line *line, bool *more,
                       struct kr_err *err)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
    KR_AUTO(kr_samples_destroy) struct kr_samples *samples = NULL;
    if (!kr_line_next(line, &frame, &samples, err))
        return false;
    *more = frame || samples;
    if (frame && (!kr_kit_push_frame(work->kit, frame, err) || !put_ready_frames(work, line, err)))
        return false;
    if (samples &&
        (!kr_kit_push_samples(work->kit, samples, err) || !put_ready_sound(work, line, err)))
        return false;
    return tell(work, 0.5 + 0.5 * kr_stream_done(work->reader, frame, samples), err);
}

static bool treat_the_rest(struct kr_kit_work *work, struct kr_line *line, struct kr_err *err)
{
    kr_kit_end_frames(work->kit);
    if (!put_ready_frames(work, line, err))
        return false;
    return !kr_reader_info(work->reader)->has_sound ||
           (kr_kit_end_samples(work->kit, err) && put_ready_sound(work, line, err));
}

bool kr_kit_work_treat(struct kr_kit_work *work, struct kr_err *err)
{
    KR_AUTO(kr_line_close) struct kr_line *line = NULL;
    if (!kr_reader_rewind(work->reader, err) ||
        !kr_line_open(work->reader, write_away, work, &line, err))
        return false;
    for (bool more = true; more;)
        if (!treat_next(work, line, &more, err))
            return kr_within(err, "treat");
    return treat_the_rest(work, line, err) && kr_line_end(line, err) &&
           kr_writer_finish(work->writer, err);
}
