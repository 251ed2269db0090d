// SPDX-License-Identifier: AGPL-3.0-or-later
// proxy: fds [in, out]; args {"format": "mp4|m4a|opus", "small": false}; answer
// {"duration_s", "width", "height", "format"}; progress.
//
// What every browser plays: H.264 and AAC in MP4, at most 1920 x 1080 (or 1080 x
// 1920); sound alone becomes AAC in MP4 ("m4a") or Opus. One pass, and memory
// does not grow with the length.
//
// The small one is for a thin line: at most 1,000,000 bytes for each minute, and
// 64 KiB, whatever is filmed. Its picture may spend 84 kbit of any second, its one
// channel of sound 32; what MP4 adds for 15 frames and 47 blocks of sound is under 6.
#include "media/writer.h"
#include "sealed/ends.h"
#include "sealed/tasks.h"

static const struct profile {
    struct kr_bounds bounds;
    int crf, film_bits_most, sound_bits, key_s;
    const char *preset;
} usual = {{.long_most = 1920, .short_most = 1080}, 23, 0, 0, 2, "veryfast"},
  small = {{426, 240, 15, 1}, 27, 84000, 32000, 8, "medium"};

struct proxy {
    struct kr_reader *reader;
    struct kr_writer *writer;
    int64_t frames, samples;
};

static void proxy_finish(struct proxy *proxy)
{
    kr_writer_close(&proxy->writer);
    kr_reader_close(&proxy->reader);
}

static bool begin(struct kr_task_call *call, bool opus, struct proxy *proxy, struct kr_err *err)
{
    const struct profile *profile = kr_json_bool(call->args, "small", false) ? &small : &usual;
    if (!kr_begin_stream(call->fds[0], &profile->bounds, &proxy->reader, err) ||
        !kr_begin_output(call->fds[1], err))
        return false;
    const struct kr_reader_info *info = kr_reader_info(proxy->reader);
    struct kr_writer_params params = KR_WRITER_DEFAULTS;
    params.container = opus && !info->has_video ? KR_OPUS : KR_MP4;
    params.crf = profile->crf;
    params.film_bits_most = profile->film_bits_most;
    params.sound_bits = profile->sound_bits;
    params.key_s = profile->key_s;
    params.preset = profile->preset;
    params.channels = info->has_sound ? info->channels : 0;
    if (info->has_video) {
        params.width = info->width;
        params.height = info->height;
        params.fps_num = info->fps_num;
        params.fps_den = info->fps_den;
    }
    return kr_writer_open(call->fds[1], &params, &proxy->writer, err);
}

// Passes one frame or one stretch of sound on. *more is false at the end.
static bool pass_on(struct kr_task_call *call, struct proxy *proxy, bool *more, struct kr_err *err)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
    KR_AUTO(kr_samples_destroy) struct kr_samples *samples = NULL;
    if (!kr_reader_next(proxy->reader, &frame, &samples, err))
        return false;
    *more = frame || samples;
    if (frame && !kr_writer_frame(proxy->writer, frame, err))
        return false;
    if (samples && !kr_writer_samples(proxy->writer, samples, err))
        return false;
    proxy->frames += frame != NULL;
    proxy->samples += samples ? (int64_t)samples->n : 0;
    return kr_task_progress(call, kr_stream_done(proxy->reader, frame, samples)) ||
           kr_fail(err, KR_E_INTERRUPTED, "nobody waits for it any more");
}

bool kr_task_proxy(struct kr_task_call *call, json_t **answer, struct kr_err *err)
{
    const char *format = kr_json_str(call->args, "format", "mp4");
    bool opus = strcmp(format, "opus") == 0;
    if (!opus && strcmp(format, "mp4") != 0 && strcmp(format, "m4a") != 0)
        return kr_fail(err, KR_E_INVALID, "an unknown format");
    KR_AUTO(proxy_finish) struct proxy proxy = {0};
    if (!begin(call, opus, &proxy, err))
        return kr_within(err, "proxy");
    for (bool more = true; more;)
        if (!pass_on(call, &proxy, &more, err))
            return kr_within(err, "proxy");
    if (!kr_writer_finish(proxy.writer, err))
        return kr_within(err, "proxy");
    const struct kr_reader_info *info = kr_reader_info(proxy.reader);
    *answer = kr_json_new_object();
    kr_json_set_str(*answer, "format", info->has_video ? "mp4" : opus ? "opus" : "m4a");
    kr_json_set_int(*answer, "width", info->has_video ? info->width : 0);
    kr_json_set_int(*answer, "height", info->has_video ? info->height : 0);
    kr_json_set_real(*answer, "duration_s",
                     info->has_video ? (double)proxy.frames * info->fps_den / info->fps_num
                                     : (double)proxy.samples / KR_RATE);
    return true;
}
