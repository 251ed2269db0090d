// SPDX-License-Identifier: AGPL-3.0-or-later
// footage_tool WIDTH HEIGHT FPS auto|film|tape|both STRENGTH: raw yuv420p frames in and out, for
// the bench: no decoder and no encoder between a picture and its number. What was decided goes to
// stderr as one JSON object, with the user milliseconds a frame of both passes.
#include "restore/footage.h"

#include "restore/shots.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

static double user_ms(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return 1e3 * (double)usage.ru_utime.tv_sec + 1e-3 * (double)usage.ru_utime.tv_usec;
}

static size_t bytes_of(const struct kr_frame *frame)
{
    size_t bytes = 0;
    for (int p = 0; p < 3; p++)
        bytes += kr_frame_row_bytes(frame, p) * (size_t)kr_frame_plane_height(frame, p);
    return bytes;
}

static void unpack(const uint8_t *from, struct kr_frame *frame)
{
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(frame, p); y++) {
            memcpy(frame->plane[p] + y * frame->stride[p], from, kr_frame_row_bytes(frame, p));
            from += kr_frame_row_bytes(frame, p);
        }
}

static void write_out(const struct kr_frame *frame)
{
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(frame, p); y++)
            fwrite(frame->plane[p] + y * frame->stride[p], 1, kr_frame_row_bytes(frame, p), stdout);
}

static uint8_t *read_all(size_t *n)
{
    uint8_t *all = NULL;
    size_t room = 0, got = 0;
    *n = 0;
    do {
        *n += got;
        if (*n == room)
            all = kr_realloc_array(all, room = room ? 2 * room : 1 << 20, 1);
    } while ((got = fread(all + *n, 1, room - *n, stdin)) > 0);
    return all;
}

struct clip {
    uint8_t *all;
    size_t frames, bytes;
};

static json_t *studied(struct kr_footage *footage, const struct clip *clip, struct kr_frame *frame)
{
    struct kr_shots shots = {0};
    struct kr_motion motion;
    double begin = user_ms();
    for (size_t i = 0; i < clip->frames; i++) {
        unpack(clip->all + i * clip->bytes, frame);
        kr_footage_study(footage, frame, kr_shots_begins(&shots, frame), &motion);
    }
    json_t *report = kr_footage_decide_new(footage);
    kr_json_set_real(report, "study_ms", (user_ms() - begin) / (double)clip->frames);
    return report;
}

static bool pull_all(struct kr_footage *footage, struct kr_err *err)
{
    struct kr_frame *out = NULL;
    bool more;
    do {
        if (!kr_footage_pull(footage, &out, err))
            return false;
        more = out != NULL;
        if (more)
            write_out(out);
        kr_frame_destroy(&out);
    } while (more);
    return true;
}

static bool treated(struct kr_footage *footage, const struct clip *clip, struct kr_frame *frame,
                    struct kr_err *err)
{
    for (size_t i = 0; i < clip->frames; i++) {
        unpack(clip->all + i * clip->bytes, frame);
        if (!kr_footage_push(footage, frame, err) || !pull_all(footage, err))
            return false;
    }
    kr_footage_end(footage);
    return pull_all(footage, err);
}

static int run(char **words)
{
    struct kr_err err = {0};
    KR_AUTO(kr_footage_destroy) struct kr_footage *footage = NULL;
    KR_AUTO(kr_frame_destroy) struct kr_frame *frame = NULL;
    int width = (int)strtol(words[0], NULL, 10), height = (int)strtol(words[1], NULL, 10);
    bool both = strcmp(words[3], "both") == 0; // as the kit asks
    struct kr_footage_params params = {.strength = strtod(words[4], NULL),
                                       .film = both || strcmp(words[3], "film") == 0,
                                       .tape = both || strcmp(words[3], "tape") == 0};
    if (!kr_frame_create(KR_YUV420, width, height, &frame, &err) ||
        !kr_footage_create(&params, width, height, strtod(words[2], NULL), &footage, &err))
        return 2;
    struct clip clip = {.bytes = bytes_of(frame)};
    size_t n;
    clip.all = read_all(&n);
    clip.frames = n / clip.bytes;
    KR_AUTO(kr_json_drop) json_t *report = studied(footage, &clip, frame);
    double begin = user_ms();
    bool fine = treated(footage, &clip, frame, &err);
    kr_json_set_real(report, "treat_ms", (user_ms() - begin) / (double)clip.frames);
    json_dumpf(report, stderr, JSON_COMPACT);
    kr_free(&clip.all);
    return fine ? 0 : 1;
}

int main(int count, char **words)
{
    if (count != 6) {
        fputs("footage_tool WIDTH HEIGHT FPS auto|film|tape|both STRENGTH < yuv420p > yuv420p\n",
              stderr);
        return 2;
    }
    return run(words + 1);
}
