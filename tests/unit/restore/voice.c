// SPDX-License-Identifier: AGPL-3.0-or-later
// The net's answer on one channel and two: in time, mixed, and without moving anybody.
#include "restore/voice.h"

#include "harness.h"
#include "restore/rnnoise.h"
#include <math.h>

enum { N = 4 * KR_RATE, SPARE = 4096 };

static void speak_in_noise(float *wave, uint32_t seed)
{
    double phase = 0;
    for (int i = 0; i < N; i++) {
        double s = i / (double)KR_RATE, v = 0;
        phase += 2 * M_PI * (150 + 20 * sin(4 * s)) / KR_RATE;
        for (int k = 1; k < 20; k++)
            v += sin(k * phase) / k;
        seed = seed * 1664525u + 1013904223u;
        double noise = (seed >> 8) / (double)(1 << 24) - 0.5;
        wave[i] = (float)(0.1 * v * fmax(0, sin(2 * M_PI * 2 * s)) + 0.02 * noise);
    }
}

// What has less noise is here the sound as it came.
static void run(int channels, double mix, float *const wave[])
{
    enum { MANY = 811 };
    struct kr_voice *voice = kr_voice_create(channels, mix);
    size_t late = kr_voice_delay(voice);
    float raw[2][MANY];
    EXPECT(late <= SPARE);
    for (size_t at = 0, many; at < N + late; at += many) {
        many = at + MANY < N + late ? MANY : N + late - at;
        float *const now[] = {wave[0] + at, channels == 2 ? wave[1] + at : NULL};
        for (int c = 0; c < channels; c++)
            memcpy(raw[c], now[c], many * sizeof(float));
        kr_voice_run(voice, (float *const[]){raw[0], raw[1]}, now, many);
    }
    for (int c = 0; c < channels; c++)
        memmove(wave[c], wave[c] + late, N * sizeof(float));
    kr_voice_destroy(&voice);
}

TEST(none_of_it_is_only_a_delay)
{
    if (!kr_rnnoise_there())
        SKIP("built without rnnoise's weights");
    for (int channels = 1; channels <= 2; channels++) {
        float *truth = kr_new_array(float, N + SPARE), *wave[2];
        speak_in_noise(truth, 3);
        for (int c = 0; c < 2; c++) {
            wave[c] = kr_new_array(float, N + SPARE);
            memcpy(wave[c], truth, N * sizeof *truth);
        }
        run(channels, 0, wave);
        for (int i = 0; i < N; i++)
            EXPECT_NEAR((double)wave[0][i], (double)truth[i], 1e-6);
        kr_free(&truth);
        kr_free(&wave[0]);
        kr_free(&wave[1]);
    }
}

TEST(the_noise_between_words_goes_and_nobody_moves)
{
    if (!kr_rnnoise_there())
        SKIP("built without rnnoise's weights");
    float *left = kr_new_array(float, N + SPARE), *right = kr_new_array(float, N + SPARE);
    speak_in_noise(left, 4);
    for (int i = 0; i < N; i++)
        right[i] = left[i] / 2;
    double was = 0, is = 0;
    int from = 3 * KR_RATE + KR_RATE * 3 / 10, to = from + KR_RATE / 8; // a pause
    for (int i = from; i < to; i++)
        was += (double)left[i] * (double)left[i];
    run(2, 1, (float *const[]){left, right});
    for (int i = from; i < to; i++)
        is += (double)left[i] * (double)left[i];
    print_message("in a pause %.1f dB\n", 10 * log10(is / was));
    EXPECT(is < was / 10);
    for (int i = 0; i < N; i++)
        EXPECT_NEAR((double)right[i], (double)left[i] / 2, 1e-6);
    kr_free(&left);
    kr_free(&right);
}

MAIN(CASE(none_of_it_is_only_a_delay), CASE(the_noise_between_words_goes_and_nobody_moves))
