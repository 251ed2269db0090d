// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/deflicker.h"

#include "harness.h"
#include <math.h>

enum { W = 200, H = 120, FRAMES = 60 };

static struct kr_frame *frame_of(struct kr_test *t, int width, int height)
{
    struct kr_frame *frame = NULL;
    EXPECT_OK(kr_frame_create(KR_YUV420, width, height, &frame, &t->err));
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(frame, p); y++)
            memset(frame->plane[p] + y * frame->stride[p], 128, kr_frame_row_bytes(frame, p));
    return frame;
}

static double scene(double x, double y)
{
    return 110 + 40 * sin(x * 0.11) + 30 * cos(y * 0.13 + x * 0.02) + 20 * sin(x * 0.31 + y * 0.2) +
           30 * tanh((x - 260) / 60); // brighter to the right: a pan brings it in
}

static double light_of(unsigned number) // -1 .. 1, without a pattern
{
    unsigned x = number * 2654435761U + 12345U;
    x ^= x >> 13;
    x *= 1274126177U;
    return (double)(x >> 8) / (double)(1 << 23) - 1;
}

struct clip {
    double pan, flicker, fade; // px a frame; of the light; levels over the clip
};

static void paint(struct kr_frame *f, const struct clip *clip, int number, bool truth)
{
    double gain = truth ? 1 : 1 + clip->flicker * light_of((unsigned)number);
    for (int y = 0; y < f->height; y++)
        for (int x = 0; x < f->width; x++) {
            double v = (scene(x + clip->pan * number, y) + clip->fade * number / FRAMES) * gain;
            f->plane[0][y * f->stride[0] + x] = (uint8_t)lrint(fmin(fmax(v, 0), 255));
        }
}

static double mean_of(const struct kr_frame *f)
{
    double sum = 0;
    for (int y = 0; y < f->height; y++)
        for (int x = 0; x < f->width; x++)
            sum += f->plane[0][y * f->stride[0] + x];
    return sum / f->width / f->height;
}

struct seen {
    double before, after, measure, drift; // deviation from the truth; mean change of the last third
};

static struct seen watch(struct kr_test *t, const struct clip *clip)
{
    struct kr_frame *frame = frame_of(t, W, H), *truth = frame_of(t, W, H);
    struct kr_deflicker *d = NULL;
    EXPECT_OK(kr_deflicker_create(W, H, &d, &t->err));
    for (int i = 0; i < FRAMES; i++) {
        paint(frame, clip, i, false);
        (void)kr_deflicker_study(d, frame, i == 0);
    }
    struct seen seen = {.measure = kr_deflicker_measure(d)};
    double sum[2] = {0}, square[2] = {0};
    for (int i = 0; i < FRAMES; i++) {
        paint(frame, clip, i, false);
        paint(truth, clip, i, true);
        double was = mean_of(truth), apart[2] = {mean_of(frame) - was, 0};
        kr_deflicker_treat(d, (size_t)i, 1, frame);
        apart[1] = mean_of(frame) - was;
        seen.drift = fmax(seen.drift, fabs(apart[1]));
        for (int k = 0; k < 2; k++) {
            sum[k] += apart[k] / FRAMES;
            square[k] += apart[k] * apart[k] / FRAMES;
        }
    }
    seen.before = sqrt(square[0] - sum[0] * sum[0]);
    seen.after = sqrt(square[1] - sum[1] * sum[1]);
    kr_deflicker_destroy(&d);
    kr_frame_destroy(&frame);
    kr_frame_destroy(&truth);
    return seen;
}

TEST(flicker_goes_also_while_the_camera_pans)
{
    static const struct clip clips[] = {{0, 0.15, 0}, {3, 0.15, 0}};
    for (size_t i = 0; i < KR_COUNT(clips); i++) {
        struct seen seen = watch(t, &clips[i]);
        print_message("deviation %.2f, then %.2f; measured %.2f\n", seen.before, seen.after,
                      seen.measure);
        EXPECT(seen.before > 6 && seen.after < 0.3 * seen.before && seen.measure > 3);
    }
}

TEST(a_pan_and_a_fade_are_no_flicker)
{
    static const struct clip pan = {3, 0, 0}, fade = {0, 0, -60};
    struct seen seen = watch(t, &pan);
    print_message("pan: measured %.2f, worst %.2f\n", seen.measure, seen.drift);
    EXPECT(seen.measure < 0.7 && seen.drift < 2);
    seen = watch(t, &fade);
    print_message("fade: measured %.2f, worst %.2f\n", seen.measure, seen.drift);
    EXPECT(seen.measure < 0.7);
    EXPECT(seen.drift < 10); // were it treated: at its ends half of a window is missing
}

TEST(a_cut_is_no_flicker_and_strength_0_changes_nothing)
{
    struct kr_frame *frame = frame_of(t, W, H);
    struct kr_deflicker *d = NULL;
    EXPECT_OK(kr_deflicker_create(W, H, &d, &t->err));
    for (int i = 0; i < 20; i++) {
        for (int y = 0; y < H; y++)
            memset(frame->plane[0] + y * frame->stride[0], i < 10 ? 40 : 200, W);
        EXPECT(kr_deflicker_study(d, frame, i % 10 == 0) == (i % 10 == 0));
    }
    EXPECT(kr_deflicker_measure(d) < 0.01);
    kr_deflicker_treat(d, 9, 1, frame);
    EXPECT(frame->plane[0][5] == 200);
    kr_deflicker_treat(d, 99, 1, frame); // never studied
    EXPECT(frame->plane[0][5] == 200);
    kr_deflicker_destroy(&d);
    kr_frame_destroy(&frame);
}

TEST(a_flash_that_is_told_as_a_cut_is_none)
{
    static const struct clip clip = {2, 0.5, 0};
    struct kr_frame *frame = frame_of(t, W, H);
    struct kr_deflicker *d = NULL;
    EXPECT_OK(kr_deflicker_create(W, H, &d, &t->err));
    for (int i = 0; i < 6; i++) {
        paint(frame, &clip, i, false);
        EXPECT(kr_deflicker_study(d, frame, true) == (i == 0));
    }
    paint(frame, &clip, 300, true); // another place
    EXPECT(kr_deflicker_study(d, frame, true));
    kr_deflicker_destroy(&d);
    kr_frame_destroy(&frame);
}

TEST(any_size_is_studied)
{
    static const int sizes[][2] = {{1, 1}, {3, 2}, {1, 1000}, {1000, 1}, {7680, 4320}};
    for (size_t i = 0; i < KR_COUNT(sizes); i++) {
        struct kr_frame *frame = frame_of(t, sizes[i][0], sizes[i][1]);
        struct kr_deflicker *d = NULL;
        EXPECT_OK(kr_deflicker_create(frame->width, frame->height, &d, &t->err));
        EXPECT(kr_deflicker_measure(d) == 0);
        for (int k = 0; k < 3; k++)
            (void)kr_deflicker_study(d, frame, false);
        kr_deflicker_treat(d, 1, 1, frame);
        EXPECT(frame->plane[0][0] == 128 && frame->plane[1][0] == 128);
        kr_deflicker_destroy(&d);
        kr_frame_destroy(&frame);
    }
}

MAIN(CASE(flicker_goes_also_while_the_camera_pans), CASE(a_pan_and_a_fade_are_no_flicker),
     CASE(a_cut_is_no_flicker_and_strength_0_changes_nothing),
     CASE(a_flash_that_is_told_as_a_cut_is_none), CASE(any_size_is_studied))
