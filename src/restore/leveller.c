// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/leveller.h"

#include "media/samples.h"
#include "restore/quick.h"
#include <math.h>
#include <stdlib.h>

enum {
    REACH = KR_LEVELLER_REACH,
    TENTH = KR_RATE / 10,
    EASE = 8,         // tenths each way over which a gain is evened out
    VOICES_LEAST = 4, // tenths with a voice, to tell how loud it is
};
static const double above_floor = 12; // dB: somebody speaks
static const double below_loud = 24;  // dB under the loud ones: nobody who wants to be heard
static const double same_voice = 4;   // dB by which one voice changes
static const double share = 0.5;      // of the rest

static int by_size(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static float quantile(const float v[], size_t n, double part, float sorted[])
{
    memmove(sorted, v, n * sizeof *v);
    qsort(sorted, n, sizeof *sorted, by_size);
    return sorted[(size_t)((double)(n - 1) * part)];
}

static double db_of(double energy)
{
    return 10 * log10(energy + 1e-12);
}

// How loud voices are around each tenth, in dB; -INFINITY where there are none.
static size_t listen(const float loud[], size_t n, float scratch[], float local[])
{
    double floor = db_of((double)quantile(loud, n, 0.03, scratch));
    double top = db_of((double)quantile(loud, n, 0.95, scratch));
    double least = pow(10, fmax(floor + above_floor, top - below_loud) / 10);
    size_t heard = 0;
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        int voices = 0;
        size_t from = i > REACH ? i - REACH : 0, to = i + REACH < n ? i + REACH + 1 : n;
        for (size_t j = from; j < to; j++)
            if ((double)loud[j] > least) {
                sum += (double)loud[j];
                voices++;
            }
        local[i] = voices < VOICES_LEAST ? -INFINITY : (float)db_of(sum / voices);
        if (voices >= VOICES_LEAST)
            scratch[heard++] = local[i];
    }
    return heard;
}

// The mean of EASE each way, as a gain. Where nobody speaks it is 0 dB.
static float eased(const float db[], size_t n, size_t i)
{
    double sum = 0;
    size_t from = i > EASE ? i - EASE : 0, to = i + EASE < n ? i + EASE + 1 : n;
    for (size_t j = from; j < to; j++)
        sum += (double)db[j];
    return (float)pow(10, sum / (double)(to - from) / 20);
}

bool kr_leveller_gains(const float loud[], size_t n, double most_db, float gain[])
{
    bool any = false;
    float *scratch = kr_new_array(float, n + 1), *local = kr_new_array(float, n + 1);
    size_t heard = n ? listen(loud, n, scratch, local) : 0;
    double usual = heard ? (double)quantile(scratch, heard, 0.5, scratch) : 0;
    for (size_t i = 0; i < n; i++) {
        double off = isfinite(local[i]) ? usual - (double)local[i] : 0;
        double rest = copysign(fmax(fabs(off) - same_voice, 0), off);
        local[i] = (float)fmin(fmax(share * rest, -most_db), most_db);
        any = any || local[i] != 0;
    }
    for (size_t i = 0; i < n; i++)
        gain[i] = any ? eased(local, n, i) : 1;
    kr_free(&scratch);
    kr_free(&local);
    return any;
}

void kr_leveller_play(const float gain[], size_t gains, int64_t at, int channels,
                      float *const channel[], size_t n)
{
    for (size_t i = 0; i < n && gains; i++) {
        double place = (double)(at + (int64_t)i) / TENTH - 0.5;
        place = place > 0 ? place : 0;
        size_t before = place < (double)(gains - 1) ? (size_t)place : gains - 1;
        size_t after = before + 1 < gains ? before + 1 : before;
        float part = kr_less((float)(place - (double)before), 1);
        float now = gain[before] + part * (gain[after] - gain[before]);
        for (int c = 0; c < channels; c++)
            channel[c][i] *= now;
    }
}
