// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/rnnoise_priv.h"

#include "restore/quick.h"

#include "harness.h"
#include <math.h>

enum { RATE = 48000, FRAME = KR_RNNOISE_FRAME, LONG = 4 * RATE };

static double unit(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) / (double)(1 << 24);
}

static void noise(float *wave, int n, double size, uint32_t seed)
{
    for (int i = 0; i < n; i++)
        wave[i] = (float)(size * (unit(&seed) + unit(&seed) + unit(&seed) + unit(&seed) - 2));
}

// Like a voice: a tone that wanders, with two formants, in syllables; the last second is a pause.
static void voice(float *wave, double base_hz)
{
    double phase = 0;
    for (int i = 0; i < LONG; i++) {
        double s = i / (double)RATE, hz = base_hz * (1 + 0.2 * sin(2 * M_PI * 0.7 * s)), v = 0;
        double syllable = s < 3 ? pow(fmax(0, sin(2 * M_PI * 3.1 * s)), 0.7) : 0;
        phase += 2 * M_PI * hz / RATE;
        for (int k = 1; k < 30 && syllable > 0; k++)
            v += sin(k * phase) / k *
                 (1 + 2 * exp(-pow((k * hz - 600) / 300, 2)) +
                  1.5 * exp(-pow((k * hz - 1800) / 400, 2)));
        wave[i] = (float)(0.1 * syllable * v);
    }
}

// Runs all frames, in place. Returns the mean likelihood of a voice.
static double run_by(float *wave, int n, enum kr_rnnoise_way way)
{
    struct kr_rnnoise *r = kr_rnnoise_create_by(way);
    double sum = 0;
    for (int i = 0; i + FRAME <= n; i += FRAME)
        sum += (double)kr_rnnoise_run(r, wave + i);
    kr_rnnoise_destroy(&r);
    EXPECT(!r);
    return sum / (n / FRAME); // NOLINT: whole frames
}

static double run(float *wave, int n)
{
    return run_by(wave, n, kr_rnnoise_best_way());
}

static double level_db(const float *wave, int from, int n)
{
    double sum = 0;
    for (int i = from; i < from + n; i++)
        sum += (double)wave[i] * (double)wave[i];
    return 10 * log10(sum / n + 1e-30);
}

#define NEEDS_WEIGHTS()                                                                            \
    do {                                                                                           \
        if (!kr_rnnoise_there())                                                                   \
            SKIP("the build found no weights: npm ci in ui/");                                     \
    } while (0)

static struct kr_rnnoise_spectrum spectrum;
static struct kr_rnnoise_fourier fourier;

static void expect_fouriers(bool eights)
{
    float wave[KR_RNNOISE_WINDOW], back[KR_RNNOISE_WINDOW];
    kr_rnnoise_fourier_init(&fourier, eights);
    noise(wave, KR_RNNOISE_WINDOW, 1, 1);
    kr_rnnoise_forth(&fourier, wave, &spectrum);
    for (int k = 0; k < KR_RNNOISE_BINS; k++) {
        double re = 0, im = 0;
        for (int i = 0; i < KR_RNNOISE_WINDOW; i++) {
            re += (double)wave[i] * cos(2 * M_PI * k * i / KR_RNNOISE_WINDOW);
            im -= (double)wave[i] * sin(2 * M_PI * k * i / KR_RNNOISE_WINDOW);
        }
        EXPECT_NEAR((double)spectrum.re[k], re / KR_RNNOISE_WINDOW, 1e-7);
        EXPECT_NEAR((double)spectrum.im[k], im / KR_RNNOISE_WINDOW, 1e-7);
    }
    kr_rnnoise_back(&fourier, &spectrum, back);
    for (int i = 0; i < KR_RNNOISE_WINDOW; i++)
        EXPECT_NEAR((double)back[i], (double)wave[i], 2e-6);
}

TEST(the_transform_is_fouriers_and_goes_back)
{
    expect_fouriers(false);
    expect_fouriers(kr_loop_has_avx2());
}

TEST(the_pitch_of_a_voice_is_found)
{
    float past[KR_RNNOISE_PAST];
    for (int period = KR_RNNOISE_SHORTEST + 4; period < KR_RNNOISE_LONGEST - 8; period += 37) {
        struct kr_rnnoise_pitch pitch = {0};
        noise(past, KR_RNNOISE_PAST, 0.1, (uint32_t)period);
        for (int i = 0; i < KR_RNNOISE_PAST; i++) // harmonics up to 6 kHz
            for (int k = 1; k <= period / 8; k++)
                past[i] += (float)(100 * cos(2 * M_PI * k * i / period) / k);
        kr_rnnoise_pitch_find(&pitch, past);
        EXPECT_NEAR((double)pitch.period, (double)period, 2);
        EXPECT(pitch.sure > 0.65f); // one that lies between two samples of the half rate is less so
    }
}

// Every second pulse is weaker: is it one voice, or one an octave lower? The moment before decides.
TEST(a_voice_seldom_leaps_by_an_octave)
{
    float past[KR_RNNOISE_PAST];
    noise(past, KR_RNNOISE_PAST, 0.1, 2);
    for (int i = 0; i < KR_RNNOISE_PAST; i++)
        for (int k = 1; k < 20; k++)
            past[i] += (float)((k % 2 ? 0.55 : 1.45) * 50 * cos(2 * M_PI * k * i / 200) / k);
    struct kr_rnnoise_pitch fresh = {0}, high = {.period = 100, .sure = 0.7f};
    kr_rnnoise_pitch_find(&fresh, past);
    kr_rnnoise_pitch_find(&high, past);
    EXPECT_NEAR((double)fresh.period, 200, 2);
    EXPECT_NEAR((double)high.period, 100, 2);
}

static bool machine_goes(enum kr_rnnoise_way way)
{
    return way != KR_RNNOISE_AVX2 ? way <= kr_rnnoise_best_way() : kr_loop_has_avx2();
}

static void add_up(const struct kr_rnnoise_bytes *m, const struct kr_rnnoise_inputs *in,
                   enum kr_rnnoise_way way, struct kr_rnnoise_sums *out)
{
    if (way == KR_RNNOISE_PLAIN)
        kr_rnnoise_add_up(m, in, out);
    else if (way == KR_RNNOISE_AVX2)
        kr_rnnoise_add_up_avx2(m, in, out);
    else
        kr_rnnoise_add_up_vnni(m, in, out);
}

enum { GROUPS = 9, BLOCKS = 40 };

// Groups of no block, of five, of ten, and so on: even and odd ones.
static void make_bytes(int8_t bytes[GROUPS * BLOCKS * 32], uint8_t index[GROUPS * (BLOCKS + 1)],
                       int32_t total[8 * GROUPS])
{
    uint32_t seed = 7;
    memset(total, 0, 8 * GROUPS * sizeof *total);
    for (int i = 0; i < GROUPS * BLOCKS * 32; i++) // the largest ones too, side by side
        bytes[i] = (int8_t)(i < 640 ? (i % 64 < 32 ? 127 : -127) : unit(&seed) * 255 - 127);
    for (int g = 0, at = 0, block = 0; g < GROUPS; g++) {
        index[at++] = (uint8_t)(g * 5);
        for (int b = 0; b < g * 5; b++, block++) {
            index[at++] = (uint8_t)(unit(&seed) * KR_RNNOISE_STATE / 4);
            for (int i = 0; i < 32; i++)
                total[8 * g + i / 4] += bytes[32 * block + i];
        }
    }
}

// Against the definition: every output's bytes times what lies at their places.
TEST(bytes_are_added_up_alike_in_all_ways)
{
    static int8_t bytes[GROUPS * BLOCKS * 32];
    static uint8_t index[GROUPS * (BLOCKS + 1)];
    static struct kr_rnnoise_inputs in;
    static struct kr_rnnoise_sums out;
    int32_t total[8 * GROUPS], want[KR_RNNOISE_TOGETHER][8 * GROUPS] = {0};
    const struct kr_rnnoise_bytes m = {bytes, index, total, GROUPS};
    uint32_t seed = 3;
    make_bytes(bytes, index, total);
    for (int k = 0; k < KR_RNNOISE_TOGETHER; k++)
        for (int i = 0; i < KR_RNNOISE_STATE; i++)
            in.x[k][i] =
                (int8_t)((i + k) % 3 ? ((i + k) % 2 ? 127 : -127) : unit(&seed) * 255 - 127);
    for (int k = 0; k < KR_RNNOISE_TOGETHER; k++)
        for (int g = 0, at = 0, block = 0; g < GROUPS; g++)
            for (int left = index[at++]; left > 0; left--, at++, block++)
                for (int i = 0; i < 32; i++)
                    want[k][8 * g + i / 4] +=
                        bytes[32 * block + i] * in.x[k][4 * index[at] + i % 4];
    for (int way = KR_RNNOISE_PLAIN; way <= KR_RNNOISE_VNNI; way++)
        for (in.many = 1; in.many <= KR_RNNOISE_TOGETHER && machine_goes(way); in.many++) {
            memset(&out, 0, sizeof out);
            add_up(&m, &in, way, &out);
            for (int k = 0; k < in.many; k++)
                EXPECT(memcmp(out.of[k], want[k], sizeof want[k]) == 0);
        }
}

TEST(it_is_late_by_the_samples_it_says)
{
    NEEDS_WEIGHTS();
    static float wave[20 * FRAME], was[20 * FRAME];
    // So faint that it is no sound: it passes, and can be compared sample by sample.
    noise(wave, 20 * FRAME, 2e-7, 3);
    memcpy(was, wave, sizeof wave);
    run(wave, 20 * FRAME);
    double off = 0, all = 0;
    for (int i = 3 * FRAME; i < 20 * FRAME; i++) {
        double d = (double)wave[i] - (double)was[i - KR_RNNOISE_DELAY];
        off += d * d;
        all += (double)was[i] * (double)was[i];
    }
    EXPECT(off < 0.01 * all); // what the low cut takes

    static float spoken[LONG], clear[LONG];
    voice(spoken, 140);
    voice(clear, 140);
    run(spoken, LONG);
    double most = 0; // of the differences: the low cut turns the lowest tones a little
    int best = 0;
    for (int lag = KR_RNNOISE_DELAY - 60; lag <= KR_RNNOISE_DELAY + 60; lag++) {
        double sum = 0;
        for (int i = RATE; i < 2 * RATE; i++)
            sum +=
                (double)(clear[i] - clear[i - 1]) * (double)(spoken[i + lag] - spoken[i + lag - 1]);
        best = sum > most ? lag : best;
        most = fmax(most, sum);
    }
    EXPECT_INT(best, KR_RNNOISE_DELAY);
}

TEST(noise_goes_and_the_voice_stays)
{
    NEEDS_WEIGHTS();
    static float clear[LONG], wave[LONG], hiss[LONG];
    voice(clear, 140);
    noise(hiss, LONG, 0.02, 5);
    for (int i = 0; i < LONG; i++)
        wave[i] = clear[i] + hiss[i];
    double noise_before = level_db(hiss, 3 * RATE, RATE),
           voice_before = level_db(clear, RATE, RATE);
    run(wave, LONG);
    double pause = level_db(wave, 7 * RATE / 2, RATE / 2);
    double spoken = level_db(wave, RATE + KR_RNNOISE_DELAY, RATE);
    print_message("noise %.1f dB, in the pause %.1f; voice %.1f, then %.1f\n", noise_before, pause,
                  voice_before, spoken);
    EXPECT(pause < noise_before - 20);
    EXPECT_NEAR(spoken, voice_before, 1.5);
}

struct said {
    int frame;
    double voice, level_db;
};

static void compare(const struct said *said, int n, double base_hz, double hiss_size)
{
    static float wave[LONG], hiss[LONG];
    voice(wave, base_hz);
    noise(hiss, LONG, hiss_size, 5);
    for (int i = 0; i < LONG; i++)
        wave[i] += hiss[i];
    struct kr_rnnoise *r = kr_rnnoise_create();
    for (int f = 0, next = 0; next < n; f++) {
        double is = (double)kr_rnnoise_run(r, wave + f * FRAME);
        if (f == said[next].frame) {
            EXPECT_NEAR(is, said[next].voice, 0.004);
            EXPECT_NEAR(level_db(wave, f * FRAME, FRAME), said[next].level_db, 0.25);
            next++;
        }
    }
    kr_rnnoise_destroy(&r);
}

// What RNNoise's own program (the module in rnnoise-sync.js, by node) says of a low voice in a
// little hiss and of a high one in much: how likely a voice is, and the level of what comes out, in
// dB, at some frames.
TEST(it_says_what_rnnoise_says)
{
    NEEDS_WEIGHTS();
    static const struct said low[] = {
        {7, 0.9998, -19.68},    {23, 0.0170, -70.35},  {40, 1.0000, -18.75},
        {77, 1.0000, -18.02},   {111, 0.9999, -20.95}, {150, 0.0033, -63.58},
        {163, 0.9998, -36.91},  {199, 1.0000, -18.18}, {240, 0.9998, -20.30},
        {288, 0.0119, -100.28}, {301, 0.9959, -16.11}, {320, 0.0120, -103.48},
        {360, 0.0004, -115.42}};
    static const struct said high[] = {
        {7, 0.9996, -16.08},   {23, 0.1811, -62.52},  {40, 1.0000, -15.69},  {77, 1.0000, -16.89},
        {111, 0.9999, -18.94}, {150, 0.0116, -54.12}, {163, 0.9996, -34.51}, {199, 1.0000, -17.47},
        {240, 0.9999, -18.79}, {288, 0.0199, -95.32}, {301, 0.9967, -16.06}, {320, 0.0480, -94.39},
        {360, 0.0004, -126.16}};
    compare(low, KR_COUNT(low), 140, 0.02);
    compare(high, KR_COUNT(high), 300, 0.08);
}

TEST(silence_stays_silence_and_comes_back_after_sound)
{
    NEEDS_WEIGHTS();
    static float wave[LONG];
    memset(wave, 0, sizeof wave);
    EXPECT(run(wave, LONG) == 0);
    for (int i = 0; i < LONG; i++)
        EXPECT(wave[i] == 0);
    for (int i = 0; i < LONG; i++) // what is no number is no sound
        wave[i] = NAN;
    EXPECT(run(wave, LONG) == 0);
    for (int i = 0; i < LONG; i++)
        EXPECT(wave[i] == 0);
    memset(wave, 0, sizeof wave);
    noise(wave, RATE, 0.1, 6);
    run(wave, LONG);
    for (int i = 3 * RATE; i < LONG; i++)
        EXPECT(fabsf(wave[i]) < 1e-9f);
}

TEST(whatever_comes_in_finite_samples_go_out)
{
    NEEDS_WEIGHTS();
    static const float strange[] = {NAN, INFINITY, -INFINITY, 1e38f, -1e38f, 1e-42f, 8, -8, 0};
    static float wave[LONG];
    uint32_t seed = 11;
    voice(wave, 140);
    for (int i = LONG / 2; i < LONG; i++) // stretches of each, and single ones everywhere
        wave[i] = strange[i / 3000 % (int)KR_COUNT(strange)];
    for (int i = 0; i < LONG; i += 1 + (int)(unit(&seed) * 90))
        wave[i] = strange[(size_t)(unit(&seed) * KR_COUNT(strange))];
    double likely = run(wave, LONG);
    EXPECT(likely >= 0 && likely <= 1);
    for (int i = 0; i < LONG; i++)
        EXPECT(isfinite(wave[i]) && fabsf(wave[i]) < 64);
}

TEST(the_same_sound_gives_the_same_again_in_every_way)
{
    NEEDS_WEIGHTS();
    static float first[LONG], again[LONG], was[LONG], hiss[LONG];
    voice(was, 140);
    noise(hiss, LONG, 0.03, 9);
    for (int i = 0; i < LONG; i++)
        was[i] += hiss[i];
    memcpy(first, was, sizeof first);
    run(first, LONG);
    for (int way = KR_RNNOISE_PLAIN; way <= KR_RNNOISE_VNNI; way++) {
        memcpy(again, was, sizeof again);
        if (machine_goes(way))
            run_by(again, LONG, way);
        EXPECT(!machine_goes(way) || memcmp(first, again, sizeof first) == 0); // NOLINT: to the bit
    }
}

TEST(who_only_hears_hears_the_same)
{
    NEEDS_WEIGHTS();
    static float wave[LONG];
    struct kr_rnnoise *runs = kr_rnnoise_create(), *hears = kr_rnnoise_create();
    voice(wave, 200);
    memset(wave, 0, 9 * FRAME * sizeof *wave);
    for (int i = 0; i + FRAME <= LONG; i += FRAME) {
        float likely = kr_rnnoise_hear(hears, wave + i);
        EXPECT(kr_rnnoise_run(runs, wave + i) == likely);
    }
    kr_rnnoise_destroy(&runs);
    kr_rnnoise_destroy(&hears);
}

// One of them is silent at first: then the net is asked of the other alone.
TEST(two_together_are_heard_as_each_alone)
{
    NEEDS_WEIGHTS();
    static float alone[2][LONG], both[2][LONG];
    for (int k = 0; k < 2; k++) {
        voice(alone[k], k ? 300 : 140);
        memset(alone[k], 0, k ? 20 * FRAME * sizeof(float) : 0);
        memcpy(both[k], alone[k], sizeof alone[k]);
    }
    struct kr_rnnoise *one[2], *two[2];
    for (int k = 0; k < 2; k++) {
        one[k] = kr_rnnoise_create();
        two[k] = kr_rnnoise_create();
    }
    for (int i = 0; i + FRAME <= LONG; i += FRAME) {
        float *const frame[2] = {both[0] + i, both[1] + i}, voice_of[2];
        kr_rnnoise_run_two(two, frame, voice_of);
        for (int k = 0; k < 2; k++)
            EXPECT(kr_rnnoise_run(one[k], alone[k] + i) == voice_of[k]);
    }
    for (int k = 0; k < 2; k++) {
        EXPECT(memcmp(alone[k], both[k], sizeof alone[k]) == 0); // NOLINT: to the bit
        kr_rnnoise_destroy(&one[k]);
        kr_rnnoise_destroy(&two[k]);
    }
}

MAIN(CASE(the_transform_is_fouriers_and_goes_back), CASE(the_pitch_of_a_voice_is_found),
     CASE(a_voice_seldom_leaps_by_an_octave), CASE(bytes_are_added_up_alike_in_all_ways),
     CASE(it_is_late_by_the_samples_it_says), CASE(noise_goes_and_the_voice_stays),
     CASE(it_says_what_rnnoise_says), CASE(silence_stays_silence_and_comes_back_after_sound),
     CASE(whatever_comes_in_finite_samples_go_out),
     CASE(the_same_sound_gives_the_same_again_in_every_way), CASE(who_only_hears_hears_the_same),
     CASE(two_together_are_heard_as_each_alone))
