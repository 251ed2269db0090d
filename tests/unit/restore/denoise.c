// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/denoise_priv.h"

#include "harness.h"
#include "restore/noise.h"
#include <math.h>

enum { WIDTH = 175, HEIGHT = 97, FRAMES = 10 };

static double unit(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) / (double)(1 << 24);
}

// Blocks and stripes, moved by some pixels a frame, with noise of some strength.
static void scene(struct kr_frame *f, int at, double noise, uint32_t *grain)
{
    for (int p = 0; p < 3; p++)
        for (int y = 0; y < kr_frame_plane_height(f, p); y++)
            for (int x = 0; x < (int)kr_frame_row_bytes(f, p); x++) {
                int px = (p ? 2 * x : x) + at, py = p ? 2 * y : y;
                uint32_t patch = (uint32_t)(px / 31 * 31 + py / 23) * 2654435761u + 3u;
                double sum = 0, clean = p ? 128 : 40 + 60 * unit(&patch);
                for (int k = 0; k < 4; k++)
                    sum += unit(grain) - 0.5;
                f->plane[p][y * f->stride[p] + x] =
                    (uint8_t)lrint(fmin(fmax(clean + noise * sqrt(3) * sum, 0), 255));
            }
}

static double off(const struct kr_frame *truth, struct kr_denoise *denoise, int plane)
{
    double sum = 0;
    int n = (int)kr_frame_row_bytes(truth, plane), rows = kr_frame_plane_height(truth, plane);
    for (int y = 0; y < rows; y++) {
        const uint16_t *row = kr_denoise_row(denoise, plane, y);
        for (int x = 0; x < n; x++)
            sum += pow(row[x] / 64.0 - truth->plane[plane][y * truth->stride[plane] + x], 2);
    }
    return sqrt(sum / n / rows);
}

struct left { // of the noise, after the first and the last frame; of luma and Cb
    double first, last, chroma;
};

static struct left clean(struct kr_test *t, double noise, int speed, int cut)
{
    struct kr_frame *f = NULL, *truth = NULL;
    struct kr_denoise *denoise = NULL;
    struct left left = {0};
    float sigma[3] = {(float)noise, (float)noise, (float)noise};
    uint32_t grain = 11, none = 1;
    EXPECT_OK(kr_frame_create(KR_YUV420, WIDTH, HEIGHT, &f, &t->err));
    EXPECT_OK(kr_frame_create(KR_YUV420, WIDTH, HEIGHT, &truth, &t->err));
    EXPECT_OK(kr_denoise_create(WIDTH, HEIGHT, &denoise, &t->err));
    for (int i = 0; i < FRAMES; i++) {
        int at = i * speed + (i >= cut ? 517 : 0);
        scene(f, at, noise, &grain);
        scene(truth, at, 0, &none);
        kr_denoise_next(denoise, f, sigma, i == 0);
        double luma = off(truth, denoise, 0);
        left = (struct left){i ? left.first : luma, luma, off(truth, denoise, 1)};
    }
    print_message("noise %.1f speed %d: %.2f, then %.2f, chroma %.2f\n", noise, speed, left.first,
                  left.last, left.chroma);
    kr_denoise_destroy(&denoise);
    kr_frame_destroy(&f);
    kr_frame_destroy(&truth);
    return left;
}

TEST(noise_goes_where_nothing_moves_and_where_something_does)
{
    struct left still = clean(t, 6, 0, FRAMES), moving = clean(t, 6, 6, FRAMES);
    EXPECT(still.first < 6 * 0.85); // one frame alone
    EXPECT(still.last < 6 * 0.4 && still.chroma < 6 * 0.25);
    EXPECT(moving.last < 6 * 0.6);
}

TEST(another_picture_leaves_no_ghost)
{
    struct left cut = clean(t, 6, 0, FRAMES - 1); // the cut is not told
    EXPECT(cut.last < 6 * 0.95);
}

TEST(the_noise_of_a_shot_is_measured)
{
    struct kr_noise *noise = kr_noise_create();
    struct kr_frame *f = NULL;
    EXPECT_OK(kr_frame_create(KR_YUV420, WIDTH, HEIGHT, &f, &t->err));
    for (int frames = 1; frames <= 4; frames += 3)
        for (int strength = 0; strength <= 8; strength += 4) {
            float sigma[3];
            uint32_t grain = 5;
            for (int i = 0; i < frames; i++) {
                scene(f, 3 * i, strength, &grain);
                kr_noise_add(noise, f);
            }
            kr_noise_judge(noise, sigma);
            EXPECT_NEAR((double)sigma[0], strength, 0.35 * strength + 0.6);
            EXPECT_NEAR((double)sigma[2], strength, 0.35 * strength + 0.6);
        }
    kr_frame_destroy(&f);
    kr_noise_destroy(&noise);
}

// One sample at a time never fills a vector.
TEST(vectors_give_the_same_bytes)
{
    enum { N = 83 };
    uint8_t now[N + 9 * N], halved[2][N];
    uint16_t v[4][2 * N], out[2][N], limit[2][N];
    uint32_t seed = 3;
    for (size_t i = 0; i < sizeof now; i++)
        now[i] = (uint8_t)(256 * unit(&seed));
    for (int k = 0; k < 4; k++)
        for (int i = 0; i < 2 * N; i++)
            v[k][i] = (uint16_t)(16320 * unit(&seed));
    for (int i = 0; i < N; i++) {
        limit[0][i] = (uint16_t)(4000 * unit(&seed));
        limit[1][i] = (uint16_t)(4000 * unit(&seed));
    }
    struct kr_denoise_mix mix = {.most = 29000, .far = 5000, .span = 3000, .fall = 10};
    struct kr_denoise_bands bands = {v[0], v[1], v[2], {limit[0], limit[1]}, 8000};
    kr_denoise_mix_row(now, v[0], N, &mix, out[0]);
    for (int i = 0; i < N; i++)
        kr_denoise_mix_row(now + i, v[0] + i, 1, &mix, out[1] + i);
    EXPECT(memcmp(out[0], out[1], sizeof out[0]) == 0);
    kr_denoise_smooth(v[0], v[1], v[2], N, out[0]);
    for (int i = 0; i < N; i++)
        kr_denoise_smooth(v[0] + i, v[1] + i, v[2] + i, 1, out[1] + i);
    EXPECT(memcmp(out[0], out[1], sizeof out[0]) == 0);
    kr_denoise_shrink(&bands, N, out[0]);
    for (int i = 0; i < N; i++) {
        struct kr_denoise_bands one = {
            v[0] + i, v[1] + i, v[2] + i, {limit[0] + i, limit[1] + i}, 8000};
        kr_denoise_shrink(&one, 1, out[1] + i);
    }
    EXPECT(memcmp(out[0], out[1], sizeof out[0]) == 0);
    kr_denoise_halve(now, now + 2 * N, N, halved[0]);
    for (int i = 0; i < N; i++)
        kr_denoise_halve(now + 2 * i, now + 2 * N + 2 * i, 1, halved[1] + i);
    EXPECT(memcmp(halved[0], halved[1], N) == 0);
    kr_denoise_halve_fine(v[0], v[1], N, halved[0]);
    for (int i = 0; i < N; i++)
        kr_denoise_halve_fine(v[0] + 2 * i, v[1] + 2 * i, 1, halved[1] + i);
    EXPECT(memcmp(halved[0], halved[1], N) == 0);
    EXPECT_INT(kr_denoise_differs(now, now + 13, N, 8, 8),
               kr_denoise_differs(now, now + 13, N, 5, 8) +
                   kr_denoise_differs(now + 5, now + 18, N, 3, 8));
}

TEST(the_smallest_frames_are_fine)
{
    float sigma[3] = {5, 5, 5};
    for (int size = 1; size < 20; size++) {
        struct kr_frame *f = NULL;
        struct kr_denoise *denoise = NULL;
        uint32_t grain = 1;
        EXPECT_OK(kr_frame_create(KR_YUV420, size, size, &f, &t->err));
        EXPECT_OK(kr_denoise_create(size, size, &denoise, &t->err));
        for (int i = 0; i < 3; i++) {
            scene(f, i, 5, &grain);
            kr_denoise_next(denoise, f, sigma, i == 0);
            for (int p = 0; p < 3; p++)
                for (int y = 0; y < kr_frame_plane_height(f, p); y++)
                    EXPECT(kr_denoise_row(denoise, p, y)[0] <= 16320);
        }
        kr_denoise_destroy(&denoise);
        kr_frame_destroy(&f);
    }
}

MAIN(CASE(noise_goes_where_nothing_moves_and_where_something_does),
     CASE(another_picture_leaves_no_ghost), CASE(the_noise_of_a_shot_is_measured),
     CASE(vectors_give_the_same_bytes), CASE(the_smallest_frames_are_fine))
