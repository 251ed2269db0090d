// SPDX-License-Identifier: AGPL-3.0-or-later
// A voice that we make ourselves is covered with noise and asked back.
#include "restore/sound.h"

#include "harness.h"
#include "restore/rnnoise.h"
#include "restore/sound_study.h"
#include <ebur128.h>
#include <math.h>

enum { SECONDS = 8, LONG = SECONDS * KR_RATE };

static double unit(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) / (double)(1 << 24);
}

// Like a voice: a falling and rising tone with formants, in syllables, with pauses.
static float *voice(double size)
{
    float *wave = kr_new_array(float, LONG);
    double phase = 0;
    for (int i = 0; i < LONG; i++) {
        double s = i / (double)KR_RATE, hz = 140 + 30 * sin(2 * M_PI * 0.7 * s), v = 0;
        phase += 2 * M_PI * hz / KR_RATE;
        double syllable = fmax(0, sin(2 * M_PI * 3.1 * s)), speaks = fmod(s, 2.4) < 1.7;
        for (int k = 1; k < 18 && speaks > 0 && syllable > 0; k++)
            v += sin(k * phase) / k *
                 (1 + 2 * exp(-pow((k * hz - 600) / 300, 2)) +
                  1.5 * exp(-pow((k * hz - 1800) / 400, 2)));
        wave[i] = (float)(size * speaks * pow(syllable, 0.7) * v);
    }
    return wave;
}

static double energy(const float *wave, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)wave[i] * (double)wave[i];
    return sum / (double)n;
}

static float *with_noise(const float *wave, double snr_db, uint32_t seed)
{
    float *out = kr_new_array(float, LONG);
    double size = sqrt(energy(wave, LONG) * pow(10, -snr_db / 10));
    for (int i = 0; i < LONG; i++) { // twelve dice make a bell
        double sum = -6;
        for (int k = 0; k < 12; k++)
            sum += unit(&seed);
        out[i] = wave[i] + (float)(size * sum);
    }
    return out;
}

// How far `out` is from any multiple of the truth, in dB (Le Roux et al. 2019).
static double si_sdr(const float *truth, const float *out)
{
    double tt = 0, to = 0, oo = 0;
    for (int i = 0; i < LONG; i++) {
        tt += (double)truth[i] * (double)truth[i];
        to += (double)truth[i] * (double)out[i];
        oo += (double)out[i] * (double)out[i];
    }
    return 10 * log10(to * to / tt / fmax(oo - to * to / tt, 1e-20));
}

// The lag at which two signals agree best, within a millisecond.
static int best_lag(const float *a, const float *b)
{
    int best = 0;
    double most = -1e30;
    for (int lag = -48; lag <= 48; lag++) {
        double sum = 0;
        for (int i = 48; i < LONG - 48; i++)
            sum += (double)a[i] * (double)b[i + lag];
        if (sum > most) {
            most = sum;
            best = lag;
        }
    }
    return best;
}

static double loudness(const float *wave, double *peak_db)
{
    ebur128_state *meter = ebur128_init(1, KR_RATE, EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK);
    double lufs = 0, peak = 0;
    EXPECT(!ebur128_add_frames_float(meter, wave, LONG));
    EXPECT(!ebur128_loudness_global(meter, &lufs) && !ebur128_true_peak(meter, 0, &peak));
    ebur128_destroy(&meter);
    *peak_db = 20 * log10(peak + 1e-10);
    return lufs;
}

static void feed(struct kr_test *t, struct kr_sound *sound, const float *wave, size_t n, int pass,
                 float *out, size_t *came)
{
    size_t piece = 1017; // not a divisor of anything
    for (size_t at = 0; at < n; at += piece) {
        struct kr_samples *in = NULL;
        size_t many = n - at < piece ? n - at : piece;
        EXPECT_OK(kr_samples_create(KR_RATE, 1, many, &in, &t->err));
        memcpy(in->channel[0], wave + at, many * sizeof(float));
        in->at = (int64_t)at;
        if (pass == 0)
            EXPECT_OK(kr_sound_study(sound, in, &t->err));
        else if (pass == 1)
            EXPECT_OK(kr_sound_rehearse(sound, in, &t->err));
        else
            EXPECT_OK(kr_sound_push(sound, in, &t->err));
        kr_samples_destroy(&in);
        if (pass == 2 && at + piece >= n)
            EXPECT_OK(kr_sound_end(sound, &t->err));
        for (struct kr_samples *got = NULL; pass == 2;) {
            EXPECT_OK(kr_sound_pull(sound, &got, &t->err));
            if (!got)
                break;
            EXPECT_INT(got->at, (int64_t)*came);
            EXPECT(*came + got->n <= n);
            memcpy(out + *came, got->channel[0], got->n * sizeof(float));
            *came += got->n;
            kr_samples_destroy(&got);
        }
    }
}

// Study, rehearsal where it is wanted, treatment. Asserts that as many samples come out as go in.
static float *treat(struct kr_test *t, const float *wave, size_t n, json_t **report)
{
    struct kr_sound *sound = NULL;
    float *out = kr_new_array(float, n + 1);
    size_t came = 0;
    EXPECT_OK(kr_sound_create(0.8, 1, &sound, &t->err));
    feed(t, sound, wave, n, 0, NULL, NULL);
    EXPECT_OK(kr_sound_decide(sound, report, &t->err));
    while (kr_sound_rehearses(sound)) {
        feed(t, sound, wave, n, 1, NULL, NULL);
        EXPECT_OK(kr_sound_settle(sound, *report, &t->err));
    }
    feed(t, sound, wave, n, 2, out, &came);
    EXPECT_INT((int64_t)came, (int64_t)n);
    kr_sound_destroy(&sound);
    return out;
}

TEST(a_voice_in_noise_becomes_clear_and_loud_enough_and_keeps_its_time)
{
    float *truth = voice(0.02);
    for (int snr = 5; snr <= 20; snr += 5) {
        float *noisy = with_noise(truth, snr, (uint32_t)snr);
        KR_AUTO(kr_json_drop) json_t *report = NULL;
        float *out = treat(t, noisy, LONG, &report);
        double before = si_sdr(truth, noisy), after = si_sdr(truth, out), peak;
        double lufs = loudness(out, &peak);
        print_message("snr %d: %.1f dB, then %.1f; %.2f LUFS, %.2f dBTP; %s\n", snr, before, after,
                      lufs, peak, kr_json_text(t->mem, report));
        EXPECT(kr_json_bool(report, "denoise", false));
        EXPECT(after > before + 5);
        EXPECT_NEAR(lufs, -16, 0.3);
        EXPECT(peak <= -1);
        EXPECT(abs(best_lag(truth, out)) <= 1); // the net's comb leans on a gliding pitch
        kr_free(&noisy);
        kr_free(&out);
    }
    kr_free(&truth);
}

TEST(a_clean_voice_stays_clean)
{
    float *truth = voice(0.02);
    KR_AUTO(kr_json_drop) json_t *report = NULL;
    float *faint = with_noise(truth, 50, 3);
    float *out = treat(t, faint, LONG, &report);
    double peak, lufs = loudness(out, &peak);
    print_message("%.1f dB; %.2f LUFS, %.2f dBTP; %s\n", si_sdr(faint, out), lufs, peak,
                  kr_json_text(t->mem, report));
    EXPECT(!kr_json_bool(report, "denoise", true) && !kr_json_bool(report, "rumble", true));
    EXPECT(si_sdr(faint, out) > 28);
    EXPECT_NEAR(lufs, -16, 0.3);
    EXPECT(peak <= -1);
    kr_free(&truth);
    kr_free(&faint);
    kr_free(&out);
}

TEST(sound_of_the_right_level_comes_out_as_it_went_in)
{
    float *truth = voice(0.02);
    double peak, gain = pow(10, (-16 - loudness(truth, &peak)) / 20);
    for (int i = 0; i < LONG; i++)
        truth[i] *= (float)gain * 0.98f;
    EXPECT(loudness(truth, &peak) < -16 && peak < -1);
    KR_AUTO(kr_json_drop) json_t *report = NULL;
    float *out = treat(t, truth, LONG, &report);
    print_message("%s\n", kr_json_text(t->mem, report));
    EXPECT(!kr_json_bool(report, "done", true));
    EXPECT(memcmp(truth, out, LONG * sizeof(float)) == 0); // NOLINT: to the bit
    kr_free(&truth);
    kr_free(&out);
}

TEST(rumble_is_taken_out)
{
    float *truth = voice(0.02), *out;
    double size = sqrt(energy(truth, LONG)) * 4; // 12 dB over the voice
    for (int i = 0; i < LONG; i++)
        truth[i] += (float)(size * sin(2 * M_PI * 12 * i / KR_RATE));
    KR_AUTO(kr_json_drop) json_t *report = NULL;
    float *clear = voice(0.02);
    out = treat(t, truth, LONG, &report);
    print_message("%.1f dB, then %.1f; %s\n", si_sdr(clear, truth), si_sdr(clear, out),
                  kr_json_text(t->mem, report));
    EXPECT(kr_json_bool(report, "rumble", false));
    EXPECT(si_sdr(clear, out) > si_sdr(clear, truth) + 12);
    EXPECT_INT(best_lag(clear, out), 0);
    kr_free(&truth);
    kr_free(&clear);
    kr_free(&out);
}

TEST(hum_is_taken_out_and_named)
{
    float *truth = voice(0.02), *wave = voice(0.02);
    for (int k = 1; k <= 12; k++)
        for (int i = 0; i < LONG; i++)
            wave[i] += (float)(0.015 / k * sin(2 * M_PI * 49.95 * k * i / KR_RATE + k * k));
    KR_AUTO(kr_json_drop) json_t *report = NULL;
    float *out = treat(t, wave, LONG, &report);
    double peak, lufs = loudness(out, &peak);
    print_message("%.1f dB, then %.1f; %s\n", si_sdr(truth, wave), si_sdr(truth, out),
                  kr_json_text(t->mem, report));
    EXPECT_NEAR(kr_json_real(report, "hum_hz", 0), 49.95, 0.05);
    EXPECT(si_sdr(truth, out) > 24);
    EXPECT_NEAR(lufs, -16, 0.3);
    EXPECT_INT(best_lag(truth, out), 0);
    kr_free(&truth);
    kr_free(&wave);
    kr_free(&out);
}

TEST(tops_cut_off_are_drawn_again)
{
    float *truth = voice(0.1), *wave = voice(0.1), top = 0;
    for (int i = 0; i < LONG; i++)
        top = fmaxf(top, fabsf(truth[i]));
    for (int i = 0; i < LONG; i++)
        wave[i] = fminf(fmaxf(truth[i], -0.4f * top), 0.4f * top);
    KR_AUTO(kr_json_drop) json_t *report = NULL;
    float *out = treat(t, wave, LONG, &report);
    print_message("%.1f dB, then %.1f; %s\n", si_sdr(truth, wave), si_sdr(truth, out),
                  kr_json_text(t->mem, report));
    EXPECT(kr_json_bool(report, "clipped", false));
    EXPECT(si_sdr(truth, out) > si_sdr(truth, wave) + 3);
    kr_free(&truth);
    kr_free(&wave);
    kr_free(&out);
}

// Notes that die away, over some noise.
TEST(music_stays_as_it_was_played)
{
    float *song = kr_new_array(float, LONG);
    uint32_t seed = 8;
    for (double at = 0; at < SECONDS - 1; at += 0.4) {
        double hz = 220 * pow(2, floor(unit(&seed) * 24) / 12);
        for (int from = (int)(at * KR_RATE), i = from; i < LONG; i++) {
            double s = (i - from) / (double)KR_RATE, v = 0;
            for (int k = 1; k < 6; k++)
                v += sin(2 * M_PI * k * hz * s) / k;
            song[i] += (float)(0.01 * v * exp(-2 * s) * fmin(1, s * 200));
        }
    }
    float *wave = with_noise(song, 25, 9);
    KR_AUTO(kr_json_drop) json_t *report = NULL;
    float *out = treat(t, wave, LONG, &report);
    print_message("%.1f dB; %s\n", si_sdr(wave, out), kr_json_text(t->mem, report));
    EXPECT(kr_json_real(report, "music", 0) > 0.7);
    EXPECT(si_sdr(wave, out) > 30);
    kr_free(&song);
    kr_free(&wave);
    kr_free(&out);
}

static double level_db(const float *wave, double from_s, double to_s)
{
    size_t from = (size_t)(from_s * KR_RATE), to = (size_t)(to_s * KR_RATE);
    return 10 * log10(energy(wave + from, to - from));
}

// A child that cries without a pause, in a hissing room: no noise is heard beside it.
TEST(who_cries_and_never_pauses_is_no_noise)
{
    float *wave = kr_new_array(float, LONG);
    double phase = 0;
    for (int i = 0; i < LONG; i++) {
        double s = i / (double)KR_RATE, v = 0;
        phase += 2 * M_PI * (450 + 110 * sin(12 * s) + 90 * sin(19.7 * s)) / KR_RATE;
        for (int k = 1; k < 12; k++)
            v += sin(k * phase) / k;
        wave[i] = (float)(0.03 * v * (s < 0.5 || s > 7.5 ? 0 : 1 + 0.3 * sin(2 * M_PI * 1.3 * s)));
    }
    float *noisy = with_noise(wave, 32, 7);
    KR_AUTO(kr_json_drop) json_t *report = NULL;
    float *out = treat(t, noisy, LONG, &report);
    print_message("%.1f dB; %s\n", si_sdr(noisy, out), kr_json_text(t->mem, report));
    EXPECT(si_sdr(noisy, out) > 38);
    EXPECT(level_db(out, 7.6, 7.9) - level_db(out, 3, 4) < -30); // nor is the hiss made louder
    kr_free(&wave);
    kr_free(&noisy);
    kr_free(&out);
}

// Of a wave, what lies between two places.
static float *between(const float *wave, double from_s, double to_s)
{
    float *part = kr_new_array(float, LONG);
    for (int i = (int)(from_s * KR_RATE); i < (int)(to_s * KR_RATE); i++)
        part[i] = wave[i];
    return part;
}

// Two seconds of noise around one vowel would be heard by everybody.
TEST(a_vowel_that_is_drawn_out_is_cleared_like_the_rest)
{
    float *truth = voice(0.02);
    for (int i = 3 * KR_RATE; i < 4.9 * KR_RATE; i++) {
        double v = 0;
        for (int k = 1; k < 18; k++)
            v += sin(2 * M_PI * k * 220 * i / KR_RATE) / k * (1 + 2 * exp(-pow(k / 2.0 - 2, 2)));
        truth[i] = (float)(0.008 * v);
    }
    float *noisy = with_noise(truth, 10, 21);
    KR_AUTO(kr_json_drop) json_t *report = NULL;
    float *out = treat(t, noisy, LONG, &report);
    float *said = between(truth, 2.6, 5.2), *was = between(noisy, 2.6, 5.2);
    float *now = between(out, 2.6, 5.2);
    print_message("%.1f dB, then %.1f; %s\n", si_sdr(said, was), si_sdr(said, now),
                  kr_json_text(t->mem, report));
    EXPECT(si_sdr(said, now) > si_sdr(said, was) + 5);
    float *all[] = {truth, noisy, out, said, was, now};
    for (size_t i = 0; i < KR_COUNT(all); i++)
        kr_free(&all[i]);
}

// Four seconds near the microphone, three far from it.
TEST(a_soft_voice_comes_nearer_to_a_loud_one)
{
    float *wave = voice(0.04);
    for (int i = LONG * 5 / 8; i < LONG; i++)
        wave[i] *= 0.16f;
    float *noisy = with_noise(wave, 50, 8);
    KR_AUTO(kr_json_drop) json_t *report = NULL;
    float *out = treat(t, noisy, LONG, &report);
    double was = level_db(wave, 1, 4) - level_db(wave, 6, 7.7);
    double is = level_db(out, 1, 4) - level_db(out, 6, 7.7), peak;
    print_message("%.1f dB apart, then %.1f\n", was, is);
    EXPECT(kr_json_bool(report, "levelled", false));
    EXPECT(is < was - 3);
    EXPECT_NEAR(loudness(out, &peak), -16, 0.3);
    EXPECT(peak <= -1);
    kr_free(&wave);
    kr_free(&noisy);
    kr_free(&out);
}

// A stroke: noise and a tone that die away.
static void strike(float *wave, double at_s, double size, double hz, double lasts_s, uint32_t *seed)
{
    int from = (int)(at_s * KR_RATE), to = (int)((at_s + 6 * lasts_s) * KR_RATE);
    for (int i = from; i < to && i < LONG; i++) {
        double s = (i - from) / (double)KR_RATE;
        double ring = hz > 0 ? sin(2 * M_PI * hz * s) : 0;
        wave[i] += (float)(size * exp(-s / lasts_s) * (ring + 1.5 * unit(seed) - 0.75));
    }
}

static void drum(float *wave, uint32_t *seed)
{
    for (int k = 0; k < 32; k++)
        strike(wave, 0.05 + 0.24 * k + 0.02 * unit(seed), k % 2 ? 0.03 : 0.06, k % 4 ? 180 : 70,
               0.06 + 0.04 * unit(seed), seed);
}

static void clap(float *wave, uint32_t *seed)
{
    for (double at = 0.05; at < 7.9; at += 0.05 + 0.25 * unit(seed))
        strike(wave, at, 0.03 + 0.03 * unit(seed), 0, 0.02 + 0.03 * unit(seed), seed);
}

static void crack(float *wave, uint32_t *seed) // a string of firecrackers, and its echo
{
    for (double at = 0.5; at < 7; at += 0.02 + 0.1 * unit(seed)) {
        strike(wave, at, 0.05 + 0.1 * unit(seed), 0, 0.004, seed);
        strike(wave, at + 0.03, 0.01, 0, 0.15, seed);
    }
}

static void ring(float *wave, uint32_t *seed) // bells
{
    for (double at = 0.1; at < 7; at += 0.7)
        for (int k = 1; k < 5; k++)
            strike(wave, at, 0.03 / k, 620 * (k + 0.1 * unit(seed)), 0.5 / k, seed);
}

static void laugh(float *wave, uint32_t *seed)
{
    for (double at = 0.2; at < 7.5; at += unit(seed) < 0.15 ? 0.7 : 0.2 + 0.04 * unit(seed)) {
        double phase = 0, from = 280 + 60 * unit(seed);
        for (int n = (int)(0.12 * KR_RATE), i = 0; i < n; i++) {
            double part = i / (double)n, v = 0.3 * exp(-6 * part) * (unit(seed) - 0.5);
            phase += 2 * M_PI * from * (1 - 0.25 * part) / KR_RATE;
            for (int k = 1; k < 16; k++)
                v += sin(k * phase) / k;
            wave[(int)(at * KR_RATE) + i] += (float)(0.03 * sin(M_PI * part) * v);
        }
    }
}

static const struct made {
    const char *name;
    void (*make)(float *wave, uint32_t *seed);
    double noise_db, least_db;
} alone[] = {{"drums", drum, 45, 30},
             {"claps", clap, 45, 30},
             {"firecrackers", crack, 45, 25},
             {"bells", ring, 45, 30},
             {"laughter", laugh, 28, 25}};

// Only a build with the net knows who speaks.
TEST(what_is_no_voice_stays_as_it_was)
{
    for (size_t k = 0; kr_rnnoise_there() && k < KR_COUNT(alone); k++)
        for (uint32_t seed = 51; seed < 53; seed++) {
            uint32_t dice = seed;
            float *wave = kr_new_array(float, LONG);
            alone[k].make(wave, &dice);
            float *noisy = with_noise(wave, alone[k].noise_db, seed);
            KR_AUTO(kr_json_drop) json_t *report = NULL;
            float *out = treat(t, noisy, LONG, &report);
            print_message("%s: %.1f dB; %s\n", alone[k].name, si_sdr(noisy, out),
                          kr_json_text(t->mem, report));
            EXPECT(si_sdr(noisy, out) > alone[k].least_db);
            kr_free(&wave);
            kr_free(&noisy);
            kr_free(&out);
        }
}

// Eight seconds of drums, then somebody speaks in noise.
TEST(drums_before_a_voice_stay_and_the_voice_becomes_clear)
{
    uint32_t seed = 61;
    float *both = kr_new_array(float, 2 * LONG), *truth = voice(0.02);
    drum(both, &seed);
    float *noisy = with_noise(truth, 8, seed);
    memcpy(both + LONG, noisy, LONG * sizeof(float));
    KR_AUTO(kr_json_drop) json_t *report = NULL;
    float *out = treat(t, both, (size_t)2 * LONG, &report);
    double kept = si_sdr(both, out), was = si_sdr(truth, noisy), is = si_sdr(truth, out + LONG);
    print_message("drums %.1f dB; voice %.1f dB, then %.1f; %s\n", kept, was, is,
                  kr_json_text(t->mem, report));
    EXPECT(kept > 20 || !kr_rnnoise_there());
    EXPECT(is > was + 3);
    kr_free(&both);
    kr_free(&truth);
    kr_free(&noisy);
    kr_free(&out);
}

TEST(silence_stays_silence)
{
    float *none = kr_new_array(float, LONG);
    KR_AUTO(kr_json_drop) json_t *report = NULL;
    float *out = treat(t, none, LONG, &report);
    EXPECT(!kr_json_bool(report, "done", true) && kr_json_bool(report, "silent", false));
    EXPECT(energy(out, LONG) == 0);
    kr_free(&none);
    kr_free(&out);
}

TEST(noise_alone_is_not_made_a_storm)
{
    float *none = kr_new_array(float, LONG);
    uint32_t seed = 4;
    for (int i = 0; i < LONG; i++)
        none[i] = (float)(0.002 * (unit(&seed) + unit(&seed) - 1));
    KR_AUTO(kr_json_drop) json_t *report = NULL;
    float *out = treat(t, none, LONG, &report);
    EXPECT(energy(out, LONG) < energy(none, LONG) * 4.1);
    kr_free(&none);
    kr_free(&out);
}

TEST(few_samples_and_broken_ones_survive)
{
    float few[] = {0.5f, NAN, -INFINITY, 1e30f, -0.5f};
    for (size_t n = 0; n <= KR_COUNT(few); n++) {
        KR_AUTO(kr_json_drop) json_t *report = NULL;
        float *out = treat(t, few, n, &report);
        for (size_t i = 0; i < n; i++)
            EXPECT(isfinite(out[i]));
        kr_free(&out);
    }
}

TEST(a_strength_out_of_range_is_refused)
{
    struct kr_sound *sound = NULL;
    EXPECT_FAIL(kr_sound_create(NAN, 1, &sound, &t->err), KR_E_INVALID);
    EXPECT(!sound);
}

// Short tones of a quarter of the rate, whose samples all lie 3 dB below their tops, in a hum of
// higher samples: against a meter that looks between all samples.
TEST(the_true_peak_is_found_wherever_it_is)
{
    float *wave = kr_new_array(float, 2 * LONG);
    uint32_t seed = 5;
    for (int i = 0; i < LONG; i++) {
        double at = i % (KR_RATE / 3),
               burst = at < 200 ? 0.05 * (1 + i / (KR_RATE / 3)) : 0; // NOLINT: whole thirds
        wave[2 * i] = (float)(0.3 * sin(2 * M_PI * 50 * i / KR_RATE) + 0.001 * unit(&seed));
        wave[2 * i + 1] = (float)(burst * sin(M_PI / 2 * i + M_PI / 4));
    }
    ebur128_state *meter = ebur128_init(2, KR_RATE, EBUR128_MODE_TRUE_PEAK);
    struct kr_sound_study *study = NULL;
    EXPECT_OK(kr_sound_study_create(2, KR_STUDY_TRUE_PEAK, &study, &t->err));
    double highest = 0;
    for (int at = 0; at < LONG; at += KR_RATE / 5) { // looked at after every two blocks
        float channel[2][KR_RATE / 5];
        struct kr_sound_facts facts;
        for (int i = 0; i < KR_RATE / 5; i++)
            for (int c = 0; c < 2; c++)
                channel[c][i] = wave[2 * (at + i) + c];
        EXPECT_INT(ebur128_add_frames_float(meter, wave + (ptrdiff_t)2 * at, KR_RATE / 5), 0);
        EXPECT_OK(kr_sound_study_add(study, (float *const[]){channel[0], channel[1]}, KR_RATE / 5,
                                     0, &t->err));
        EXPECT_OK(kr_sound_study_facts(study, &facts, &t->err));
        for (unsigned c = 0; c < 2; c++) {
            double one = 0;
            EXPECT_INT(ebur128_true_peak(meter, c, &one), 0);
            highest = fmax(highest, one);
        }
        EXPECT_NEAR(facts.true_peak, 20 * log10(highest), 1e-6);
    }
    EXPECT(highest > 1);
    kr_sound_study_destroy(&study);
    ebur128_destroy(&meter);
    kr_free(&wave);
}

MAIN(CASE(the_true_peak_is_found_wherever_it_is),
     CASE(a_voice_in_noise_becomes_clear_and_loud_enough_and_keeps_its_time),
     CASE(a_clean_voice_stays_clean), CASE(sound_of_the_right_level_comes_out_as_it_went_in),
     CASE(rumble_is_taken_out), CASE(hum_is_taken_out_and_named),
     CASE(tops_cut_off_are_drawn_again), CASE(music_stays_as_it_was_played),
     CASE(who_cries_and_never_pauses_is_no_noise),
     CASE(a_vowel_that_is_drawn_out_is_cleared_like_the_rest),
     CASE(a_soft_voice_comes_nearer_to_a_loud_one), CASE(what_is_no_voice_stays_as_it_was),
     CASE(drums_before_a_voice_stay_and_the_voice_becomes_clear), CASE(silence_stays_silence),
     CASE(noise_alone_is_not_made_a_storm), CASE(few_samples_and_broken_ones_survive),
     CASE(a_strength_out_of_range_is_refused))
