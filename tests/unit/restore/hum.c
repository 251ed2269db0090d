// SPDX-License-Identifier: AGPL-3.0-or-later
// A hum with overtones under a voice: found to a hundredth, taken, the voice left.
#include "restore/hum.h"

#include "harness.h"
#include <math.h>

enum { N = 11 * KR_RATE, ALL = N + KR_HUM_DELAY };

static double unit(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) / (double)(1 << 24);
}

static void add_hum(float *wave, double hz, double size, uint32_t seed)
{
    for (int k = 1; k <= 15; k++) {
        double height = size / pow(k, 0.8), phase = 2 * M_PI * unit(&seed);
        for (int i = 0; i < N; i++)
            wave[i] += (float)(height * sin(2 * M_PI * k * hz * i / KR_RATE + phase));
    }
}

// Syllables whose pitch falls, with a pause after every sixth.
static void speak(float *wave, uint32_t seed)
{
    double phase = 0, from = 140;
    for (int i = 0; i < N; i++) {
        double t = i / (double)KR_RATE, s = fmod(t, 0.28), v = 0;
        if (i % (int)(0.28 * KR_RATE) == 0)
            from = 110 + 80 * unit(&seed);
        phase += 2 * M_PI * from * (1.15 - s) / KR_RATE;
        for (int k = 1; k < 25; k++)
            v += sin(k * phase) / k;
        bool pause = (int)(t / 0.28) % 7 == 6;
        wave[i] += (float)(pause ? 0 : 0.15 * v * fmax(0, sin(M_PI * s / 0.22)));
    }
}

static double pitch_of(float *const channel[], int channels)
{
    struct kr_hum_finder *finder = kr_hum_finder_create(channels);
    for (size_t at = 0, many; at < N; at += many) {
        many = at + 7777 < N ? 7777 : N - at;
        float *const now[] = {channel[0] + at, channels == 2 ? channel[1] + at : NULL};
        kr_hum_finder_add(finder, now, many);
    }
    double hz = kr_hum_finder_hz(finder);
    kr_hum_finder_destroy(&finder);
    return hz;
}

// How far `out` is from the truth, in dB; no gain is forgiven.
static double distance(const float *truth, const float *out)
{
    double all = 0, off = 0;
    for (int i = 0; i < N; i++) {
        double d = (double)out[i] - (double)truth[i];
        all += (double)truth[i] * (double)truth[i];
        off += d * d;
    }
    return 10 * log10(all / (off + 1e-20));
}

TEST(hum_goes_and_the_voice_stays)
{
    static const double pitches[] = {50, 49.87, 60.11};
    for (size_t p = 0; p < KR_COUNT(pitches); p++) {
        float *truth = kr_new_array(float, ALL), *wave = kr_new_array(float, ALL);
        speak(truth, 5 + (uint32_t)p);
        memcpy(wave, truth, N * sizeof *wave);
        add_hum(wave, pitches[p], 0.05, 6 + (uint32_t)p);
        float *const one[] = {wave};
        double before = distance(truth, wave), hz = pitch_of(one, 1);
        EXPECT_NEAR(hz, pitches[p], 0.05);
        struct kr_hum *hum = kr_hum_create(1, hz, N);
        kr_hum_run(hum, one, ALL);
        double after = distance(truth, wave + KR_HUM_DELAY);
        print_message("%.2f Hz found as %.2f: %.1f dB, then %.1f\n", pitches[p], hz, before, after);
        EXPECT(after > 24 && after > before + 18);
        kr_hum_destroy(&hum);
        kr_free(&truth);
        kr_free(&wave);
    }
}

// Each channel has a hum of its own height; what has none loses nothing.
TEST(each_channel_loses_its_own_hum)
{
    float *left = kr_new_array(float, ALL), *right = kr_new_array(float, ALL);
    float *truth = kr_new_array(float, ALL);
    speak(truth, 9);
    memcpy(left, truth, N * sizeof *left);
    memcpy(right, truth, N * sizeof *right);
    add_hum(left, 50.05, 0.1, 10);
    float *const both[] = {left, right};
    struct kr_hum *hum = kr_hum_create(2, pitch_of(both, 2), N);
    kr_hum_run(hum, both, ALL);
    EXPECT(distance(truth, left + KR_HUM_DELAY) > 22);
    EXPECT(distance(truth, right + KR_HUM_DELAY) > 28);
    kr_hum_destroy(&hum);
    kr_free(&left);
    kr_free(&right);
    kr_free(&truth);
}

TEST(a_voice_alone_and_noise_alone_have_no_hum)
{
    for (uint32_t seed = 40; seed < 44; seed++) {
        float *wave = kr_new_array(float, ALL);
        if (seed % 2)
            speak(wave, seed);
        for (uint32_t i = 0, die = seed; i < N; i++)
            wave[i] += (float)(0.01 * (unit(&die) - 0.5));
        EXPECT(pitch_of((float *const[]){wave}, 1) == 0);
        kr_free(&wave);
    }
}

TEST(nothing_short_and_silent_survives)
{
    struct kr_hum_finder *finder = kr_hum_finder_create(1);
    EXPECT(kr_hum_finder_hz(finder) == 0);
    kr_hum_finder_destroy(&finder);
    for (size_t n = 0; n < 3000; n += 999) {
        float *wave = kr_new_array(float, ALL);
        struct kr_hum *hum = kr_hum_create(1, 50, n);
        kr_hum_run(hum, (float *const[]){wave}, n + KR_HUM_DELAY);
        for (int i = 0; i < ALL; i++)
            EXPECT(wave[i] == 0);
        kr_hum_destroy(&hum);
        kr_free(&wave);
    }
}

TEST(a_gap_in_the_file_stays_silent)
{
    float *wave = kr_new_array(float, ALL);
    enum { GAP = N / 2, LONG = KR_RATE };
    for (int i = 0; i < N; i++)
        wave[i] = i >= GAP && i < GAP + LONG ? 0 : (float)(0.1 * sin(2 * M_PI * 50 * i / KR_RATE));
    struct kr_hum *hum = kr_hum_create(1, 50, N);
    kr_hum_run(hum, (float *const[]){wave}, N + KR_HUM_DELAY);
    for (int i = GAP + 1000; i < GAP + LONG - 1000; i++)
        EXPECT(wave[i + KR_HUM_DELAY] == 0);
    kr_hum_destroy(&hum);
    kr_free(&wave);
}

MAIN(CASE(a_gap_in_the_file_stays_silent), CASE(hum_goes_and_the_voice_stays),
     CASE(each_channel_loses_its_own_hum), CASE(a_voice_alone_and_noise_alone_have_no_hum),
     CASE(nothing_short_and_silent_survives))
