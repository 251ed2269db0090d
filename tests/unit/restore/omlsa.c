// SPDX-License-Identifier: AGPL-3.0-or-later
// Tones that come and go, covered with noise: the noise must go down, and nothing else.
#include "restore/omlsa.h"

#include "harness.h"
#include "restore/floor.h"
#include <math.h>

enum { N = 6 * KR_RATE, SPARE = KR_OMLSA_DELAY };
static const double floor_db = -15;

static double bell(uint32_t *seed)
{
    double sum = -6;
    for (int k = 0; k < 12; k++) {
        *seed = *seed * 1664525u + 1013904223u;
        sum += (*seed >> 8) / (double)(1 << 24);
    }
    return sum;
}

// Half a second of a chord that glides, then half a second of nothing.
static void speak(float *wave, double size)
{
    for (int i = 0; i < N; i++) {
        double s = i / (double)KR_RATE, in = fmod(s, 1), v = 0;
        double shape = in < 0.5 ? sin(2 * M_PI * in) : 0;
        for (int k = 1; k < 12; k++)
            v += sin(2 * M_PI * k * (150 * s + 8 * sin(5 * s))) / k;
        wave[i] = (float)(size * shape * v);
    }
}

static void hear(void *who, struct kr_spectrum *frame)
{
    kr_floor_add(who, frame);
}

static void quieten(int channels, float *const wave[])
{
    struct kr_floor *floor = kr_floor_create(KR_OMLSA_BINS);
    struct kr_stft_listener listener = {hear, floor, true};
    struct kr_stft *stft = kr_stft_create(channels, KR_OMLSA_SIZE, &listener);
    float noise[KR_OMLSA_BINS];
    kr_stft_run(stft, wave, N);
    kr_floor_noise(floor, noise);
    struct kr_omlsa *denoise = kr_omlsa_create(channels, floor_db, noise);
    kr_omlsa_run(denoise, wave, N + SPARE);
    kr_omlsa_destroy(&denoise);
    kr_stft_destroy(&stft);
    kr_floor_destroy(&floor);
}

static double apart(const float *truth, const float *out)
{
    double tt = 0, to = 0, oo = 0;
    for (int i = 0; i < N; i++) {
        tt += (double)truth[i] * (double)truth[i];
        to += (double)truth[i] * (double)out[i];
        oo += (double)out[i] * (double)out[i];
    }
    return 10 * log10(to * to / tt / (oo - to * to / tt));
}

TEST(noise_goes_down_and_the_voice_stays_where_it_was)
{
    float *truth = kr_new_array(float, N + SPARE), *wave = kr_new_array(float, N + SPARE);
    uint32_t seed = 11;
    speak(truth, 0.1);
    for (int i = 0; i < N; i++)
        wave[i] = truth[i] + (float)(0.03 * bell(&seed));
    double before = apart(truth, wave);
    quieten(1, (float *const[]){wave});
    double after = apart(truth, wave + KR_OMLSA_DELAY);
    print_message("%.1f dB, then %.1f\n", before, after);
    EXPECT(after > before + 10);
    kr_free(&truth);
    kr_free(&wave);
}

TEST(noise_alone_goes_down_to_the_floor_and_no_further)
{
    float *wave = kr_new_array(float, N + SPARE);
    double was = 0, is = 0, least = 1e9;
    uint32_t seed = 12;
    for (int i = 0; i < N; i++) {
        wave[i] = (float)(0.03 * bell(&seed));
        was += (double)wave[i] * (double)wave[i];
    }
    quieten(1, (float *const[]){wave});
    for (int at = KR_RATE; at + 480 < N; at += 480) { // no hole of 10 ms either
        double part = 0;
        for (int i = at; i < at + 480; i++)
            part += (double)wave[i] * (double)wave[i];
        least = fmin(least, part / 480);
        is += part;
    }
    was /= N;
    is /= N - KR_RATE;
    print_message("%.1f dB, the least %.1f\n", 10 * log10(is / was), 10 * log10(least / was));
    EXPECT(is < was * pow(10, (floor_db + 2) / 10));
    EXPECT(least > was * pow(10, (floor_db - 6) / 10));
    kr_free(&wave);
}

// Phones begin with a moment of zeros; it must not teach that there is no noise.
TEST(a_silent_beginning_does_not_hold_it_up)
{
    float *wave = kr_new_array(float, N + SPARE);
    uint32_t seed = 15;
    double was = 0, is = 0;
    const int from = KR_RATE / 5, look = KR_RATE / 2, end = 2 * KR_RATE;
    for (int i = from; i < N; i++) {
        wave[i] = (float)(0.03 * bell(&seed));
        was += i >= look && i < end ? (double)wave[i] * (double)wave[i] : 0;
    }
    quieten(1, (float *const[]){wave});
    for (int i = look; i < end; i++)
        is += (double)wave[i] * (double)wave[i];
    print_message("%.1f dB\n", 10 * log10(is / was));
    EXPECT(is < was * pow(10, (floor_db + 4) / 10));
    kr_free(&wave);
}

TEST(nobody_moves_between_the_channels)
{
    float *left = kr_new_array(float, N + SPARE), *right = kr_new_array(float, N + SPARE);
    uint32_t seed = 13;
    speak(left, 0.1);
    for (int i = 0; i < N; i++) {
        left[i] += (float)(0.02 * bell(&seed));
        right[i] = left[i] / 4; // exact in binary, and so must the answer be
    }
    quieten(2, (float *const[]){left, right});
    for (int i = 0; i < N + SPARE; i++)
        EXPECT(right[i] == left[i] / 4);
    kr_free(&left);
    kr_free(&right);
}

TEST(eights_give_what_fours_give)
{
    float *eights = kr_new_array(float, N + SPARE), *fours = kr_new_array(float, N + SPARE);
    float noise[KR_OMLSA_BINS];
    uint32_t seed = 14;
    speak(eights, 0.1);
    for (int i = 0; i < N; i++)
        fours[i] = eights[i] += (float)(0.02 * bell(&seed));
    for (int k = 0; k < KR_OMLSA_BINS; k++)
        noise[k] = 0.3f;
    struct kr_omlsa *one = kr_omlsa_create(1, floor_db, noise);
    struct kr_omlsa *other = kr_omlsa_create(1, floor_db, noise);
    kr_omlsa_by_fours(other);
    kr_omlsa_run(one, (float *const[]){eights}, N + SPARE);
    kr_omlsa_run(other, (float *const[]){fours}, N + SPARE);
    EXPECT(memcmp(eights, fours, (N + SPARE) * sizeof *fours) == 0); // NOLINT: to the bit
    kr_omlsa_destroy(&one);
    kr_omlsa_destroy(&other);
    kr_free(&eights);
    kr_free(&fours);
}

MAIN(CASE(noise_goes_down_and_the_voice_stays_where_it_was),
     CASE(noise_alone_goes_down_to_the_floor_and_no_further),
     CASE(a_silent_beginning_does_not_hold_it_up), CASE(nobody_moves_between_the_channels),
     CASE(eights_give_what_fours_give))
