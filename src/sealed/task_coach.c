// SPDX-License-Identifier: AGPL-3.0-or-later
// coach: fds [in]; args {"scene": NAME, "body": "rolls,no-elbows,one-hand"}, both may be
// missing; answer as restore/coach.h tells; progress. The file is read once.
// scenes: no fds; answer {"scenes": […], "advice": […], "bodies": […]} as restore/scenes.h
// and coach.h tell: what somebody who films may be told.
#include "restore/coach.h"
#include "sealed/ends.h"
#include "sealed/tasks.h"

static bool study_next(struct kr_task_call *call, struct kr_reader *reader, struct kr_coach *coach,
                       bool *more, struct kr_err *err)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
    KR_AUTO(kr_samples_destroy) struct kr_samples *samples = NULL;
    if (!kr_reader_next(reader, &frame, &samples, err))
        return false;
    *more = frame || samples;
    if ((frame && !kr_coach_frame(coach, frame, err)) ||
        (samples && !kr_coach_samples(coach, samples, err)))
        return false;
    return kr_task_progress(call, kr_stream_done(reader, frame, samples)) ||
           kr_fail(err, KR_E_INTERRUPTED, "nobody waits for it any more");
}

static bool read_args(const json_t *args, const struct kr_scene **scene, unsigned *body,
                      struct kr_err *err)
{
    const char *name = kr_json_str(args, "scene", NULL);
    *scene = name ? kr_scene_named(name) : NULL;
    if (name && !*scene)
        return kr_fail(err, KR_E_INVALID, "there is no scene '%.40s'", name);
    return kr_body_parse(kr_json_str(args, "body", NULL), body, err);
}

bool kr_task_coach(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    KR_AUTO(kr_reader_close) struct kr_reader *reader = NULL;
    KR_AUTO(kr_coach_destroy) struct kr_coach *coach = NULL;
    const struct kr_bounds as_it_is = {0};
    const struct kr_scene *scene;
    unsigned body;
    if (!read_args(call->args, &scene, &body, err) ||
        !kr_begin_stream(call->fds[0], &as_it_is, &reader, err))
        return kr_within(err, "coach");
    const struct kr_kit_clip clip = kr_stream_clip(kr_reader_info(reader));
    if (!kr_coach_create(&clip, &coach, err))
        return kr_within(err, "coach");
    for (bool more = true; more;)
        if (!study_next(call, reader, coach, &more, err))
            return kr_within(err, "coach");
    return kr_coach_judge(coach, scene, body, answer, err);
}

bool kr_task_scenes(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    (void)call;
    (void)err;
    *answer = kr_json_new_object();
    kr_json_set_take(*answer, "scenes", kr_scenes_new_json());
    kr_json_set_take(*answer, "advice", kr_advice_new_json());
    kr_json_set_take(*answer, "bodies", kr_bodies_new_json());
    return true;
}
