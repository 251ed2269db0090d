// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/lampflicker.h"

#include "harness.h"
#include "restore/small.h"
#include <math.h>

enum { WIDTH = 320, HEIGHT = 240, FRAMES = 75 };

static double unit(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) / (double)(1 << 24);
}

struct lamp { // stops, and how it rolls
    double whole, wave, waves;
    int pan;      // pixels a frame
    double flash; // stops, once a second
};

static void scene(struct kr_frame *f, const struct lamp *lamp, int i)
{
    uint32_t seed = (uint32_t)i * 7919u + 1, grain = (uint32_t)i + 77;
    (void)unit(&seed);
    double whole = lamp->whole * (2 * unit(&seed) - 1) + (i % 25 == 10 ? lamp->flash : 0);
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            uint32_t patch = (uint32_t)((x + i * lamp->pan) / 30 * 31 + y / 25) * 2654435761u + 3u;
            double light = 0.05 + 0.4 * unit(&patch);
            light *= exp2(whole + lamp->wave * sin(2 * M_PI * lamp->waves * y / HEIGHT + i * 1.9));
            double code = 16 + 219 * kr_encoded_of(light) + unit(&grain) - 0.5;
            f->plane[0][y * f->stride[0] + x] = (uint8_t)lrint(fmin(code, 235));
        }
    for (int p = 1; p < 3; p++)
        memset(f->plane[p], 128, (size_t)(f->stride[p] * kr_frame_plane_height(f, p)));
}

struct beats { // spread over time of the mean of bands of rows
    double before, after;
    bool same;
    double told;
};

static double rows_mean(const struct kr_frame *f, int band)
{
    double sum = 0;
    for (int y = band * 24; y < band * 24 + 24; y++)
        for (int x = 0; x < WIDTH; x++)
            sum += f->plane[0][y * f->stride[0] + x] / (24.0 * WIDTH);
    return sum;
}

static struct beats watch(struct kr_test *t, const struct lamp *lamp)
{
    enum { BANDS = HEIGHT / 24 };
    double sum[2][BANDS] = {0}, square[2][BANDS] = {0};
    struct kr_frame *f = NULL;
    struct kr_flicker *flicker = kr_flicker_create(25);
    struct beats beats = {.same = true};
    EXPECT_OK(kr_frame_create(KR_YUV420, WIDTH, HEIGHT, &f, &t->err));
    for (int i = 0; i < FRAMES; i++) {
        scene(f, lamp, i);
        kr_flicker_study(flicker, f, i == 0);
    }
    beats.told = kr_flicker_decide(flicker);
    for (int i = 0; i < FRAMES; i++) {
        scene(f, lamp, i);
        for (int k = 0; k < 2; k++) {
            if (k)
                beats.same = !kr_flicker_treat(flicker, (size_t)i, 1, f) && beats.same;
            for (int b = 0; b < BANDS; b++) {
                double mean = rows_mean(f, b);
                sum[k][b] += mean / FRAMES;
                square[k][b] += mean * mean / FRAMES;
            }
        }
    }
    for (int b = 0; b < BANDS; b++) {
        beats.before += sqrt(fmax(square[0][b] - sum[0][b] * sum[0][b], 0)) / BANDS;
        beats.after += sqrt(fmax(square[1][b] - sum[1][b] * sum[1][b], 0)) / BANDS;
    }
    print_message("told %.3f stops; bands beat by %.2f codes, then %.2f\n", beats.told,
                  beats.before, beats.after);
    kr_flicker_destroy(&flicker);
    kr_frame_destroy(&f);
    return beats;
}

TEST(a_lamp_that_flickers_comes_to_rest)
{
    struct beats b = watch(t, &(struct lamp){.whole = 0.2});
    EXPECT(b.after < 0.35 * b.before);
}

TEST(bands_that_roll_over_the_picture_go)
{
    struct beats b = watch(t, &(struct lamp){.wave = 0.12, .waves = 1.9});
    EXPECT(b.after < 0.4 * b.before);
}

TEST(a_steady_lamp_and_a_moving_camera_are_left_alone)
{
    struct beats still = watch(t, &(struct lamp){0}), pan = watch(t, &(struct lamp){.pan = 4});
    EXPECT(still.same && still.told == 0);
    EXPECT(pan.same && pan.told == 0);
}

TEST(lightning_is_no_lamp)
{
    struct beats b = watch(t, &(struct lamp){.flash = 0.8});
    EXPECT(b.same && b.told == 0);
}

// A few columns, each of one light, under a lamp that flickers and rolls.
static void columns(struct kr_frame *f, int i)
{
    uint32_t seed = (uint32_t)i * 7919u + 1;
    (void)unit(&seed);
    double whole = 0.2 * (2 * unit(&seed) - 1);
    for (int y = 0; y < f->height; y++) {
        double stops = whole + 0.1 * sin(2 * M_PI * 1.5 * y / f->height + i * 1.9);
        for (int level = 0; level < 4; level++) {
            double code = 16 + 219 * kr_encoded_of(0.08 * (level + 1) * exp2(stops));
            memset(f->plane[0] + y * f->stride[0] + level * f->width / 4, (int)lrint(code),
                   (size_t)f->width / 4);
        }
    }
    for (int p = 1; p < 3; p++)
        memset(f->plane[p], 128, (size_t)(f->stride[p] * kr_frame_plane_height(f, p)));
}

static double middle_rows(const struct kr_frame *f)
{
    double sum = 0;
    for (int y = f->height / 2; y < f->height / 2 + 6; y++)
        for (int x = 0; x < f->width; x++)
            sum += f->plane[0][y * f->stride[0] + x] / (6.0 * f->width);
    return sum;
}

TEST(a_lamp_that_flickers_for_a_minute_comes_to_rest_all_through)
{
    enum { LONG = 1500, PARTS = 15 };
    double change[2][PARTS] = {0}, last[2] = {0};
    struct kr_frame *f = NULL;
    struct kr_flicker *flicker = kr_flicker_create(25);
    EXPECT_OK(kr_frame_create(KR_YUV420, 96, 72, &f, &t->err));
    for (int i = 0; i < LONG; i++) {
        columns(f, i);
        kr_flicker_study(flicker, f, i == 0);
    }
    EXPECT(kr_flicker_decide(flicker) > 0.05);
    for (int i = 0; i < LONG; i++) {
        columns(f, i);
        for (int k = 0; k < 2; k++) {
            EXPECT(!k || kr_flicker_treat(flicker, (size_t)i, 1, f));
            double now = middle_rows(f);
            change[k][i * PARTS / LONG] += i ? fabs(now - last[k]) : 0;
            last[k] = now;
        }
    }
    for (int p = 0; p < PARTS; p++)
        EXPECT(change[1][p] < 0.2 * change[0][p]);
    kr_flicker_destroy(&flicker);
    kr_frame_destroy(&f);
}

TEST(short_and_tiny_clips_are_fine)
{
    for (int frames = 0; frames < 8; frames++) {
        struct kr_flicker *flicker = kr_flicker_create(NAN);
        struct kr_frame *f = NULL;
        EXPECT_OK(kr_frame_create(KR_YUV420, 1 + frames % 3, 1 + frames % 2, &f, &t->err));
        for (int p = 0; p < 3; p++)
            for (int y = 0; y < kr_frame_plane_height(f, p); y++)
                memset(f->plane[p] + y * f->stride[p], 128, kr_frame_row_bytes(f, p));
        for (int i = 0; i < frames; i++)
            kr_flicker_study(flicker, f, i % 4 == 0);
        EXPECT(kr_flicker_decide(flicker) == 0);
        EXPECT(!kr_flicker_treat(flicker, 0, 1, f) && !kr_flicker_treat(flicker, 99, 1, f));
        kr_frame_destroy(&f);
        kr_flicker_destroy(&flicker);
    }
}

MAIN(CASE(a_lamp_that_flickers_comes_to_rest), CASE(bands_that_roll_over_the_picture_go),
     CASE(a_steady_lamp_and_a_moving_camera_are_left_alone), CASE(lightning_is_no_lamp),
     CASE(a_lamp_that_flickers_for_a_minute_comes_to_rest_all_through),
     CASE(short_and_tiny_clips_are_fine))
