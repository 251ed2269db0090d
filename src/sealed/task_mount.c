// SPDX-License-Identifier: AGPL-3.0-or-later
// mount: fds [in]; answer a mount (restore/mount.h), learnt from ten seconds of riding or
// more; progress. The file is read once.
#include "restore/mount.h"
#include "sealed/ends.h"
#include "sealed/tasks.h"

static bool study_next(struct kr_task_call *call, struct kr_reader *reader,
                       struct kr_mount_study *study, bool *more, struct kr_err *err)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
    KR_AUTO(kr_samples_destroy) struct kr_samples *samples = NULL;
    if (!kr_reader_next(reader, &frame, &samples, err))
        return false;
    *more = frame || samples;
    if (frame)
        kr_mount_see(study, frame);
    if (samples)
        kr_mount_hear(study, samples);
    return kr_task_progress(call, kr_stream_done(reader, frame, samples)) ||
           kr_fail(err, KR_E_INTERRUPTED, "nobody waits for it any more");
}

bool kr_task_mount(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    KR_AUTO(kr_reader_close) struct kr_reader *reader = NULL;
    KR_AUTO(kr_mount_study_destroy) struct kr_mount_study *study = NULL;
    const struct kr_bounds bounds = {.long_most = 1920, .short_most = 1080};
    struct kr_mount mount;
    if (!kr_begin_stream(call->fds[0], &bounds, &reader, err))
        return kr_within(err, "mount");
    const struct kr_reader_info *info = kr_reader_info(reader);
    const struct kr_kit_clip clip = kr_stream_clip(info);
    if (!info->has_video)
        return kr_fail(err, KR_E_UNSUPPORTED, "mount: a recording without a picture");
    if (!kr_mount_study_create(clip.width, clip.height, clip.fps, clip.channels, &study, err))
        return kr_within(err, "mount");
    for (bool more = true; more;)
        if (!study_next(call, reader, study, &more, err))
            return kr_within(err, "mount");
    if (!kr_mount_learn(study, &mount, err))
        return false;
    *answer = kr_mount_new_json(&mount);
    return true;
}
