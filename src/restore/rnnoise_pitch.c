// SPDX-License-Identifier: AGPL-3.0-or-later
// The period of a voice: at half the rate, whitened by a short prediction, it is
// where the last 20 ms look most like what was before; first every fourth sample,
// then every second. The longest good period found that way may be several
// true ones: shorter ones that explain the sound nearly as well win, the sooner
// when the frame before had them. (Valin, Maxwell, Terriberry and Vos, "High-Quality,
// Low-Delay Music Coding in the Opus Codec", 2013; RFC 6716, 4.3.7.1.)
#include "restore/rnnoise_priv.h"

#include "restore/quick.h"
#include <math.h>
#include <stdlib.h>

enum {
    PAST = KR_RNNOISE_PAST / 2, // all at half the rate
    NOW = KR_RNNOISE_WINDOW / 2,
    LONGEST = KR_RNNOISE_LONGEST / 2,
    SHORTEST = KR_RNNOISE_SHORTEST / 2,
    STARTS = LONGEST - 3 * SHORTEST, // shorter periods are found as parts of longer ones
    ORDER = 4,
    LANES = KR_RNNOISE_LANES,
    SPARSE_STARTS = (STARTS / 2 + LANES - 1) / LANES * LANES, // at a quarter of the rate
};

typedef kr_rnnoise_lanes lanes;

// Adds the products of LANES numbers, each in a lane of its own.
KR_LOOP void add_products(const float *a, const float *b, lanes *sum)
{
    *sum += *(const lanes *)a * *(const lanes *)b;
}

// In lanes: a vector's worth of sums, always in the same order.
KR_LOOP float product(const float *a, const float *b, int n)
{
    lanes sum = {0};
    float all = 0;
    for (int i = 0; i + LANES <= n; i += LANES)
        add_products(a + i, b + i, &sum);
    for (int i = n - n % LANES; i < n; i++)
        all += a[i] * b[i];
    for (int k = 0; k < LANES; k++)
        all += sum[k];
    return all;
}

// The same of one stretch with two others: neither sum waits for the other. n is whole LANES.
KR_LOOP void two_products(const float *now, const float *a, const float *b, int n, float out[2])
{
    lanes sum[2] = {{0}, {0}};
    out[0] = out[1] = 0;
    for (int i = 0; i < n; i += LANES) {
        add_products(now + i, a + i, &sum[0]);
        add_products(now + i, b + i, &sum[1]);
    }
    for (int k = 0; k < LANES; k++) {
        out[0] += sum[0][k];
        out[1] += sum[1][k];
    }
}

// Levinson and Durbin: how the next sample follows from the ORDER before.
KR_LOOP void predict(const float likeness[ORDER + 1], float weight[ORDER])
{
    float left = likeness[0];
    memset(weight, 0, ORDER * sizeof *weight);
    for (int n = 0; n < ORDER && left > 0.001f * likeness[0]; n++) {
        float miss = likeness[n + 1], was[ORDER];
        for (int i = 0; i < n; i++)
            miss += weight[i] * likeness[n - i];
        float mirror = -miss / left;
        memcpy(was, weight, sizeof was);
        for (int i = 0; i < n; i++)
            weight[i] = was[i] + mirror * was[n - 1 - i];
        weight[n] = mirror;
        left -= mirror * mirror * left;
    }
}

// Taps of the whitening filter after the first, which is one.
KR_LOOP void whitener(const float wave[PAST], float taps[ORDER + 1])
{
    float likeness[ORDER + 1], weight[ORDER], damp = 1;
    for (int k = 0; k <= ORDER; k++)
        likeness[k] = product(wave + k, wave, PAST - k);
    likeness[0] *= 1.0001f; // a floor 40 dB down
    for (int k = 1; k <= ORDER; k++)
        likeness[k] *= 1 - 0.000064f * (float)(k * k);
    predict(likeness, weight);
    for (int k = 0; k < ORDER; k++)
        weight[k] *= damp *= 0.9f;
    const float zero = 0.8f; // less of the highs
    taps[0] = weight[0] + zero;
    for (int k = 1; k < ORDER; k++)
        taps[k] = weight[k] + zero * weight[k - 1];
    taps[ORDER] = zero * weight[ORDER - 1];
}

KR_LOOP void halve(const float past[KR_RNNOISE_PAST], float out[PAST])
{
    float wave[ORDER + 1 + PAST] = {0}, taps[ORDER + 1], *now = wave + ORDER + 1;
    now[0] = past[0] / 2 + past[1] / 4;
    for (int i = 1; i < PAST; i++)
        now[i] = past[2 * i - 1] / 4 + past[2 * i] / 2 + past[2 * i + 1] / 4;
    whitener(now, taps);
    memcpy(out, now, PAST * sizeof *out);
    for (int k = 0; k <= ORDER; k++)
        for (int i = 0; i < PAST; i++)
            out[i] += taps[k] * now[i - 1 - k];
}

// Likeness of `now` to the stretches that begin at wave[0], wave[1], ...; n is whole fours,
// `starts` and what `out` has room for whole LANES.
KR_LOOP void likenesses(const float *now, const float *wave, int n, int starts, float *out)
{
    for (int s = 0; s < starts; s += LANES) {
        lanes sum = {0};
        for (int i = 0; i < n; i += 4) {
            const float *at = wave + s + i;
            lanes x = now[i] * *(const lanes *)at;
            x += now[i + 1] * *(const lanes *)(at + 1);
            x += now[i + 2] * *(const lanes *)(at + 2);
            x += now[i + 3] * *(const lanes *)(at + 3);
            sum += x;
        }
        *(lanes *)(out + s) = sum;
    }
}

// The two starts where likeness, as a share of the stretch's own energy, is greatest.
KR_LOOP void best_two(const float *likeness, const float *wave, int n, int starts, int best[2])
{
    float share[2] = {-1, -1}, energy = 1 + product(wave, wave, n);
    best[0] = 0;
    best[1] = 1;
    for (int s = 0; s < starts; s++) {
        float now = likeness[s] > 0 ? likeness[s] / energy * likeness[s] : -1;
        if (now > share[0]) {
            best[1] = best[0];
            share[1] = share[0];
            best[0] = s;
            share[0] = now;
        } else if (now > share[1]) {
            best[1] = s;
            share[1] = now;
        }
        energy += wave[s + n] * wave[s + n] - wave[s] * wave[s];
        energy = energy > 1 ? energy : 1;
    }
}

// To which side of the middle of three the top leans: a half step more of the rate below.
KR_LOOP int lean(float before, float middle, float after)
{
    if (after - before > 0.7f * (middle - before))
        return 1;
    return before - after > 0.7f * (middle - after) ? -1 : 0;
}

// The period in samples of the full rate, from 3 * SHORTEST on.
KR_LOOP int search(const float wave[PAST])
{
    float sparse[PAST / 2], likeness[STARTS];
    int rough[2], best[2];
    for (int i = 0; i < PAST / 2; i++)
        sparse[i] = wave[2 * i];
    likenesses(sparse + LONGEST / 2, sparse, NOW / 2, SPARSE_STARTS, likeness);
    best_two(likeness, sparse, NOW / 2, STARTS / 2, rough);
    for (int s = 0; s < STARTS; s++) {
        bool near = abs(s - 2 * rough[0]) <= 2 || abs(s - 2 * rough[1]) <= 2;
        likeness[s] = near ? kr_more(-1, product(wave + LONGEST, wave + s, NOW)) : 0;
    }
    best_two(likeness, wave, NOW, STARTS, best);
    int at = best[0], side = 0;
    if (at > 0 && at < STARTS - 1)
        side = lean(likeness[at - 1], likeness[at], likeness[at + 1]);
    return 2 * (LONGEST - at) + side;
}

// What it takes to judge periods at the half rate.
struct judge {
    const float *now;          // the last 20 ms
    float energy[LONGEST + 1]; // of a stretch so many samples earlier
    int period_before;
    float sure_before;
};

struct guess {
    int period;
    float likeness, energy, sure;
};

KR_LOOP void judge_init(struct judge *j, const float wave[PAST], const struct kr_rnnoise_pitch *p)
{
    j->now = wave + LONGEST;
    j->period_before = p->period / 2;
    j->sure_before = p->sure;
    float energy = product(j->now, j->now, NOW);
    for (int back = 0; back <= LONGEST; back++) {
        j->energy[back] = kr_more(0, energy);
        if (back < LONGEST) {
            float joins = j->now[-back - 1], leaves = j->now[NOW - back - 1];
            energy += joins * joins - leaves * leaves;
        }
    }
}

// A period, and another that should be as good if the first is true.
KR_LOOP struct guess guess_of(const struct judge *j, int period, int other)
{
    struct guess g = {.period = period};
    float likeness[2];
    two_products(j->now, j->now - period, j->now - other, NOW, likeness);
    g.likeness = (likeness[0] + likeness[1]) / 2;
    g.energy = (j->energy[period] + j->energy[other]) / 2;
    g.sure = g.likeness / sqrtf(1 + j->energy[0] * g.energy);
    return g;
}

// What a shorter period must reach: less where it goes on from before, more where it is short.
KR_LOOP float asked_of(const struct judge *j, int period, int part, const struct guess *whole)
{
    int apart = abs(period - j->period_before);
    float trust = apart <= 1 ? j->sure_before : 0;
    if (apart == 2 && 5 * part * part < whole->period)
        trust = j->sure_before / 2;
    if (period < 3 * SHORTEST)
        return kr_more(0.4f, 0.85f * whole->sure - trust);
    return kr_more(0.3f, 0.7f * whole->sure - trust);
}

KR_LOOP struct guess shortest(const struct judge *j, int period)
{
    // With a k-th of the period, so many k-ths of it should do as well.
    static const int more[] = {0, 0, 3, 2, 3, 2, 5, 2, 3, 2, 3, 2, 5, 2, 3, 2};
    struct guess whole = guess_of(j, period, period), best = whole;
    for (int k = 2; k < (int)KR_COUNT(more); k++) {
        int part = (2 * period + k) / (2 * k), other = (2 * more[k] * period + k) / (2 * k);
        if (part < SHORTEST)
            break;
        if (k == 2)
            other = part + period > LONGEST ? period : part + period;
        struct guess g = guess_of(j, part, other);
        if (g.sure > asked_of(j, part, k, &whole))
            best = g;
    }
    return best;
}

KR_LOOP void find(struct kr_rnnoise_pitch *pitch, const float past[KR_RNNOISE_PAST])
{
    float wave[PAST], around[3];
    struct judge judge;
    halve(past, wave);
    judge_init(&judge, wave, pitch);
    int period = search(wave) / 2;
    struct guess best = shortest(&judge, period < LONGEST ? period : LONGEST - 1);
    for (int k = 0; k < 3; k++)
        around[k] = product(judge.now, judge.now - (best.period + k - 1), NOW);
    best.likeness = kr_more(0, best.likeness);
    float share = best.energy <= best.likeness ? 1 : best.likeness / (best.energy + 1);
    pitch->sure = kr_less(share, best.sure);
    period = 2 * best.period + lean(around[0], around[1], around[2]);
    pitch->period = period < KR_RNNOISE_SHORTEST ? KR_RNNOISE_SHORTEST : period;
}

KR_LOOP_AVX2 static void find_by_eights(struct kr_rnnoise_pitch *pitch, const float *past)
{
    find(pitch, past);
}

void kr_rnnoise_pitch_find(struct kr_rnnoise_pitch *pitch, const float past[KR_RNNOISE_PAST])
{
    if (pitch->eights)
        find_by_eights(pitch, past);
    else
        find(pitch, past);
}
