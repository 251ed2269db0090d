// SPDX-License-Identifier: AGPL-3.0-or-later
// The transform against the sum that defines it; frames taken apart and put together.
#include "restore/stft.h"

#include "harness.h"
#include <math.h>

static float noise(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (float)((*seed >> 8) / (double)(1 << 23) - 1);
}

static const int sizes[] = {16, 24, 32, 64, 96, 256, 384, 1024, 1536, 2048, 4096};

TEST(every_size_is_the_sum_that_defines_it)
{
    for (size_t s = 0; s < KR_COUNT(sizes) && sizes[s] <= 1536; s++) {
        int n = sizes[s];
        float *x = kr_new_array(float, (size_t)n), *re = kr_new_array(float, (size_t)n),
              *im = kr_new_array(float, (size_t)n);
        uint32_t seed = (uint32_t)n;
        for (int i = 0; i < n; i++)
            x[i] = noise(&seed);
        struct kr_fft *fft = kr_fft_create(n);
        kr_fft_forward(fft, x, re, im);
        for (int k = 0; k <= n / 2; k += n > 100 ? 7 : 1) {
            double sum_re = 0, sum_im = 0;
            for (int i = 0; i < n; i++) {
                sum_re += (double)x[i] * cos(2 * M_PI * (double)k * i / n);
                sum_im -= (double)x[i] * sin(2 * M_PI * (double)k * i / n);
            }
            EXPECT_NEAR((double)re[k], sum_re, 1e-5 * sqrt(n) * 4);
            EXPECT_NEAR((double)im[k], sum_im, 1e-5 * sqrt(n) * 4);
        }
        kr_fft_destroy(&fft);
        kr_free(&x);
        kr_free(&re);
        kr_free(&im);
    }
}

TEST(there_and_back_changes_nothing)
{
    for (size_t s = 0; s < KR_COUNT(sizes); s++) {
        size_t n = (size_t)sizes[s];
        float *x = kr_new_array(float, n), *y = kr_new_array(float, n),
              *re = kr_new_array(float, n), *im = kr_new_array(float, n);
        uint32_t seed = 7;
        for (size_t i = 0; i < n; i++)
            x[i] = noise(&seed);
        struct kr_fft *fft = kr_fft_create(sizes[s]);
        kr_fft_forward(fft, x, re, im);
        kr_fft_inverse(fft, re, im, y);
        for (size_t i = 0; i < n; i++)
            EXPECT_NEAR((double)y[i], (double)x[i], 2e-6);
        kr_fft_destroy(&fft);
        kr_free(&x);
        kr_free(&y);
        kr_free(&re);
        kr_free(&im);
    }
}

static void leave(void *who, struct kr_spectrum *frame)
{
    *(int *)who += frame->bins;
}

// In uneven pieces; both channels must come out `size` later, and as they were.
TEST(frames_add_up_to_the_sound_they_came_from)
{
    enum { SIZE = 1536, N = 20000 };
    int bins = 0;
    struct kr_stft_listener listener = {leave, &bins, false};
    struct kr_stft *stft = kr_stft_create(2, SIZE, &listener);
    float *in[2], *out[2];
    uint32_t seed = 3;
    for (int c = 0; c < 2; c++) {
        in[c] = kr_new_array(float, N);
        out[c] = kr_new_array(float, N);
        for (int i = 0; i < N; i++)
            in[c][i] = out[c][i] = noise(&seed);
    }
    for (size_t at = 0, many; at < N; at += many) {
        many = 1 + at % 577 < N - at ? 1 + at % 577 : N - at;
        float *const piece[] = {out[0] + at, out[1] + at};
        kr_stft_run(stft, piece, many);
    }
    for (int c = 0; c < 2; c++) {
        for (int i = SIZE; i < N; i++)
            EXPECT_NEAR((double)out[c][i], (double)in[c][i - SIZE], 3e-6);
        kr_free(&in[c]);
        kr_free(&out[c]);
    }
    EXPECT_INT(bins, N / (SIZE / 4) * (SIZE / 2 + 1));
    kr_stft_destroy(&stft);
}

MAIN(CASE(every_size_is_the_sum_that_defines_it), CASE(there_and_back_changes_nothing),
     CASE(frames_add_up_to_the_sound_they_came_from))
