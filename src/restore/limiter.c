// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/limiter.h"

#include "media/samples.h"
#include <assert.h>
#include <math.h>

enum {
    AHEAD = KR_LIMITER_AHEAD,
    REACH = KR_LIMITER_REACH,
    SPAN = AHEAD + 1,
    TAPS = 2 * REACH,
    BETWEEN = 3, // points between two samples
    ONE = 1 << 30,
};

static const double peak_most = 2.1; // times the samples' own: the taps' sizes add up to 2.05

struct kr_limiter {
    int channels;
    double gain, ceiling;
    float taps[BETWEEN][TAPS];
    float past[KR_CHANNELS_MOST][2 * TAPS]; // a ring, twice: TAPS from `past_at` on, newest last
    size_t past_at;
    float late[KR_CHANNELS_MOST][KR_LIMITER_DELAY];
    size_t late_at;
    float harmless;         // samples below this make no peak above the ceiling between them
    int quiet;              // how many of those came in a row
    double beside;          // the true peak after the sample before
    int need[SPAN];         // gains wanted, of ONE; a queue of ever larger ones: sliding minimum
    uint64_t need_at[SPAN]; // when they were wanted
    size_t head, queued;
    uint64_t now;
    int eased[SPAN]; // gains let go slowly, and their sum: a sliding mean
    int64_t eased_sum;
    size_t eased_at;
    double release, let_go;
};

struct kr_limiter *kr_limiter_create(int channels, double gain, double ceiling)
{
    assert(channels >= 1 && channels <= KR_CHANNELS_MOST);
    struct kr_limiter *l = kr_new(struct kr_limiter);
    l->channels = channels;
    l->gain = gain;
    l->ceiling = ceiling;
    l->release = 1;
    l->harmless = (float)(ceiling / peak_most);
    l->let_go = 1 - exp(-1.0 / KR_LIMITER_RELEASE);
    for (int b = 0; b < BETWEEN; b++)
        for (int k = 0; k < TAPS; k++) {
            double t = k - (REACH - 1) - (b + 1) / 4.0; // Hann-windowed sinc
            double window = 0.5 + 0.5 * cos(M_PI * t / REACH);
            l->taps[b][k] = (float)(sin(M_PI * t) / (M_PI * t) * window);
        }
    for (int i = 0; i < SPAN; i++)
        l->eased[i] = ONE;
    l->eased_sum = (int64_t)ONE * SPAN;
    return l;
}

void kr_limiter_destroy(struct kr_limiter **limiter)
{
    kr_free(limiter);
}

// The highest of all channels at the sample REACH ago, and up to the next one.
static double peak_of(struct kr_limiter *l)
{
    double at = 0, after = 0;
    for (int c = 0; c < l->channels; c++) {
        const float *past = l->past[c] + l->past_at;
        at = fmax(at, fabs((double)past[REACH - 1]));
        for (int b = 0; b < BETWEEN; b++) {
            float sum = 0;
            for (int k = 0; k < TAPS; k++)
                sum += past[k] * l->taps[b][k];
            after = fmax(after, fabs((double)sum));
        }
    }
    double peak = fmax(at, fmax(after, l->beside));
    l->beside = after;
    return peak;
}

// Most of a sound is so far below the ceiling that nothing needs to be looked at.
static bool is_harmless(struct kr_limiter *l)
{
    bool is = true;
    for (int c = 0; c < l->channels; c++)
        is = is && fabsf(l->past[c][l->past_at + TAPS - 1]) < l->harmless;
    l->quiet = is ? l->quiet + (l->quiet <= TAPS) : 0;
    if (l->quiet <= TAPS)
        return false;
    l->beside = 0;
    return true;
}

// The least gain wanted within the look-ahead.
static int least_needed(struct kr_limiter *l, int need)
{
    if (l->queued && l->need_at[l->head] + AHEAD < l->now) {
        l->head = (l->head + 1) % SPAN;
        l->queued--;
    }
    while (l->queued && l->need[(l->head + l->queued - 1) % SPAN] >= need)
        l->queued--;
    size_t end = (l->head + l->queued) % SPAN;
    l->need[end] = need;
    l->need_at[end] = l->now;
    l->queued++;
    l->now++;
    return l->need[l->head];
}

static double smooth(struct kr_limiter *l, int least)
{
    double now = (double)least / ONE, slowly = l->release + (1 - l->release) * l->let_go;
    double eased = now < slowly ? now : slowly;
    l->release = eased > 1 - 1e-6 && least == ONE ? 1 : eased;
    int whole = (int)(l->release * ONE);
    l->eased_sum += whole - l->eased[l->eased_at];
    l->eased[l->eased_at] = whole;
    l->eased_at = l->eased_at + 1 < SPAN ? l->eased_at + 1 : 0;
    return (double)l->eased_sum / ((double)ONE * SPAN);
}

void kr_limiter_run(struct kr_limiter *l, float *const channel[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (int c = 0; c < l->channels; c++) {
            float now = channel[c][i] * (float)l->gain;
            l->past[c][l->past_at] = l->past[c][l->past_at + TAPS] = now;
        }
        l->past_at = l->past_at + 1 < TAPS ? l->past_at + 1 : 0;
        double peak = is_harmless(l) ? 0 : peak_of(l);
        int need = peak > l->ceiling ? (int)(l->ceiling / peak * ONE) : ONE;
        double gain = l->gain * smooth(l, least_needed(l, need));
        for (int c = 0; c < l->channels; c++) {
            float now = l->late[c][l->late_at];
            l->late[c][l->late_at] = channel[c][i];
            channel[c][i] = now * (float)gain;
        }
        l->late_at = l->late_at + 1 < KR_LIMITER_DELAY ? l->late_at + 1 : 0;
    }
}
