// SPDX-License-Identifier: AGPL-3.0-or-later
// fields_tool FILM: a film as the kit reads old footage, as raw yuv420p on stdout, for the bench.
// How its pictures were found to be woven, and the rate that comes out, go to stderr as one JSON
// object.
#include "base/json.h"
#include "media/reader.h"
#include "media/start.h"
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static void write_out(const struct kr_frame *frame)
{
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(frame, p); y++)
            fwrite(frame->plane[p] + y * frame->stride[p], 1, kr_frame_row_bytes(frame, p), stdout);
}

static bool read_all(struct kr_reader *reader, struct kr_err *err)
{
    for (;;) {
        KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
        KR_AUTO(kr_samples_destroy) struct kr_samples *samples = NULL;
        if (!kr_reader_next(reader, &frame, &samples, err))
            return false;
        if (!frame && !samples)
            return true;
        if (frame)
            write_out(frame);
    }
}

static void tell(enum kr_weave weave, const struct kr_reader_info *info)
{
    static const char *const names[] = {
        [KR_WEAVE_AS_SAID] = "as said",
        [KR_WEAVE_TOP_FIRST] = "tff",
        [KR_WEAVE_BOTTOM_FIRST] = "bff",
        [KR_WEAVE_PULLDOWN_TOP] = "pulldown tff",
        [KR_WEAVE_PULLDOWN_BOTTOM] = "pulldown bff",
    };
    KR_AUTO(kr_json_drop) json_t *found = kr_json_new_object();
    kr_json_set_str(found, "weave", names[weave]);
    kr_json_set_real(found, "fps", (double)info->fps_num / info->fps_den);
    json_dumpf(found, stderr, JSON_COMPACT);
}

static bool run(int fd, struct kr_err *err)
{
    KR_AUTO(kr_reader_close) struct kr_reader *reader = NULL;
    struct kr_reader_params params = {.no_sound = true};
    if (!kr_fields_find(fd, &params.weave, err) || lseek(fd, 0, SEEK_SET) != 0 ||
        !kr_reader_open(fd, &params, &reader, err))
        return false;
    tell(params.weave, kr_reader_info(reader));
    return read_all(reader, err);
}

int main(int count, char **words)
{
    struct kr_err err = {0};
    int fd = count == 2 ? open(words[1], O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0) {
        fputs("fields_tool FILM > yuv420p\n", stderr);
        return 2;
    }
    bool fine = kr_media_start(&err) && run(fd, &err);
    if (!fine)
        fprintf(stderr, "%s\n", err.text);
    close(fd);
    return fine ? 0 : 1;
}
