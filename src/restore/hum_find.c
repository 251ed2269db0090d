// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/hum.h"

#include "restore/floor.h"
#include <math.h>

enum {
    SIZE = 4096,
    BINS = SIZE / 2 + 1,
    THIN = 16,   // every 16th sample is enough for 12 tones
    AROUND = 14, // frequencies each way with which one is compared,
    BESIDE = 4,  // those so near belong to the tone itself
    TONES = 12,
    FRAMES_LEAST = 8, // 4 s: fewer show by chance what a hum shows
};
static const double rate = KR_RATE / (double)THIN;
static const double off_most = 0.012, off_step = 0.0002; // of the nominal pitch
static const double stands_out = 10, counts_most = 25;   // dB
static const int tones_least = 3;

struct kr_hum_finder {
    int channels, phase;
    double sum[3]; // three averages of 16 samples in a row, as in lowcut.h
    double past[3][THIN];
    struct kr_stft *stft;
    struct kr_floor *floor;
    int frames;
};

static void hear(void *who, struct kr_spectrum *frame)
{
    struct kr_hum_finder *f = who;
    if (++f->frames > 3) // the first ones are partly empty
        kr_floor_add(f->floor, frame);
}

struct kr_hum_finder *kr_hum_finder_create(int channels)
{
    struct kr_hum_finder *f = kr_new(struct kr_hum_finder);
    struct kr_stft_listener listener = {hear, f, true};
    f->channels = channels;
    f->stft = kr_stft_create(1, SIZE, &listener);
    f->floor = kr_floor_create(BINS);
    return f;
}

void kr_hum_finder_destroy(struct kr_hum_finder **finder)
{
    if (*finder) {
        kr_stft_destroy(&(*finder)->stft);
        kr_floor_destroy(&(*finder)->floor);
    }
    kr_free(finder);
}

void kr_hum_finder_add(struct kr_hum_finder *f, float *const channel[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double v = 0;
        for (int c = 0; c < f->channels; c++)
            v += (c ? 0.5 : 1) * (double)channel[c][i]; // a plain sum loses what is turned over
        for (int stage = 0; stage < 3; stage++) {
            double *old = &f->past[stage][f->phase];
            f->sum[stage] += v - *old;
            *old = v;
            v = f->sum[stage] / THIN;
        }
        f->phase = (f->phase + 1) % THIN;
        float thin = (float)v, *const one[] = {&thin};
        if (f->phase == 0)
            kr_stft_run(f->stft, one, 1);
    }
}

static int up(const void *a, const void *b)
{
    double x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

// How far each frequency stands out of those around it, in dB.
static void stand_out(const struct kr_hum_finder *f, double out[BINS])
{
    float noise[BINS];
    double level[BINS], around[2 * AROUND];
    kr_floor_noise(f->floor, noise);
    for (int k = 0; k < BINS; k++)
        level[k] = 10 * log10((double)noise[k] + 1e-9);
    for (int k = 0; k < BINS; k++) {
        size_t n = 0;
        for (int j = k - AROUND; j <= k + AROUND; j++)
            if (j >= 0 && j < BINS && abs(j - k) > BESIDE)
                around[n++] = level[j];
        qsort(around, n, sizeof *around, up);
        out[k] = level[k] - around[n / 2];
    }
}

// Between two frequencies the tone shows in both.
static double at_hz(const double out[BINS], double hz)
{
    double at = hz / rate * SIZE;
    int k = (int)at;
    double part = at - k;
    return out[k] * (1 - part) + out[k + 1] * part;
}

static double score(const double out[BINS], double hz, int *tones)
{
    double sum = 0;
    *tones = 0;
    for (int h = 1; h <= TONES; h++) {
        double one = at_hz(out, h * hz);
        sum += fmin(fmax(one, 0), counts_most);
        *tones += one > stands_out;
    }
    return sum;
}

double kr_hum_finder_hz(const struct kr_hum_finder *f)
{
    double out[BINS], best = 0, best_hz = 0;
    if (f->frames < 3 + FRAMES_LEAST)
        return 0;
    stand_out(f, out);
    for (int mains = 50; mains <= 60; mains += 10)
        for (double off = -off_most; off <= off_most; off += off_step) {
            int tones;
            double hz = mains * (1 + off), one = score(out, hz, &tones);
            if (tones >= tones_least && one > best) {
                best = one;
                best_hz = hz;
            }
        }
    return best_hz;
}

// Where the energy about a tone has its middle.
static double middle_hz(const double out[BINS], double hz)
{
    int near = (int)lround(hz / rate * SIZE);
    double sum = 0, all = 0;
    for (int k = near - 2; k <= near + 2; k++) {
        double energy = pow(10, out[k] / 10);
        sum += energy * k;
        all += energy;
    }
    return sum / all * rate / SIZE;
}

double kr_hum_finder_tone(const struct kr_hum_finder *f, double low, double high)
{
    double out[BINS], best = 0, best_hz = 0, mains = kr_hum_finder_hz(f);
    if (f->frames < 3 + FRAMES_LEAST)
        return 0;
    stand_out(f, out);
    for (double hz = low; hz <= high; hz *= 1 + off_step) {
        double sum = 0, of_mains = mains > 0 ? hz / mains : 0.5;
        for (int h = 1; h <= TONES && h * hz < rate / 2 - 20; h++)
            sum += fmin(fmax(at_hz(out, h * hz), 0), counts_most);
        if (at_hz(out, hz) < stands_out || fabs(of_mains - round(of_mains)) < 0.02 || sum <= best)
            continue;
        best = sum;
        best_hz = hz;
    }
    return best_hz > 0 ? middle_hz(out, best_hz) : 0;
}
