// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/hum.h"

#include <math.h>
#include <stdlib.h>

enum {
    WINDOW = KR_HUM_DELAY,
    HOP = WINDOW / 2,
    THIN = 8, // the fit looks at every 8th sample, averaged over
    TAPS = 3 * THIN - 2,
    THINNED = (WINDOW - TAPS) / THIN,
    TONES = 20,
    TONES_FOR_PITCH = 7,
    BLOCKS_MOST = 300, // of one period each
    ROUNDS = 2,
    RUN = 64, // samples whose tones are summed up together
};
static const double pitch_most = 0.3, pitch_step = 0.01; // Hz off
static const double sure = 6; // a tone's parts must agree so much better than chance

struct tone {
    double re, im;
};

struct fit { // of one window
    double hz;
    struct tone tone[KR_CHANNELS_MOST][TONES]; // height and phase at the window's start
};

struct kr_hum {
    int channels;
    double hz;
    uint64_t length, ended; // samples that came, those of full hops
    size_t filled;
    float *wave[KR_CHANNELS_MOST]; // the last window; the newest hop is being filled
    float *out[KR_CHANNELS_MOST];  // the hop that is going out
    float *thin;
    double taps[TAPS];
    struct tone part[KR_CHANNELS_MOST][TONES][BLOCKS_MOST]; // of each period
    double energy[KR_CHANNELS_MOST][BLOCKS_MOST];
    double weight[BLOCKS_MOST];
    int blocks, block; // periods, and thinned samples in each
    struct fit before;
};

double kr_hum_pitch(double tone_hz)
{
    const double most = 74; // Hz: BLOCKS_MOST periods fill a window
    return tone_hz > 0 ? tone_hz / ceil(tone_hz / most) : 0;
}

struct kr_hum *kr_hum_create(int channels, double hz, uint64_t length)
{
    struct kr_hum *hum = kr_new(struct kr_hum);
    hum->channels = channels;
    hum->hz = hz;
    hum->length = length;
    for (int c = 0; c < channels; c++) {
        hum->wave[c] = kr_new_array(float, WINDOW);
        hum->out[c] = kr_new_array(float, HOP);
    }
    hum->thin = kr_new_array(float, THINNED);
    for (int i = 0; i < THIN; i++) // three averages in a row
        for (int j = 0; j < THIN; j++)
            for (int k = 0; k < THIN; k++)
                hum->taps[i + j + k] += 1.0 / (THIN * THIN * THIN);
    hum->block = (int)lround(KR_RATE / (double)THIN / hz);
    hum->blocks = THINNED / hum->block;
    return hum;
}

void kr_hum_destroy(struct kr_hum **hum)
{
    if (*hum) {
        for (int c = 0; c < (*hum)->channels; c++) {
            kr_free(&(*hum)->wave[c]);
            kr_free(&(*hum)->out[c]);
        }
        kr_free(&(*hum)->thin);
    }
    kr_free(hum);
}

static double seconds_of(double thinned)
{
    return (thinned * THIN + (TAPS - 1) / 2.0) / KR_RATE;
}

static struct tone times(struct tone a, struct tone b)
{
    return (struct tone){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

static struct tone turned(double turns)
{
    return (struct tone){cos(2 * M_PI * turns), sin(2 * M_PI * turns)};
}

// What each period holds of each tone. Over one period the tones do not see each
// other, so that periods may be weighed as one likes.
static void take_apart(struct kr_hum *hum, int c)
{
    const float *wave = hum->wave[c];
    for (int i = 0; i < THINNED; i++) {
        double sum = 0;
        for (int k = 0; k < TAPS; k++)
            sum += hum->taps[k] * (double)wave[i * THIN + k];
        hum->thin[i] = (float)sum;
    }
    for (int b = 0; b < hum->blocks; b++) {
        double energy = 0;
        for (int i = b * hum->block; i < (b + 1) * hum->block; i++)
            energy += (double)hum->thin[i] * (double)hum->thin[i];
        hum->energy[c][b] = energy;
    }
    for (int h = 0; h < TONES; h++) {
        double hz = (h + 1) * hum->hz;
        struct tone step = turned(-hz * THIN / KR_RATE);
        for (int b = 0; b < hum->blocks; b++) {
            struct tone at = turned(-hz * seconds_of(b * hum->block)), sum = {0, 0};
            for (int i = b * hum->block; i < (b + 1) * hum->block; i++) {
                sum.re += at.re * (double)hum->thin[i];
                sum.im += at.im * (double)hum->thin[i];
                at = times(at, step);
            }
            hum->part[c][h][b] = sum;
        }
    }
}

// The periods' sum if the pitch is `off` Hz above the expected one.
static struct tone sum_up(const struct kr_hum *hum, int c, int h, double off)
{
    const struct tone *part = hum->part[c][h];
    double hz = (h + 1) * off;
    struct tone sum = {0, 0}, at = turned(-hz * seconds_of(hum->block / 2.0));
    struct tone step = turned(-hz * hum->block * THIN / KR_RATE);
    for (int b = 0; b < hum->blocks; b++) {
        struct tone now = times(part[b], at);
        sum.re += hum->weight[b] * now.re;
        sum.im += hum->weight[b] * now.im;
        at = times(at, step);
    }
    return sum;
}

static double strength(const struct kr_hum *hum, double off)
{
    double sum = 0;
    for (int c = 0; c < hum->channels; c++)
        for (int h = 0; h < TONES_FOR_PITCH; h++) {
            struct tone one = sum_up(hum, c, h, off);
            sum += one.re * one.re + one.im * one.im;
        }
    return sum;
}

static double find_pitch(const struct kr_hum *hum)
{
    double best = 0, at = 0;
    for (double off = -pitch_most; off <= pitch_most; off += pitch_step) {
        double one = strength(hum, off);
        if (one > best) {
            best = one;
            at = off;
        }
    }
    double left = strength(hum, at - pitch_step), right = strength(hum, at + pitch_step);
    double bend = left - 2 * best + right; // the top of a parabola
    return bend < 0 ? at + 0.5 * pitch_step * (left - right) / bend : at;
}

static int up(const void *a, const void *b)
{
    double x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

// A period counts by where it lies in the window, and the less the louder the
// rest is in it. Before the first sample, after the last and in digital silence
// there is no hum to be heard.
static void weigh(struct kr_hum *hum, const double rest[BLOCKS_MOST], int64_t from)
{
    double sorted[BLOCKS_MOST];
    size_t n = 0;
    for (int b = 0; b < hum->blocks; b++) {
        int64_t at = from + (int64_t)b * hum->block * THIN;
        bool inside = at >= 0 && at + (int64_t)hum->block * THIN + TAPS <= (int64_t)hum->length;
        hum->weight[b] = 0;
        if (!inside || rest[b] <= 0)
            continue;
        sorted[n++] = rest[b];
        hum->weight[b] = 0.5 - 0.5 * cos(2 * M_PI * (b + 0.5) / hum->blocks);
    }
    qsort(sorted, n, sizeof *sorted, up);
    for (int b = 0; b < hum->blocks && n; b++)
        hum->weight[b] /= rest[b] + sorted[n / 5] + 1e-30;
}

// What is left of each period's energy without the tones fitted so far.
static void look_at_rest(const struct kr_hum *hum, const struct fit *fit, double rest[BLOCKS_MOST])
{
    for (int b = 0; b < hum->blocks; b++) {
        double left = 0, all = 0;
        for (int c = 0; c < hum->channels; c++) {
            all += hum->energy[c][b];
            left += hum->energy[c][b];
            for (int h = 0; h < TONES; h++) {
                double hz = (h + 1) * (fit->hz - hum->hz);
                struct tone at = turned(hz * seconds_of((b + 0.5) * hum->block));
                struct tone is = times(fit->tone[c][h], at), part = hum->part[c][h][b];
                left += 0.5 * hum->block * (is.re * is.re + is.im * is.im) -
                        2 * (is.re * part.re + is.im * part.im);
            }
        }
        rest[b] = all > 0 ? fmax(left, 1e-3 * all) : 0;
    }
}

// Half of what is fitted is the tone, half its mirror image: hence twice.
static void fit_tones(const struct kr_hum *hum, double off, struct fit *fit)
{
    double all = 0;
    for (int b = 0; b < hum->blocks; b++)
        all += hum->weight[b];
    fit->hz = hum->hz + off;
    for (int c = 0; c < hum->channels; c++)
        for (int h = 0; h < TONES; h++) {
            struct tone sum = sum_up(hum, c, h, off);
            double chance = 0;
            for (int b = 0; b < hum->blocks; b++) {
                const struct tone *p = &hum->part[c][h][b];
                double w = hum->weight[b];
                chance += w * w * (p->re * p->re + p->im * p->im);
            }
            bool is = sum.re * sum.re + sum.im * sum.im > sure * chance;
            double scale = is && all > 0 ? 2 / (all * hum->block) : 0;
            fit->tone[c][h] = (struct tone){sum.re * scale, sum.im * scale};
        }
}

// Averaging over eight samples lowered the high tones; this raises them again.
static void undo_thinning(const struct kr_hum *hum, struct fit *fit)
{
    for (int h = 0; h < TONES; h++) {
        double half = M_PI * (h + 1) * fit->hz / KR_RATE;
        double left = pow(sin(THIN * half) / (THIN * sin(half)), 3);
        for (int c = 0; c < hum->channels; c++) {
            fit->tone[c][h].re /= left;
            fit->tone[c][h].im /= left;
        }
    }
}

static struct fit fit_window(struct kr_hum *hum, int64_t from)
{
    struct fit fit = {.hz = hum->hz};
    double rest[BLOCKS_MOST];
    for (int c = 0; c < hum->channels; c++)
        take_apart(hum, c);
    for (int round = 0; round < ROUNDS; round++) {
        look_at_rest(hum, &fit, rest);
        weigh(hum, rest, from);
        fit_tones(hum, find_pitch(hum), &fit);
    }
    undo_thinning(hum, &fit);
    return fit;
}

// Takes share * tones away from RUN samples, `start` seconds into the fit's window.
// Clenshaw's sum: two multiplications a tone, and along the samples.
static void subtract(const struct fit *fit, int c, double start, const float share[RUN],
                     float wave[RUN])
{
    float cosine[RUN], sine[RUN], u[RUN] = {0}, u1[RUN] = {0}, v[RUN] = {0}, v1[RUN] = {0};
    struct tone at = turned(fit->hz * start), step = turned(fit->hz / KR_RATE);
    int tones = TONES;
    while (tones && fit->tone[c][tones - 1].re == 0 && fit->tone[c][tones - 1].im == 0)
        tones--;
    for (int i = 0; i < RUN; i++, at = times(at, step)) {
        cosine[i] = (float)at.re;
        sine[i] = (float)at.im;
    }
    for (int h = tones - 1; h >= 0; h--) {
        float re = (float)fit->tone[c][h].re, im = (float)fit->tone[c][h].im;
        for (int i = 0; i < RUN; i++) {
            float a = re + 2 * cosine[i] * u[i] - u1[i], b = im + 2 * cosine[i] * v[i] - v1[i];
            u1[i] = u[i];
            u[i] = a;
            v1[i] = v[i];
            v[i] = b;
        }
    }
    for (int i = 0; i < RUN; i++) // cosines with re, sines with -im
        wave[i] -= share[i] * (cosine[i] * u[i] - u1[i] - sine[i] * v[i]);
}

// A gap in a file: there is no hum in it to take away.
static bool is_silent(const float wave[RUN])
{
    for (int i = 0; i < RUN; i++)
        if (wave[i] != 0)
            return false;
    return true;
}

// The oldest hop of the window goes out, between the fit before and this one.
static void answer(struct kr_hum *hum, const struct fit *now)
{
    for (int at = 0; at < HOP; at += RUN) {
        float fresh[RUN], old[RUN];
        for (int i = 0; i < RUN; i++) {
            fresh[i] = (float)(0.5 - 0.5 * cos(M_PI * (at + i + 0.5) / HOP));
            old[i] = 1 - fresh[i];
        }
        for (int c = 0; c < hum->channels; c++) {
            memcpy(hum->out[c] + at, hum->wave[c] + at, sizeof fresh);
            if (is_silent(hum->out[c] + at))
                continue;
            subtract(now, c, at / (double)KR_RATE, fresh, hum->out[c] + at);
            subtract(&hum->before, c, (at + HOP) / (double)KR_RATE, old, hum->out[c] + at);
        }
    }
    for (int c = 0; c < hum->channels; c++)
        memmove(hum->wave[c], hum->wave[c] + HOP, HOP * sizeof(float));
    hum->before = *now;
}

void kr_hum_run(struct kr_hum *hum, float *const channel[], size_t n)
{
    for (size_t at = 0; at < n;) {
        size_t left = HOP - hum->filled, many = n - at < left ? n - at : left;
        for (int c = 0; c < hum->channels; c++) {
            float *now = channel[c] + at;
            memcpy(hum->wave[c] + HOP + hum->filled, now, many * sizeof *now);
            memcpy(now, hum->out[c] + hum->filled, many * sizeof *now);
        }
        at += many;
        hum->filled += many;
        if (hum->filled < HOP)
            return;
        hum->filled = 0;
        hum->ended += HOP;
        struct fit fit = fit_window(hum, (int64_t)hum->ended - WINDOW);
        answer(hum, &fit);
    }
}
