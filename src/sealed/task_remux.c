// SPDX-License-Identifier: AGPL-3.0-or-later
// remux: fds [in, out]; answer {"step": "remux", "version", "format", "duration_s"}.
//
// The same packets in a file that tells its length (media/remux.h). Uncompressed sound
// becomes FLAC: 24 bits at 48 kHz, which is more than a microphone has.
#include "media/remux.h"
#include "media/writer.h"
#include "sealed/ends.h"
#include "sealed/tasks.h"

static bool pass_on(struct kr_reader *reader, struct kr_writer *writer, int64_t *n, bool *more,
                    struct kr_err *err)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
    KR_AUTO(kr_samples_destroy) struct kr_samples *samples = NULL;
    if (!kr_reader_next(reader, &frame, &samples, err))
        return false;
    *more = samples != NULL;
    *n += samples ? (int64_t)samples->n : 0;
    return !samples || kr_writer_samples(writer, samples, err);
}

static bool to_flac(struct kr_task_call *call, double *duration_s, struct kr_err *err)
{
    KR_AUTO(kr_reader_close) struct kr_reader *reader = NULL;
    KR_AUTO(kr_writer_close) struct kr_writer *writer = NULL;
    const struct kr_reader_params params = {.no_video = true};
    struct kr_writer_params writing = KR_WRITER_DEFAULTS;
    int64_t n = 0;
    writing.container = KR_FLAC;
    if (!kr_reader_open(call->fds[0], &params, &reader, err))
        return false;
    writing.channels = kr_reader_info(reader)->channels;
    if (!kr_writer_open(call->fds[1], &writing, &writer, err))
        return false;
    for (bool more = true; more;)
        if (!pass_on(reader, writer, &n, &more, err))
            return false;
    *duration_s = (double)n / KR_RATE;
    return kr_writer_finish(writer, err);
}

bool kr_task_remux(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    struct kr_remuxed told;
    if (!kr_begin_input(call->fds[0], err) || !kr_begin_output(call->fds[1], err) ||
        !kr_remux(call->fds[0], call->fds[1], &told, err) ||
        (told.is_pcm && !to_flac(call, &told.duration_s, err)))
        return kr_within(err, "remux");
    *answer = kr_json_new_object();
    kr_json_set_str(*answer, "step", "remux");
    kr_json_set_int(*answer, "version", 1);
    kr_json_set_str(*answer, "format", told.format);
    kr_json_set_real(*answer, "duration_s", told.duration_s);
    return true;
}
