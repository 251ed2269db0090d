// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/floor.h"

#include "restore/quick.h"
#include <math.h>

enum { STEPS = 80 };
static const float lowest = 1e-9f;        // power of the first step: -90 dB
static const float step_log = 0.4605170f; // 2 dB
static const double share = 0.15;         // of the frames, the quietest
static const double noise_alone = 0.6;    // of the frames, in any one frequency

struct kr_floor {
    int bins;
    uint32_t (*count)[STEPS];
    float *power; // of the frame that is heard
    int *step;    // the same in steps
    uint64_t frames;
};

struct kr_floor *kr_floor_create(int bins)
{
    struct kr_floor *floor = kr_new(struct kr_floor);
    floor->bins = bins;
    floor->count = kr_alloc_array((size_t)bins, sizeof *floor->count);
    floor->power = kr_new_array(float, (size_t)bins);
    floor->step = kr_new_array(int, (size_t)bins);
    return floor;
}

void kr_floor_destroy(struct kr_floor **floor)
{
    if (*floor) {
        kr_free(&(*floor)->count);
        kr_free(&(*floor)->power);
        kr_free(&(*floor)->step);
    }
    kr_free(floor);
}

static void measure(const struct kr_spectrum *frame, int bins, float *power)
{
    float each = 1 / (float)frame->channels;
    memset(power, 0, (size_t)bins * sizeof *power);
    for (int c = 0; c < frame->channels; c++) {
        const float *re = frame->re[c], *im = frame->im[c];
        KR_APART
        for (int k = 0; k < bins; k++)
            power[k] += each * (re[k] * re[k] + im[k] * im[k]);
    }
}

static void steps_of(const float *power, int bins, int *step)
{
    KR_APART
    for (int k = 0; k < bins; k++)
        step[k] = (int)(kr_quick_log(power[k] / lowest + 1) / step_log);
}

void kr_floor_add(struct kr_floor *floor, const struct kr_spectrum *frame)
{
    float all = 0;
    measure(frame, floor->bins, floor->power);
    for (int k = 0; k < floor->bins; k++)
        all += floor->power[k];
    if (!(all > lowest))
        return;
    floor->frames++;
    steps_of(floor->power, floor->bins, floor->step);
    for (int k = 0; k < floor->bins; k++) {
        int step = floor->step[k];
        floor->count[k][step < STEPS ? step : STEPS - 1]++;
    }
}

void kr_floor_noise(const struct kr_floor *floor, float out[])
{
    // Powers of noise fall off exponentially: the mean from a low quantile.
    double mean = 1 / -log(1 - share / noise_alone);
    double want = share * (double)floor->frames;
    for (int k = 0; k < floor->bins; k++) {
        double sum = 0;
        int step = 0;
        for (; step < STEPS - 1 && sum + floor->count[k][step] < want; step++)
            sum += floor->count[k][step];
        double part = floor->count[k][step] ? (want - sum) / floor->count[k][step] : 0;
        double log = (step + part) * (double)step_log;
        out[k] = (float)(mean * (double)lowest * (exp(log) - 1));
    }
}
