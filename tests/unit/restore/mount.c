// SPDX-License-Identifier: AGPL-3.0-or-later
// A chair whose every tremble is known rolls along a painted wall, its motor humming.
#include "restore/mount.h"

#include "harness.h"
#include "restore/warp.h"
#include <math.h>

enum { WIDTH = 480, HEIGHT = 270, WALL = 1000, FPS = 25, SECONDS = 8, FRAMES = FPS * SECONDS };

static double unit(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) / (double)(1 << 24);
}

static struct kr_frame *blank(struct kr_test *t, int width, int height)
{
    struct kr_frame *frame = NULL;
    EXPECT_OK(kr_frame_create(KR_YUV420, width, height, &frame, &t->err));
    for (int p = 0; p < 3; p++)
        memset(frame->plane[p], 128, (size_t)(frame->stride[p] * kr_frame_plane_height(frame, p)));
    return frame;
}

// Doors and windows: everything upright or level.
static struct kr_frame *wall(struct kr_test *t)
{
    uint32_t seed = 4;
    struct kr_frame *frame = blank(t, WALL, WALL);
    for (int i = 0; i < 400; i++) {
        int x = (int)(unit(&seed) * WALL), y = (int)(unit(&seed) * WALL);
        int w = 20 + (int)(unit(&seed) * 60), h = 30 + (int)(unit(&seed) * 90);
        for (int j = y; j < y + h && j < WALL; j++)
            memset(frame->plane[0] + j * frame->stride[0] + x, 20 + i * 37 % 200,
                   (size_t)(x + w < WALL ? w : WALL - x));
    }
    return frame;
}

// Trembles at 4 and at 9 times a second, leans `degrees` to the left.
static void look(const struct kr_frame *picture, int i, double degrees, struct kr_frame *out)
{
    double a = degrees * M_PI / 180, c = cos(a), s = sin(a), at = i / (double)FPS;
    double x = 460 + 12 * at + 2 * sin(2 * M_PI * 4 * at), y = 500 + 3 * sin(2 * M_PI * 9 * at);
    double m[6] = {c, -s, x - c * WIDTH / 2 + s * HEIGHT / 2,
                   s, c,  y - s * WIDTH / 2 - c * HEIGHT / 2};
    kr_warp_affine(picture, m, out);
}

static void hum(struct kr_samples *samples, int64_t from, double hz, uint32_t *seed)
{
    for (size_t i = 0; i < samples->n; i++) {
        double at = (double)(from + (int64_t)i) / KR_RATE, v = 0.02 * (unit(seed) - 0.5);
        for (int h = 1; h <= 3 && hz > 0; h++)
            v += 0.02 / h * sin(2 * M_PI * h * hz * at);
        samples->channel[0][i] = (float)v;
    }
}

static struct kr_mount_study *ride(struct kr_test *t, double degrees, double hz, int frames)
{
    struct kr_mount_study *study = NULL;
    struct kr_frame *picture = wall(t), *frame = blank(t, WIDTH, HEIGHT);
    struct kr_samples *samples = NULL;
    uint32_t seed = 9;
    EXPECT_OK(kr_mount_study_create(WIDTH, HEIGHT, FPS, 1, &study, &t->err));
    EXPECT_OK(kr_samples_create(KR_RATE, 1, KR_RATE / FPS, &samples, &t->err));
    for (int i = 0; i < frames; i++) {
        look(picture, i, degrees, frame);
        kr_mount_see(study, frame);
        hum(samples, (int64_t)i * KR_RATE / FPS, hz, &seed);
        kr_mount_hear(study, samples);
    }
    kr_samples_destroy(&samples);
    kr_frame_destroy(&picture);
    kr_frame_destroy(&frame);
    return study;
}

TEST(a_ride_tells_how_its_mount_leans_trembles_and_hums)
{
    KR_AUTO(kr_mount_study_destroy) struct kr_mount_study *study = ride(t, 3, 181, FRAMES);
    struct kr_mount mount;
    EXPECT_OK(kr_mount_learn(study, &mount, &t->err));
    print_message("tilt %.2f, %.1f..%.1f Hz, %.2f px, tone %.1f Hz\n", mount.tilt, mount.low_hz,
                  mount.high_hz, mount.tremor, mount.tone_hz);
    EXPECT_NEAR(mount.tilt, 3, 0.5);
    EXPECT_NEAR(mount.low_hz, 4, 0.5);
    EXPECT_NEAR(mount.high_hz, 9, 0.5);
    EXPECT_NEAR(mount.tone_hz, 181, 0.4);
    EXPECT(mount.tremor > 1.5 && mount.tremor < 6);
}

TEST(where_nothing_hums_or_leans_nothing_is_learnt_of_it)
{
    KR_AUTO(kr_mount_study_destroy) struct kr_mount_study *study = ride(t, 0, 0, FRAMES);
    struct kr_mount mount;
    EXPECT_OK(kr_mount_learn(study, &mount, &t->err));
    EXPECT_NEAR(mount.tilt, 0, 0);
    EXPECT_NEAR(mount.tone_hz, 0, 0);
}

TEST(too_short_a_ride_teaches_nothing)
{
    KR_AUTO(kr_mount_study_destroy) struct kr_mount_study *study = ride(t, 0, 0, 3 * FPS);
    struct kr_mount mount = {.tilt = 7};
    EXPECT_FAIL(kr_mount_learn(study, &mount, &t->err), KR_E_INVALID);
    EXPECT_NEAR(mount.tilt, 7, 0);
}

TEST(a_mount_is_written_and_read_again)
{
    struct kr_mount mount = {-2.5, 3, 11, 1.5, 240}, again = {0};
    KR_AUTO(kr_json_drop) json_t *value = kr_mount_new_json(&mount);
    EXPECT_OK(kr_mount_of_json(value, &again, &t->err));
    EXPECT_NEAR(again.tilt, -2.5, 0);
    EXPECT_NEAR(again.tone_hz, 240, 0);
    kr_json_set_real(value, "tilt", 80);
    EXPECT_FAIL(kr_mount_of_json(value, &again, &t->err), KR_E_INVALID);
    KR_AUTO(kr_json_drop) json_t *none = json_string("chair");
    EXPECT_FAIL(kr_mount_of_json(none, &again, &t->err), KR_E_INVALID);
    EXPECT_NEAR(again.tilt, -2.5, 0);
}

MAIN(CASE(a_ride_tells_how_its_mount_leans_trembles_and_hums),
     CASE(where_nothing_hums_or_leans_nothing_is_learnt_of_it),
     CASE(too_short_a_ride_teaches_nothing), CASE(a_mount_is_written_and_read_again))
