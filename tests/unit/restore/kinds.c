// SPDX-License-Identifier: AGPL-3.0-or-later
// A piano and a song are music; a speaker, a fan and a machine are not.
#include "restore/kinds.h"

#include "harness.h"
#include "restore/omlsa.h"
#include <math.h>

enum { N = 8 * KR_RATE };

static double unit(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) / (double)(1 << 24);
}

static void hear(void *who, struct kr_spectrum *frame)
{
    kr_kinds_add(who, frame);
}

static struct kr_kinds *kinds_of(float *wave)
{
    struct kr_kinds *kinds = kr_kinds_create();
    struct kr_stft_listener listener = {hear, kinds, true};
    struct kr_stft *stft = kr_stft_create(1, KR_OMLSA_SIZE, &listener);
    kr_stft_run(stft, (float *const[]){wave}, N);
    kr_stft_destroy(&stft);
    return kinds;
}

static void add_noise(float *wave, double size, uint32_t seed)
{
    for (int i = 0; i < N; i++)
        wave[i] += (float)(size * (unit(&seed) + unit(&seed) + unit(&seed) - 1.5));
}

// Two to four notes a second, each dying away.
static void play(float *wave, uint32_t seed)
{
    for (double at = 0; at < 7.5; at += unit(&seed) < 0.5 ? 0.25 : 0.5) {
        double hz = 220 * pow(2, floor(unit(&seed) * 24) / 12);
        for (int i = (int)(at * KR_RATE), from = i; i < N; i++) {
            double s = (i - from) / (double)KR_RATE, v = 0;
            for (int k = 1; k < 6; k++)
                v += sin(2 * M_PI * k * hz * s) / k;
            wave[i] += (float)(0.05 * v * exp(-2 * s) * fmin(1, s * 200));
        }
    }
}

// Held notes with some vibrato.
static void sing(float *wave, uint32_t seed)
{
    double phase = 0, hz = 220;
    for (int i = 0; i < N; i++) {
        double s = i / (double)KR_RATE, v = 0;
        if (i % (KR_RATE * 3 / 5) == 0)
            hz = 220 * pow(2, floor(unit(&seed) * 12) / 12);
        phase += 2 * M_PI * hz * (1 + 0.008 * sin(2 * M_PI * 5.5 * s)) / KR_RATE;
        for (int k = 1; k < 12; k++)
            v += sin(k * phase) / k;
        wave[i] = (float)(0.1 * v);
    }
}

// Syllables whose pitch falls, with pauses.
static void speak(float *wave, uint32_t seed)
{
    double phase = 0, from = 140;
    for (int i = 0; i < N; i++) {
        double s = fmod(i / (double)KR_RATE, 0.28), v = 0;
        if (i % (int)(0.28 * KR_RATE) == 0)
            from = 110 + 80 * unit(&seed);
        phase += 2 * M_PI * from * (1.15 - s) / KR_RATE;
        for (int k = 1; k < 25; k++)
            v += sin(k * phase) / k;
        wave[i] = (float)(0.1 * v * fmax(0, sin(M_PI * s / 0.22)));
    }
}

TEST(music_and_singing_are_told_from_speech)
{
    void (*const makes[])(float *, uint32_t) = {play, sing, speak};
    for (uint32_t seed = 21; seed < 24; seed++)
        for (size_t m = 0; m < KR_COUNT(makes); m++) {
            float *wave = kr_new_array(float, N);
            makes[m](wave, seed);
            add_noise(wave, 0.002, seed);
            struct kr_kinds *kinds = kinds_of(wave);
            double music = kr_kinds_music(kinds);
            print_message("%s, seed %u: music %.2f\n",
                          m == 0   ? "piano"
                          : m == 1 ? "song"
                                   : "speech",
                          seed, music);
            EXPECT(m < 2 ? music > 0.6 : music < 0.1);
            kr_kinds_destroy(&kinds);
            kr_free(&wave);
        }
}

TEST(noise_and_a_machine_are_no_music)
{
    float *wave = kr_new_array(float, N);
    for (int i = 0; i < N; i++)
        wave[i] = (float)(0.02 * sin(2 * M_PI * 1730.0 * i / KR_RATE));
    add_noise(wave, 0.02, 5);
    struct kr_kinds *kinds = kinds_of(wave);
    for (uint64_t at = 4 * KR_RATE; at < N; at += KR_RATE / 10)
        EXPECT(kr_kinds_music_at(kinds, at) < 0.1f);
    kr_kinds_destroy(&kinds);
    kr_free(&wave);
}

TEST(a_song_between_words_is_found_in_its_place)
{
    float *wave = kr_new_array(float, N), *song = kr_new_array(float, N);
    speak(wave, 31);
    sing(song, 31);
    for (int i = 3 * KR_RATE; i < 6 * KR_RATE; i++)
        wave[i] = song[i];
    struct kr_kinds *kinds = kinds_of(wave);
    for (uint64_t at = 0; at < N; at += KR_RATE / 10) {
        double s = (double)at / KR_RATE;
        if (s < 1.8 || s > 7.2)
            EXPECT(kr_kinds_music_at(kinds, at) < 0.1f);
        if (s > 3.3 && s < 5.5)
            EXPECT(kr_kinds_music_at(kinds, at) > 0.9f);
    }
    EXPECT(kr_kinds_music_at(kinds, 100 * (uint64_t)N) < 0.01f); // beyond the end
    kr_kinds_destroy(&kinds);
    kr_free(&wave);
    kr_free(&song);
}

TEST(nothing_heard_is_no_music)
{
    struct kr_kinds *kinds = kr_kinds_create();
    EXPECT(kr_kinds_music(kinds) < 0.01 && kr_kinds_music_at(kinds, 0) < 0.01f);
    kr_kinds_destroy(&kinds);
}

// A drum, four strokes a second, each a little off, over some noise.
static void drum(float *wave, double off_s, uint32_t seed)
{
    add_noise(wave, 0.002, seed);
    for (int k = 0; k < 30; k++) {
        int from = (int)((0.26 * k + off_s * (2 * unit(&seed) - 1)) * KR_RATE);
        double size = (k % 2 ? 0.05 : 0.1) * (0.8 + 0.4 * unit(&seed));
        for (int i = from < 0 ? 0 : from; i < N && i < from + KR_RATE / 8; i++)
            wave[i] += (float)(size * exp(-(i - from) / (0.02 * KR_RATE)) * (2 * unit(&seed) - 1));
    }
}

TEST(drums_have_a_beat_and_strokes_at_random_have_none)
{
    float *even = kr_new_array(float, N), *odd = kr_new_array(float, N);
    drum(even, 0.01, 3);
    drum(odd, 0.13, 3);
    KR_AUTO(kr_kinds_destroy) struct kr_kinds *beats = kinds_of(even), *random = kinds_of(odd);
    print_message("%.2f, %.2f\n", (double)kr_kinds_beat_at(beats, N / 2),
                  (double)kr_kinds_beat_at(random, N / 2));
    EXPECT(kr_kinds_beat_at(beats, 0) > 0.8f && kr_kinds_beat_at(beats, N / 2) > 0.8f);
    EXPECT(kr_kinds_beat_at(random, N / 2) < 0.2f);
    kr_kinds_destroy(&random);
    kr_free(&even);
    kr_free(&odd);
}

// Half of its power is short strokes: between them it is still one piece.
TEST(a_piece_of_strokes_and_held_notes_is_music_all_along)
{
    float *wave = kr_new_array(float, N), *song = kr_new_array(float, N);
    sing(song, 41);
    for (int i = 0; i < N; i++)
        wave[i] = i / (KR_RATE / 2) % 4 < 2 ? 0.1f * song[i] : 0;
    drum(wave, 0.13, 9);
    KR_AUTO(kr_kinds_destroy) struct kr_kinds *kinds = kinds_of(wave);
    float least = 1, single = 1;
    for (uint64_t at = 0; at < N; at += KR_RATE / 10) {
        least = fminf(least, kr_kinds_piece_at(kinds, at));
        single = fminf(single, kr_kinds_music_at(kinds, at));
    }
    print_message("music %.2f, at least %.2f; by single notes %.2f\n", kr_kinds_music(kinds),
                  (double)least, (double)single);
    EXPECT(least > 0.9f && single < 0.5f);
    speak(wave, 33);
    kr_kinds_destroy(&kinds);
    kinds = kinds_of(wave);
    for (uint64_t at = 0; at < N; at += KR_RATE / 10)
        EXPECT(kr_kinds_piece_at(kinds, at) < 0.1f);
    kr_free(&wave);
    kr_free(&song);
}

MAIN(CASE(music_and_singing_are_told_from_speech), CASE(noise_and_a_machine_are_no_music),
     CASE(a_song_between_words_is_found_in_its_place), CASE(nothing_heard_is_no_music),
     CASE(drums_have_a_beat_and_strokes_at_random_have_none),
     CASE(a_piece_of_strokes_and_held_notes_is_music_all_along))
