// SPDX-License-Identifier: AGPL-3.0-or-later
// steady CLIP: CPU time of the kit's stand on 1080p frames, one thread: {"study":…,
// "decide":…, "warp":…} in ms a frame. CLIP holds bare 1920 x 1080 frames of KR_YUV420,
// as FFmpeg's rawvideo writes them, so that a peer can be given the same ones.
#include "restore/steady.h"
#include "restore/warp.h"

#include <stdio.h>
#include <sys/resource.h>

enum { WIDTH = 1920, HEIGHT = 1080, FRAMES_MOST = 100 };

static double cpu_ms(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)used.ru_utime.tv_sec * 1e3 + (double)used.ru_utime.tv_usec / 1e3;
}

static bool next_frame(FILE *clip, struct kr_frame *frame)
{
    for (int p = 0; p < kr_frame_plane_count(frame->pixels); p++)
        for (int y = 0; y < kr_frame_plane_height(frame, p); y++) {
            size_t n = kr_frame_row_bytes(frame, p);
            if (fread(frame->plane[p] + y * frame->stride[p], 1, n, clip) != n)
                return false;
        }
    return true;
}

static size_t read_clip(FILE *clip, struct kr_frame *frames[FRAMES_MOST], struct kr_err *err)
{
    for (size_t n = 0; n < FRAMES_MOST; n++)
        if (!kr_frame_create(KR_YUV420, WIDTH, HEIGHT, &frames[n], err) ||
            !next_frame(clip, frames[n]))
            return n;
    return FRAMES_MOST;
}

int main(int argc, char **argv)
{
    struct kr_err err = {0};
    struct kr_steady *steady = NULL;
    struct kr_frame *frames[FRAMES_MOST], *held = NULL;
    struct kr_steady_params params = {.strength = 1};
    FILE *clip = argc == 2 ? fopen(argv[1], "rbe") : NULL;
    size_t n = clip ? read_clip(clip, frames, &err) : 0;
    if (!n || !kr_steady_create(&params, WIDTH, HEIGHT, 30, &steady, &err) ||
        !kr_frame_create(KR_YUV420, WIDTH, HEIGHT, &held, &err))
        return 1;
    double begun = cpu_ms(), m[6];
    for (size_t i = 0; i < n; i++)
        kr_steady_study(steady, frames[i], i == 0);
    double studied = cpu_ms();
    json_t *report = kr_steady_decide_new(steady);
    double decided = cpu_ms();
    for (size_t i = 0; i < n; i++)
        if (kr_steady_map(steady, i, m))
            kr_warp_affine(frames[i], m, held);
    double warped = cpu_ms(), each = 1 / (double)n;
    printf("{\"study\": %.2f, \"decide\": %.2f, \"warp\": %.2f, \"frames\": %zu, \"report\": ",
           (studied - begun) * each, (decided - studied) * each, (warped - decided) * each, n);
    json_dumpf(report, stdout, JSON_COMPACT);
    printf("}\n");
    return 0;
}
