// SPDX-License-Identifier: AGPL-3.0-or-later
// A voice is cut off at half its height and drawn again; what was whole stays.
#include "restore/declip.h"

#include "harness.h"
#include <math.h>

enum { N = 4 * KR_RATE, ALL = N + KR_DECLIP_DELAY };

static void speak(float *wave)
{
    double phase = 0;
    for (int i = 0; i < N; i++) {
        double s = i / (double)KR_RATE, hz = 150 + 20 * sin(4 * s), v = 0;
        phase += 2 * M_PI * hz / KR_RATE;
        for (int k = 1; k < 25; k++)
            v += sin(k * phase + k * k) / k * (1 + 2 * exp(-pow((k * hz - 700) / 300, 2)));
        wave[i] = (float)(0.1 * v * fmax(0, sin(2 * M_PI * 2 * s)));
    }
}

static double apart(const float *truth, const float *out)
{
    double all = 0, off = 0;
    for (int i = 0; i < N; i++) {
        double d = (double)out[i] - (double)truth[i];
        all += (double)truth[i] * (double)truth[i];
        off += d * d;
    }
    return 10 * log10(all / (off + 1e-20));
}

TEST(what_was_cut_off_is_drawn_again)
{
    float *truth = kr_new_array(float, ALL), *wave = kr_new_array(float, ALL), top = 0;
    speak(truth);
    for (int i = 0; i < N; i++)
        top = fmaxf(top, fabsf(truth[i]));
    for (int i = 0; i < N; i++)
        wave[i] = fminf(fmaxf(truth[i], -0.5f * top), 0.5f * top);
    struct kr_clip_finder finder = {0};
    for (size_t at = 0; at < N; at += 4800)
        kr_clip_finder_add(&finder, wave + at, 4800);
    EXPECT(kr_clip_finder_is_clipped(&finder));
    EXPECT_NEAR((double)finder.rails.high, 0.5 * (double)top, 1e-6);
    double before = apart(truth, wave);
    struct kr_declip *declip = kr_declip_create(1, &finder.rails);
    for (size_t at = 0; at < ALL; at += 1024)
        kr_declip_run(declip, (float *const[]){wave + at}, ALL - at < 1024 ? ALL - at : 1024);
    double after = apart(truth, wave + KR_DECLIP_DELAY);
    print_message("%.1f dB, then %.1f\n", before, after);
    EXPECT(after > before + 8);
    kr_declip_destroy(&declip);
    kr_free(&truth);
    kr_free(&wave);
}

TEST(whole_sounds_are_not_cut_off)
{
    float *wave = kr_new_array(float, ALL);
    for (int kind = 0; kind < 3; kind++) {
        if (kind == 0)
            speak(wave);
        for (int i = 0; i < N && kind; i++) // a deep tone is nearly flat on its own top
            wave[i] = (float)(0.9 * sin(2 * M_PI * (kind == 1 ? 60 : 1000) * i / KR_RATE));
        struct kr_clip_finder finder = {0};
        for (size_t at = 0; at < N; at += 4800)
            kr_clip_finder_add(&finder, wave + at, 4800);
        EXPECT(!kr_clip_finder_is_clipped(&finder));
    }
    kr_free(&wave);
}

TEST(a_square_wave_and_silence_stay_finite)
{
    for (int kind = 0; kind < 2; kind++) {
        float *wave = kr_new_array(float, ALL);
        for (int i = 0; i < N && kind; i++)
            wave[i] = i / 50 % 2 ? 1.0f : -1.0f;
        struct kr_clip_rails rails = {1, -1};
        struct kr_declip *declip = kr_declip_create(1, &rails);
        kr_declip_run(declip, (float *const[]){wave}, ALL);
        for (int i = 0; i < ALL; i++)
            EXPECT(fabsf(wave[i]) <= (kind ? 4.0f : 0.0f));
        kr_declip_destroy(&declip);
        kr_free(&wave);
    }
}

MAIN(CASE(what_was_cut_off_is_drawn_again), CASE(whole_sounds_are_not_cut_off),
     CASE(a_square_wave_and_silence_stay_finite))
