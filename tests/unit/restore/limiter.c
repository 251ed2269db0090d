// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/limiter.h"

#include "harness.h"
#include "restore/lowcut.h"
#include <math.h>

enum { RATE = 48000, LONG = RATE };

static float *tone(double hz, double size)
{
    float *wave = kr_new_array(float, LONG);
    for (int i = 0; i < LONG; i++)
        wave[i] = (float)(size * sin(2 * M_PI * hz * i / RATE + 0.7));
    return wave;
}

TEST(what_stays_below_the_line_is_only_multiplied)
{
    (void)t;
    float *wave = tone(440, 0.3), *was = tone(440, 0.3);
    struct kr_limiter *limiter = kr_limiter_create(1, 2, 0.8);
    kr_limiter_run(limiter, &wave, LONG);
    for (int i = KR_LIMITER_DELAY; i < LONG; i++)
        EXPECT(wave[i] == was[i - KR_LIMITER_DELAY] * 2);
    kr_limiter_destroy(&limiter);
    EXPECT(!limiter);
    kr_free(&wave);
    kr_free(&was);
}

// A quarter of the sample rate, half-way between samples: its peaks are seen by no sample.
TEST(no_peak_passes_the_line_not_even_between_samples)
{
    (void)t;
    float *left = kr_new_array(float, LONG), *right = kr_new_array(float, LONG);
    for (int i = 0; i < LONG; i++) {
        double burst = i / 6000 % 2 ? 1.0 : 0.05;
        left[i] = (float)(burst * sin(M_PI / 2 * i + M_PI / 4));
        right[i] = (float)(0.1 * sin(0.01 * i));
    }
    struct kr_limiter *limiter = kr_limiter_create(2, 4, 0.8);
    for (int at = 0; at < LONG; at += 1000) { // in pieces, as a stream comes
        float *const piece[] = {left + at, right + at};
        kr_limiter_run(limiter, piece, 1000);
    }
    for (int i = 1; i + 1 < LONG; i++) {
        EXPECT(fabsf(left[i]) <= 0.8001f);
        // Between two samples of this tone the peak is sqrt 2 times what they show.
        EXPECT(hypotf(left[i], left[i + 1]) <= 0.8f * 1.02f);
    }
    kr_limiter_destroy(&limiter);
    kr_free(&left);
    kr_free(&right);
}

static double level(const float *wave, int from)
{
    double sum = 0;
    for (int i = from; i < LONG; i++)
        sum += (double)wave[i] * (double)wave[i];
    return sqrt(2 * sum / (LONG - from));
}

TEST(rumble_goes_and_the_voice_keeps_its_phase)
{
    (void)t;
    static const struct {
        double hz, least, most;
    } cases[] = {{0, 0, 0.001},     {10, 0, 0.12},     {30, 0.2, 0.5},
                 {100, 0.97, 1.03}, {140, 0.97, 1.03}, {3000, 0.999, 1.001}};
    for (size_t k = 0; k < KR_COUNT(cases); k++) {
        float *wave = tone(cases[k].hz, 0.5), *was = tone(cases[k].hz, 0.5);
        struct kr_lowcut *cut = kr_new(struct kr_lowcut);
        kr_lowcut(cut, wave, LONG, NULL);
        double size = level(wave, RATE / 10) / 0.5;
        EXPECT(size >= cases[k].least && size <= cases[k].most);
        for (int i = RATE / 10; i < LONG && cases[k].hz >= 100; i++)
            EXPECT_NEAR((double)wave[i], (double)was[i - KR_LOWCUT_DELAY], 0.02);
        kr_free(&cut);
        kr_free(&wave);
        kr_free(&was);
    }
}

TEST(after_the_sound_there_is_silence_again)
{
    (void)t;
    float *wave = tone(55, 0.9);
    struct kr_lowcut *cut = kr_new(struct kr_lowcut);
    kr_lowcut(cut, wave, LONG, NULL);
    memset(wave, 0, LONG * sizeof *wave);
    kr_lowcut(cut, wave, LONG, NULL);
    for (int i = 2 * KR_LOWCUT_DELAY; i < LONG; i++)
        EXPECT(wave[i] == 0);
    kr_free(&cut);
    kr_free(&wave);
}

MAIN(CASE(what_stays_below_the_line_is_only_multiplied),
     CASE(no_peak_passes_the_line_not_even_between_samples),
     CASE(rumble_goes_and_the_voice_keeps_its_phase), CASE(after_the_sound_there_is_silence_again))
