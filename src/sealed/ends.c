// SPDX-License-Identifier: AGPL-3.0-or-later
#include "sealed/ends.h"

#include <unistd.h>

bool kr_begin_input(int fd, struct kr_err *err)
{
    return lseek(fd, 0, SEEK_SET) == 0 || kr_fail_errno(err, "rewind the input");
}

bool kr_begin_output(int fd, struct kr_err *err)
{
    return (lseek(fd, 0, SEEK_SET) == 0 && ftruncate(fd, 0) == 0) ||
           kr_fail_errno(err, "empty the output");
}

// What the file is by itself tells how it shall be read.
static bool plan(int fd, const struct kr_bounds *bounds, struct kr_reader_params *params,
                 struct kr_err *err)
{
    KR_AUTO(kr_reader_close) struct kr_reader *reader = NULL;
    *params = KR_READER_DEFAULTS;
    params->channels = bounds->channels;
    params->weave = bounds->weave;
    if (!kr_reader_open(fd, params, &reader, err))
        return false;
    const struct kr_reader_info *info = kr_reader_info(reader);
    if (!info->has_video && !info->has_sound)
        return kr_fail(err, KR_E_UNSUPPORTED, "neither picture nor sound");
    if (!info->has_video)
        return true;
    bool stands = info->height > info->width;
    params->width = stands ? bounds->short_most : bounds->long_most;
    params->height = stands ? bounds->long_most : bounds->short_most;
    if (bounds->as_timed)
        return true;
    params->fps = (double)info->fps_num / info->fps_den;
    if (bounds->fps_most > 0 && params->fps > bounds->fps_most)
        params->fps = bounds->fps_most;
    return true;
}

bool kr_begin_stream(int fd, const struct kr_bounds *bounds, struct kr_reader **out,
                     struct kr_err *err)
{
    struct kr_reader_params params;
    return kr_begin_input(fd, err) && plan(fd, bounds, &params, err) && kr_begin_input(fd, err) &&
           kr_reader_open(fd, &params, out, err);
}

struct kr_kit_clip kr_stream_clip(const struct kr_reader_info *info)
{
    struct kr_kit_clip clip = {.channels = info->has_sound ? info->channels : 0};
    if (info->has_video) {
        clip.width = info->width;
        clip.height = info->height;
        clip.fps = (double)info->fps_num / info->fps_den;
    }
    return clip;
}

double kr_stream_done(const struct kr_reader *reader, const struct kr_frame *frame,
                      const struct kr_samples *samples)
{
    double all = kr_reader_info(reader)->duration_s;
    double at = frame     ? (double)frame->at_us / 1e6
                : samples ? (double)samples->at / samples->rate
                          : all;
    return all > 0 ? (at < all ? at / all : 1) : 0;
}
