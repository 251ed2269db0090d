// SPDX-License-Identifier: AGPL-3.0-or-later
// kit: fds [in, out]; args {"steady", "light", "sound", "footage", "keep_viewpoint":
// true or false, "strength": [0,1], "scene": NAME, "format": "mp4|m4a|flac|wav|opus",
// "crf"}; answer {"steps": […], "report": {…}, "before": {…}, "after": {…},
// "duration_s", "width", "height", "format"}: steps are what was asked for, so that it
// can be done again; before and after are what the coach (restore/coach.h) says of the
// clip and of what was made of it; progress.
//
// A scene brings its own strengths; "strength" goes before them. The file is read
// twice, first studied and then treated (restore/kit.h), and its sound up to twice
// more; memory hardly grows with its length. A film becomes MP4 (H.264, AAC); a recording
// becomes what `format` says, FLAC when nothing is said.
#include "media/writer.h"
#include "restore/coach.h"
#include "restore/steps.h"
#include "sealed/ends.h"
#include "sealed/tasks.h"

enum { CRF = 18 };
static const double usual_of_footage = 0.8;

struct work {
    struct kr_reader *reader;
    struct kr_writer *writer;
    const struct kr_scene *scene; // NULL: none was named
    struct kr_kit_params params;
    struct kr_kit *kit;
    struct kr_coach *before, *after;
    int64_t frames, samples; // written
    const char *format;      // its name, and
    enum kr_container container;
};

static void work_finish(struct work *work)
{
    kr_writer_close(&work->writer);
    kr_coach_destroy(&work->before);
    kr_coach_destroy(&work->after);
    kr_kit_destroy(&work->kit);
    kr_reader_close(&work->reader);
}

static const struct {
    const char *name;
    enum kr_container container;
} formats[] = {
    {"flac", KR_FLAC}, {"m4a", KR_MP4}, {"mp4", KR_MP4}, {"opus", KR_OPUS}, {"wav", KR_WAV}};

// A film is MP4 whatever was wished.
static bool choose_format(const json_t *args, struct work *work, struct kr_err *err)
{
    bool has_video = kr_reader_info(work->reader)->has_video;
    const char *name = has_video ? "mp4" : kr_json_str(args, "format", "flac");
    for (size_t i = 0; i < KR_COUNT(formats); i++)
        if (strcmp(formats[i].name, name) == 0) {
            work->format = formats[i].name;
            work->container = formats[i].container;
            return true;
        }
    return kr_fail(err, KR_E_INVALID, "an unknown format");
}

// How far one pass goes; `usual` is what the scene or the kit has for it.
static double strength_of(const json_t *args, const char *pass, bool unsaid, double usual)
{
    if (!kr_json_bool(args, pass, unsaid))
        return 0;
    return kr_json_real(args, "strength", usual);
}

static bool choose_kit(const json_t *args, struct work *work, struct kr_err *err)
{
    struct kr_kit_params *out = &work->params;
    const char *name = kr_json_str(args, "scene", NULL);
    struct kr_kit_params usual = KR_KIT_DEFAULTS;
    const struct kr_scene *scene = work->scene = name ? kr_scene_named(name) : NULL;
    if (name && !scene)
        return kr_fail(err, KR_E_INVALID, "there is no scene '%.40s'", name);
    if (scene)
        usual = (struct kr_kit_params){.steady = scene->steady,
                                       .light = scene->light,
                                       .sound = scene->sound,
                                       .keep_viewpoint = scene->keep_viewpoint,
                                       .night = scene->night};
    *out = usual;
    out->steady = strength_of(args, "steady", true, usual.steady);
    out->light = strength_of(args, "light", true, usual.light);
    out->sound = strength_of(args, "sound", true, usual.sound);
    out->footage = strength_of(args, "footage", false, usual_of_footage);
    out->keep_viewpoint = kr_json_bool(args, "keep_viewpoint", usual.keep_viewpoint);
    return true;
}

static bool begin_kit(struct work *work, struct kr_err *err)
{
    const struct kr_kit_clip clip = kr_stream_clip(kr_reader_info(work->reader));
    return kr_kit_create(&work->params, &clip, &work->kit, err) &&
           kr_coach_create(&clip, &work->before, err) && kr_coach_create(&clip, &work->after, err);
}

static bool tell(struct kr_task_call *call, double done, struct kr_err *err)
{
    return kr_task_progress(call, done) ||
           kr_fail(err, KR_E_INTERRUPTED, "nobody waits for it any more");
}

static bool study_next(struct kr_task_call *call, struct work *work, bool *more, struct kr_err *err)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
    KR_AUTO(kr_samples_destroy) struct kr_samples *samples = NULL;
    if (!kr_reader_next(work->reader, &frame, &samples, err))
        return false;
    *more = frame || samples;
    if (frame &&
        !(kr_kit_study_frame(work->kit, frame, err) && kr_coach_frame(work->before, frame, err)))
        return false;
    if (samples && !(kr_kit_study_samples(work->kit, samples, err) &&
                     kr_coach_samples(work->before, samples, err)))
        return false;
    return tell(call, 0.4 * kr_stream_done(work->reader, frame, samples), err);
}

static bool rehearse_next(struct kr_task_call *call, struct work *work, struct kr_reader *sound,
                          bool *more, struct kr_err *err)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *none = NULL;
    KR_AUTO(kr_samples_destroy) struct kr_samples *samples = NULL;
    if (!kr_reader_next(sound, &none, &samples, err))
        return false;
    *more = samples;
    if (samples && !kr_kit_rehearse_samples(work->kit, samples, err))
        return false;
    return tell(call, 0.4 + 0.1 * kr_stream_done(sound, NULL, samples), err);
}

// A second reader, that decodes no picture: the same samples at the same times.
static bool rehearse(struct kr_task_call *call, struct work *work, json_t *report,
                     struct kr_err *err)
{
    const struct kr_reader_params params = {.no_video = true};
    while (kr_kit_rehearses(work->kit)) {
        KR_AUTO(kr_reader_close) struct kr_reader *sound = NULL;
        if (!kr_reader_open(call->fds[0], &params, &sound, err))
            return false;
        for (bool more = true; more;)
            if (!rehearse_next(call, work, sound, &more, err))
                return false;
        if (!kr_kit_settle(work->kit, report, err))
            return false;
    }
    return true;
}

static bool begin_writer(struct kr_task_call *call, struct work *work, struct kr_err *err)
{
    const struct kr_reader_info *info = kr_reader_info(work->reader);
    struct kr_writer_params params = KR_WRITER_DEFAULTS;
    params.container = work->container;
    params.crf = (int)kr_json_int(call->args, "crf", CRF);
    if (params.crf < 0 || params.crf > 51)
        return kr_fail(err, KR_E_INVALID, "crf is from 0 to 51");
    params.channels = info->has_sound ? info->channels : 0;
    if (info->has_video) {
        params.width = info->width;
        params.height = info->height;
        params.fps_num = info->fps_num;
        params.fps_den = info->fps_den;
    }
    return kr_begin_output(call->fds[1], err) &&
           kr_writer_open(call->fds[1], &params, &work->writer, err);
}

static bool write_ready_frames(struct work *work, struct kr_err *err)
{
    for (;;) {
        KR_AUTO(kr_frame_destroy) struct kr_frame *ready = NULL;
        if (!kr_kit_pull_frame(work->kit, &ready, err))
            return false;
        if (!ready)
            return true;
        work->frames++;
        if (!kr_writer_frame(work->writer, ready, err) || !kr_coach_frame(work->after, ready, err))
            return false;
    }
}

static bool write_ready_sound(struct work *work, struct kr_err *err)
{
    for (;;) {
        KR_AUTO(kr_samples_destroy) struct kr_samples *ready = NULL;
        if (!kr_kit_pull_samples(work->kit, &ready, err))
            return false;
        if (!ready)
            return true;
        work->samples += (int64_t)ready->n;
        if (!kr_writer_samples(work->writer, ready, err) ||
            !kr_coach_samples(work->after, ready, err))
            return false;
    }
}

static bool treat_next(struct kr_task_call *call, struct work *work, bool *more, struct kr_err *err)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
    KR_AUTO(kr_samples_destroy) struct kr_samples *samples = NULL;
    if (!kr_reader_next(work->reader, &frame, &samples, err))
        return false;
    *more = frame || samples;
    if (frame && (!kr_kit_push_frame(work->kit, frame, err) || !write_ready_frames(work, err)))
        return false;
    if (samples && (!kr_kit_push_samples(work->kit, samples, err) || !write_ready_sound(work, err)))
        return false;
    return tell(call, 0.5 + 0.5 * kr_stream_done(work->reader, frame, samples), err);
}

static bool treat_all(struct kr_task_call *call, struct work *work, struct kr_err *err)
{
    for (bool more = true; more;)
        if (!treat_next(call, work, &more, err))
            return false;
    kr_kit_end_frames(work->kit);
    if (!write_ready_frames(work, err))
        return false;
    if (kr_reader_info(work->reader)->has_sound &&
        (!kr_kit_end_samples(work->kit, err) || !write_ready_sound(work, err)))
        return false;
    return kr_writer_finish(work->writer, err);
}

static void tell_step(json_t *steps, const char *name, double strength, const char *option,
                      bool set)
{
    if (strength <= 0)
        return;
    json_t *step = kr_json_new_object();
    kr_json_set_str(step, "step", name);
    kr_json_set_int(step, "version", kr_step_named(name)->version);
    kr_json_set_real(step, "strength", strength);
    if (option)
        kr_json_set_bool(step, option, set);
    kr_json_append_take(steps, step);
}

// In the order in which they are done.
static json_t *new_steps(const struct work *work)
{
    const struct kr_kit_params *params = &work->params;
    json_t *steps = kr_json_new_array();
    tell_step(steps, "footage", params->footage, NULL, false);
    tell_step(steps, "steady", params->steady, "keep_viewpoint", params->keep_viewpoint);
    tell_step(steps, "light", params->light, "night", params->night);
    tell_step(steps, "sound", params->sound, NULL, false);
    return steps;
}

static bool tell_result(const struct work *work, json_t *report, json_t **answer,
                        struct kr_err *err)
{
    const struct kr_reader_info *info = kr_reader_info(work->reader);
    KR_AUTO(kr_json_drop) json_t *before = NULL;
    KR_AUTO(kr_json_drop) json_t *after = NULL;
    if (!kr_coach_judge(work->before, work->scene, 0, &before, err) ||
        !kr_coach_judge(work->after, work->scene, 0, &after, err))
        return false;
    *answer = kr_json_new_object();
    kr_json_set_take(*answer, "steps", new_steps(work));
    kr_json_set_take(*answer, "report", json_incref(report));
    kr_json_set_take(*answer, "before", json_incref(before));
    kr_json_set_take(*answer, "after", json_incref(after));
    kr_json_set_str(*answer, "format", work->format);
    kr_json_set_int(*answer, "width", info->has_video ? info->width : 0);
    kr_json_set_int(*answer, "height", info->has_video ? info->height : 0);
    kr_json_set_real(*answer, "duration_s",
                     info->has_video ? (double)work->frames * info->fps_den / info->fps_num
                                     : (double)work->samples / KR_RATE);
    return true;
}

static bool open_clip(struct kr_task_call *call, struct work *work, struct kr_err *err)
{
    struct kr_bounds bounds = {0};
    if (!choose_kit(call->args, work, err) ||
        (work->params.footage > 0 && !kr_fields_find(call->fds[0], &bounds.weave, err)))
        return false;
    return kr_begin_stream(call->fds[0], &bounds, &work->reader, err) &&
           choose_format(call->args, work, err) && begin_kit(work, err);
}

bool kr_task_kit(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    KR_AUTO(work_finish) struct work work = {0};
    KR_AUTO(kr_json_drop) json_t *report = NULL;
    if (!open_clip(call, &work, err))
        return kr_within(err, "kit");
    for (bool more = true; more;)
        if (!study_next(call, &work, &more, err))
            return kr_within(err, "kit: study");
    if (!kr_kit_decide(work.kit, &report, err) || !rehearse(call, &work, report, err) ||
        !kr_reader_rewind(work.reader, err) || !begin_writer(call, &work, err) ||
        !treat_all(call, &work, err) || !tell_result(&work, report, answer, err))
        return kr_within(err, "kit");
    return true;
}
