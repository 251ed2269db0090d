// SPDX-License-Identifier: AGPL-3.0-or-later
// kit: fds [in, out]; args {"steady", "light", "sound", "footage", "keep_viewpoint", "fill":
// true or false, "strength": [0,1], "scene": NAME, "frame": NAME (restore/framing.h),
// "mount": {…} (restore/mount.h),
// "format": "mp4|m4a|flac|wav|opus", "crf"}; answer {"steps": […], "report": {…}, "before": {…},
// "after": {…}, "carried": […], "duration_s", "width", "height", "format"}: steps are what was
// asked for, so that it can be done again; before and after are what the coach (restore/coach.h)
// says of the clip and of what was made of it; carried is what came over beside picture and sound
// (media/writer.h); progress.
//
// A scene brings its own strengths; "strength" goes before them. The file is read
// twice, first studied and then treated (restore/kit.h), and its sound up to four times
// more; memory hardly grows with its length. A film becomes MP4 (H.264, AAC), its frames
// at the times they had; a recording becomes what `format` says, FLAC when nothing is
// said. Sound that nothing was done to is not encoded anew where players know it as it
// is; where something was done, the sound as it was recorded stays beside it.
//
// wish: no fds; args as of kit, of which scene, frame and mount are looked up; answer {"wrong":
// "frame"}, the first of them that nobody knows, or {}.
#include "restore/steps.h"
#include "sealed/ends.h"
#include "sealed/kit_priv.h"
#include "sealed/tasks.h"

enum { CRF = 18 };
static const double usual_of_footage = 0.8;

static void work_finish(struct kr_kit_work *work)
{
    kr_writer_close(&work->writer);
    kr_coach_destroy(&work->before);
    kr_coach_destroy(&work->after);
    kr_kit_destroy(&work->kit);
    kr_reader_close(&work->reader);
    kr_json_drop(&work->report);
}

static const struct {
    const char *name;
    enum kr_container container;
} formats[] = {
    {"flac", KR_FLAC}, {"m4a", KR_MP4}, {"mp4", KR_MP4}, {"opus", KR_OPUS}, {"wav", KR_WAV}};

static bool choose_format(const json_t *args, struct kr_kit_work *work, struct kr_err *err)
{
    bool has_video = kr_reader_info(work->reader)->has_video;
    const char *name = kr_json_str(args, "format", has_video ? "mp4" : "flac");
    if (has_video && strcmp(name, "mp4") != 0)
        return kr_fail(err, KR_E_UNSUPPORTED, "a film becomes mp4; '%.10s' holds no picture", name);
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

static bool choose_scene(const json_t *args, struct kr_kit_work *work, struct kr_err *err)
{
    const char *name = kr_json_str(args, "scene", NULL);
    work->scene = name ? kr_scene_named(name) : NULL;
    return !name || work->scene || kr_fail(err, KR_E_INVALID, "there is no scene '%.40s'", name);
}

static bool choose_mount(const json_t *args, struct kr_kit_work *work, struct kr_err *err)
{
    work->mount = kr_json_get(args, "mount");
    return !work->mount || kr_mount_of_json(work->mount, &work->params.mount, err);
}

static bool choose_frame(const json_t *args, struct kr_kit_work *work, struct kr_err *err)
{
    work->frame = kr_json_str(args, "frame", NULL);
    return !work->frame || kr_framing_of(work->frame, &work->params.framing) ||
           kr_fail(err, KR_E_INVALID, "there is no framing '%.40s'", work->frame);
}

static bool choose_kit(const json_t *args, struct kr_kit_work *work, struct kr_err *err)
{
    struct kr_kit_params *out = &work->params;
    struct kr_kit_params usual = KR_KIT_DEFAULTS;
    if (!choose_scene(args, work, err))
        return false;
    const struct kr_scene *scene = work->scene;
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
    out->keep_viewpoint =
        kr_json_bool(args, "keep_viewpoint", usual.keep_viewpoint || kr_json_get(args, "mount"));
    out->fill = kr_json_bool(args, "fill", false);
    return choose_mount(args, work, err) && choose_frame(args, work, err);
}

bool kr_task_wish(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    static const struct {
        const char *name;
        bool (*choose)(const json_t *args, struct kr_kit_work *work, struct kr_err *err);
    } named[] = {{"scene", choose_scene}, {"frame", choose_frame}, {"mount", choose_mount}};
    struct kr_kit_work work = {.call = call};
    struct kr_err why = {0};
    size_t i = 0;
    (void)err;
    while (i < KR_COUNT(named) && named[i].choose(call->args, &work, &why))
        i++;
    *answer = kr_json_new_object();
    if (i < KR_COUNT(named))
        kr_json_set_str(*answer, "wrong", named[i].name);
    return true;
}

static bool begin_kit(struct kr_kit_work *work, struct kr_err *err)
{
    const struct kr_kit_clip clip = kr_stream_clip(kr_reader_info(work->reader));
    return kr_kit_create(&work->params, &clip, &work->kit, err) &&
           kr_coach_create(&clip, &work->before, err) && kr_coach_create(&clip, &work->after, err);
}

// Sound of a film that nothing was done to comes over as it is.
static bool writes_sound(const struct kr_kit_work *work)
{
    const struct kr_reader_info *info = kr_reader_info(work->reader);
    bool done = kr_json_bool(kr_json_get(work->report, "sound"), "done", false);
    return info->has_sound && (done || !info->has_video || !info->sound_plays);
}

static bool begin_writer(struct kr_kit_work *work, struct kr_err *err)
{
    const struct kr_reader_info *info = kr_reader_info(work->reader);
    struct kr_writer_params params = KR_WRITER_DEFAULTS;
    params.container = work->container;
    params.carry = &work->carry;
    params.crf = (int)kr_json_int(work->call->args, "crf", CRF);
    if (params.crf < 0 || params.crf > 51)
        return kr_fail(err, KR_E_INVALID, "crf is from 0 to 51");
    work->carry.fd = work->call->fds[0];
    work->writes_sound = writes_sound(work);
    params.channels = work->writes_sound ? info->channels : 0;
    if (info->has_video) {
        params.timed = true;
        params.width = info->width;
        params.height = info->height;
        params.fps_num = info->fps_num;
        params.fps_den = info->fps_den;
    }
    return kr_begin_output(work->call->fds[1], err) &&
           kr_writer_open(work->call->fds[1], &params, &work->writer, err);
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

static void tell_frame(json_t *steps, const char *name)
{
    if (!name)
        return;
    json_t *step = kr_json_new_object();
    kr_json_set_str(step, "step", "frame");
    kr_json_set_int(step, "version", kr_step_named("frame")->version);
    kr_json_set_str(step, "frame", name);
    kr_json_append_take(steps, step);
}

// In the order in which they are done.
static json_t *new_steps(const struct kr_kit_work *work)
{
    const struct kr_kit_params *params = &work->params;
    json_t *steps = kr_json_new_array();
    tell_step(steps, "footage", params->footage, NULL, false);
    tell_step(steps, "steady", params->steady, "keep_viewpoint", params->keep_viewpoint);
    if (params->steady > 0 && params->fill)
        kr_json_set_bool(json_array_get(steps, json_array_size(steps) - 1), "fill", true);
    tell_frame(steps, work->frame);
    tell_step(steps, "light", params->light, "night", params->night);
    tell_step(steps, "sound", params->sound, NULL, false);
    return steps;
}

static bool tell_result(const struct kr_kit_work *work, json_t **answer, struct kr_err *err)
{
    const struct kr_reader_info *info = kr_reader_info(work->reader);
    KR_AUTO(kr_json_drop) json_t *before = NULL;
    KR_AUTO(kr_json_drop) json_t *after = NULL;
    if (!kr_coach_judge(work->before, work->scene, 0, &before, err) ||
        !kr_coach_judge(work->after, work->scene, 0, &after, err))
        return false;
    *answer = kr_json_new_object();
    kr_json_set_take(*answer, "steps", new_steps(work));
    if (work->mount)
        kr_json_set_take(*answer, "mount", json_deep_copy(work->mount));
    kr_json_set_take(*answer, "report", json_incref(work->report));
    kr_json_set_take(*answer, "before", json_incref(before));
    kr_json_set_take(*answer, "after", json_incref(after));
    kr_json_set_take(*answer, "carried", kr_writer_carried_new(work->writer));
    kr_json_set_str(*answer, "format", work->format);
    kr_json_set_int(*answer, "width", info->has_video ? info->width : 0);
    kr_json_set_int(*answer, "height", info->has_video ? info->height : 0);
    kr_json_set_real(*answer, "duration_s",
                     info->has_video ? (double)work->end_us / 1e6
                                     : (double)work->samples / KR_RATE);
    return true;
}

static bool open_clip(struct kr_kit_work *work, struct kr_err *err)
{
    const struct kr_task_call *call = work->call;
    struct kr_bounds bounds = {.as_timed = true};
    if (!choose_kit(call->args, work, err) ||
        (work->params.footage > 0 && !kr_fields_find(call->fds[0], &bounds.weave, err)))
        return false;
    return kr_begin_stream(call->fds[0], &bounds, &work->reader, err) &&
           choose_format(call->args, work, err) && begin_kit(work, err);
}

bool kr_task_kit(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    KR_AUTO(work_finish) struct kr_kit_work work = {.call = call};
    if (!open_clip(&work, err) || !kr_kit_work_study(&work, err) ||
        !kr_kit_work_decide(&work, err) || !begin_writer(&work, err) ||
        !kr_kit_work_treat(&work, err) || !tell_result(&work, answer, err))
        return kr_within(err, "kit");
    return true;
}
