// SPDX-License-Identifier: AGPL-3.0-or-later
// light: CPU time of the kit's light on 1080p frames, one thread, everything on:
// {"study":…,"treat":…,"copy":…} in ms a frame; a copy of the frame is the measure of
// the machine. The clip is dark, warm, noisy, backlit and moves.
#include "restore/light.h"

#include <stdio.h>
#include <sys/resource.h>

enum { WIDTH = 1920, HEIGHT = 1080, FRAMES = 40 };

static double cpu_ms(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)used.ru_utime.tv_sec * 1e3 + (double)used.ru_utime.tv_usec / 1e3;
}

static uint32_t next(uint32_t *seed)
{
    return *seed = *seed * 1664525u + 1013904223u;
}

static void paint(struct kr_frame *frame, int i)
{
    static const int middle[3] = {30, 112, 140};
    uint32_t seed = (uint32_t)i * 977 + 5;
    for (int p = 0; p < 3; p++)
        for (int y = 0, n = (int)kr_frame_row_bytes(frame, p); y < (p ? HEIGHT / 2 : HEIGHT); y++)
            for (int x = 0; x < n; x++) {
                int at = (x + 2 * i) / 24 * 7 + y / 20 * 3, noise = 0;
                for (int k = 0; k < 3; k++)
                    noise += (int)(next(&seed) >> 28) - 7;
                bool outside = x < WIDTH / 5 || x > WIDTH * 4 / 5 || p;
                int v = middle[p] + (p ? 0 : at * 29 % 31) + (outside && !p ? 60 : 0) + noise / 2;
                frame->plane[p][y * frame->stride[p] + x] = (uint8_t)(v < 0 ? 0 : v);
            }
}

int main(void)
{
    struct kr_err err = {0};
    struct kr_light *light = NULL;
    struct kr_frame *clip[FRAMES], *frame = NULL;
    double study = 0, treat = 0, copy = 0;
    if (!kr_light_create(&KR_LIGHT_DEFAULTS, WIDTH, HEIGHT, 25, &light, &err) ||
        !kr_frame_create(KR_YUV420, WIDTH, HEIGHT, &frame, &err))
        return 1;
    for (int i = 0; i < FRAMES; i++) {
        if (!kr_frame_create(KR_YUV420, WIDTH, HEIGHT, &clip[i], &err))
            return 1;
        paint(clip[i], i);
    }
    study -= cpu_ms();
    for (int i = 0; i < FRAMES; i++)
        kr_light_study(light, clip[i], i == 0);
    study += cpu_ms();
    json_t *report = kr_light_decide_new(light);
    for (int i = 0; i < FRAMES; i++) {
        copy -= cpu_ms();
        kr_frame_copy(clip[i], frame);
        copy += cpu_ms();
        treat -= cpu_ms();
        if (!kr_light_treat(light, (size_t)i, frame))
            fprintf(stderr, "frame %d stays as it is\n", i);
        treat += cpu_ms();
    }
    printf("{\"study\": %.2f, \"treat\": %.2f, \"copy\": %.2f, \"report\": ", study / FRAMES,
           treat / FRAMES, copy / FRAMES);
    json_dumpf(report, stdout, JSON_COMPACT);
    printf("}\n");
    for (int i = 0; i < FRAMES; i++)
        kr_frame_destroy(&clip[i]);
    kr_frame_destroy(&frame);
    kr_json_drop(&report);
    kr_light_destroy(&light);
    return 0;
}
