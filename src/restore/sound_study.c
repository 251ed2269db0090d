// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/sound_study.h"

#include "media/samples.h"
#include "restore/leveller.h"
#include "restore/limiter.h"
#include "restore/quick.h"
#include <assert.h>
#include <ebur128.h>
#include <math.h>

enum {
    SHORT = KR_RATE / 50, // 20 ms: levels
    SLOT = KR_RATE / 200, // 5 ms: peaks
    LONG = KR_RATE / 10,  // 100 ms: loudness
    BESIDE = 24,          // samples beside one that tell of its true peak
    STEPS = 260,          // of half a dB, from -130 dBFS
};
static const double nothing_db = -100; // digital silence says nothing about the room
// A slot is kept as two bytes: codes of 3/8 dB, rounded, so that of many no error is left.
static const double code_db = 0.375, lowest_db = -88;

// Between samples nothing rises further above the highest one near by: the sizes of the taps with
// which the meter looks there add up to less.
static const float peak_most = 2;

struct peaks {
    ebur128_state *meter;                    // NULL: nobody wants to know
    float before[BESIDE * KR_CHANNELS_MOST]; // the end of the slot before
    float beside;                            // its highest sample
    bool heard;                              // was it given to the meter?
    double highest;                          // true peak so far
};

struct slot {
    uint8_t peak, energy; // of the highest sample; of all of them
};

struct kr_sound_study {
    int channels;
    unsigned wanted;
    ebur128_state *meter;
    struct peaks peaks;
    float block[LONG * KR_CHANNELS_MOST]; // interleaved
    size_t filled, short_filled;
    double short_energy, below, total;
    uint32_t level[STEPS];
    uint64_t levels;
    float *loud;                // energy of each 100 ms, as the ear weighs it
    struct slot *slot;          // LONG / SLOT of them for each of `loud`
    float *top;                 // the highest sample of each
    float *levelled;            // the gain of each, once it is levelled; else NULL
    double size[UINT8_MAX + 1]; // of a code
    size_t louds, room;
};

bool kr_sound_study_create(int channels, unsigned wanted, struct kr_sound_study **out,
                           struct kr_err *err)
{
    struct kr_sound_study *s = kr_new(struct kr_sound_study);
    bool peaks = wanted & KR_STUDY_TRUE_PEAK;
    s->channels = channels;
    s->wanted = wanted;
    // The histogram mode keeps memory bounded whatever the length.
    s->meter = ebur128_init((unsigned)channels, KR_RATE, EBUR128_MODE_I | EBUR128_MODE_HISTOGRAM);
    if (peaks)
        s->peaks.meter = ebur128_init((unsigned)channels, KR_RATE, EBUR128_MODE_TRUE_PEAK);
    for (int code = 0; code <= UINT8_MAX; code++)
        s->size[code] = pow(10, (lowest_db + code_db * code) / 20);
    if (!s->meter || (peaks && !s->peaks.meter)) {
        kr_sound_study_destroy(&s);
        return kr_fail(err, KR_E_INTERNAL, "measure loudness: no meter");
    }
    *out = s;
    return true;
}

void kr_sound_study_destroy(struct kr_sound_study **study)
{
    if (*study) {
        if ((*study)->meter)
            ebur128_destroy(&(*study)->meter);
        if ((*study)->peaks.meter)
            ebur128_destroy(&(*study)->peaks.meter);
        kr_free(&(*study)->loud);
        kr_free(&(*study)->slot);
        kr_free(&(*study)->top);
        kr_free(&(*study)->levelled);
    }
    kr_free(study);
}

static void note_level(struct kr_sound_study *s)
{
    double db = 10 * log10(s->short_energy / (SHORT * s->channels) + 1e-20);
    if (db > nothing_db) {
        int step = (int)((db + 130) * 2);
        s->level[step < STEPS ? step : STEPS - 1]++;
        s->levels++;
    }
    s->short_energy = 0;
    s->short_filled = 0;
}

// The meter is asked only about a slot whose true peak may be higher than all before; of what
// came before it, it must have heard the end.
static bool note_peak(struct kr_sound_study *s, const float *slot, struct kr_err *err)
{
    struct peaks *p = &s->peaks;
    size_t many = SLOT * (size_t)s->channels, beside = BESIDE * (size_t)s->channels;
    float most = 0;
    for (size_t i = 0; i < many; i++)
        most = kr_more(most, fabsf(slot[i]));
    float near = kr_more(most, p->beside);
    bool asks = (double)(near * peak_most) > p->highest, ok = true;
    if (asks && !p->heard)
        ok = !ebur128_add_frames_float(p->meter, p->before, BESIDE);
    if (asks)
        ok = ok && !ebur128_add_frames_float(p->meter, slot, SLOT);
    for (unsigned c = 0; asks && c < (unsigned)s->channels; c++) {
        double one = 0;
        ok = ok && !ebur128_prev_true_peak(p->meter, c, &one);
        p->highest = fmax(p->highest, one);
    }
    memcpy(p->before, slot + many - beside, beside * sizeof *slot);
    p->beside = most;
    p->heard = asks;
    return ok || kr_fail(err, KR_E_INTERNAL, "measure the true peak");
}

static uint8_t coded(double v)
{
    double code = (20 * log10(v + 1e-20) - lowest_db) / code_db;
    return (uint8_t)lrint(fmin(fmax(code, 0), UINT8_MAX));
}

static void note_slots(struct kr_sound_study *s)
{
    size_t many = (size_t)SLOT * (size_t)s->channels;
    s->top[s->louds] = 0;
    for (size_t k = 0; k < LONG / SLOT; k++) {
        float peak = 0, energy = 0;
        for (size_t i = k * many; i < (k + 1) * many; i++) {
            peak = kr_more(peak, fabsf(s->block[i]));
            energy += s->block[i] * s->block[i];
        }
        struct slot slot = {coded((double)peak), coded(sqrt((double)energy / (double)many))};
        s->slot[s->louds * (LONG / SLOT) + k] = slot;
        s->top[s->louds] = kr_more(s->top[s->louds], peak);
    }
}

static bool note_loudness(struct kr_sound_study *s, struct kr_err *err)
{
    double lufs = -HUGE_VAL;
    bool kept = s->wanted & KR_STUDY_GAIN;
    if (ebur128_add_frames_float(s->meter, s->block, s->filled) ||
        (kept && ebur128_loudness_window(s->meter, 100, &lufs)))
        return kr_fail(err, KR_E_INTERNAL, "measure loudness");
    for (size_t k = 0; s->peaks.meter && k < LONG / SLOT; k++)
        if (!note_peak(s, s->block + k * SLOT * (size_t)s->channels, err))
            return false;
    s->filled = 0;
    if (!kept)
        return true;
    if (s->louds == s->room) {
        s->room = s->room ? s->room + s->room / 2 : KR_MANY;
        s->loud = kr_realloc_array(s->loud, s->room, sizeof *s->loud);
        s->top = kr_realloc_array(s->top, s->room, sizeof *s->top);
        s->slot = kr_realloc_array(s->slot, s->room, LONG / SLOT * sizeof *s->slot);
    }
    note_slots(s);
    s->loud[s->louds++] = lufs > -150 ? (float)pow(10, (lufs + 0.691) / 10) : 0;
    return true;
}

// n samples, at most to the end of a short block.
static void take(struct kr_sound_study *s, float *const channel[], size_t at, size_t n)
{
    size_t channels = (size_t)s->channels;
    float *block = s->block + s->filled * channels;
    double energy = s->short_energy;
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < channels; c++) {
            float v = channel[c][at + i];
            block[i * channels + c] = v;
            energy += (double)v * (double)v;
        }
    s->short_energy = energy;
    s->short_filled += n;
    s->filled += n;
}

bool kr_sound_study_add(struct kr_sound_study *s, float *const channel[], size_t n, double below,
                        struct kr_err *err)
{
    s->below += below;
    s->total += (double)n;
    for (size_t at = 0, many; at < n; at += many) {
        size_t left = SHORT - s->short_filled; // a long block ends with a short one
        many = n - at < left ? n - at : left;
        take(s, channel, at, many);
        if (s->short_filled == SHORT)
            note_level(s);
        if (s->filled == LONG && !note_loudness(s, err))
            return false;
    }
    return true;
}

static double level_at(const struct kr_sound_study *s, double share)
{
    double sum = 0;
    int step = 0;
    for (; step < STEPS - 1; step++)
        if ((sum += s->level[step]) >= share * (double)s->levels)
            break;
    return step / 2.0 - 130 + 0.25;
}

// What the limiter leaves of the energy of one tenth of a
// second. *held is its gain before and after.
static double part_left(const struct kr_sound_study *s, size_t at, double gain, double ceiling,
                        double *held)
{
    double let_go = 1 - exp(-(double)SLOT / KR_LIMITER_RELEASE);
    gain *= s->levelled ? (double)s->levelled[at] : 1;
    const struct slot *slot = s->slot + at * (LONG / SLOT);
    double sum = 0, all = 0;
    for (size_t k = 0; k < LONG / SLOT; k++) {
        double peak = s->size[slot[k].peak], energy = pow(s->size[slot[k].energy], 2);
        double need = fmin(1, ceiling / (gain * peak));
        *held = fmin(need, *held + (1 - *held) * let_go);
        sum += energy * *held * *held;
        all += energy;
    }
    return sum / all;
}

// Gated loudness (ITU-R BS.1770-4) of what will come out: each energy times the
// gain, less what the limiter holds back.
static double loudness_with(const struct kr_sound_study *s, double gain, double ceiling)
{
    double gate = pow(10, (-70 + 0.691) / 10), mean = 0;
    for (int pass = 0; pass < 2; pass++) {
        double sum = 0, many = 0, held = 1, last[4] = {0};
        for (size_t i = 0; i < s->louds; i++) {
            last[i % 4] = (double)s->loud[i] * gain * gain * part_left(s, i, gain, ceiling, &held);
            double e = (last[0] + last[1] + last[2] + last[3]) / 4;
            sum += i >= 3 && e >= gate ? e : 0;
            many += i >= 3 && e >= gate;
        }
        mean = many > 0 ? sum / many : 0;
        gate = fmax(gate, mean / 10);
    }
    return -0.691 + 10 * log10(mean + 1e-20);
}

static double gain_for(const struct kr_sound_study *s, double target, double ceiling)
{
    double low = -60, high = 60;
    for (int i = 0; i < 24; i++) {
        double mid = (low + high) / 2;
        if (loudness_with(s, pow(10, mid / 20), ceiling) < target)
            low = mid;
        else
            high = mid;
    }
    return low;
}

void kr_sound_study_level(struct kr_sound_study *s, double most_db, float **gain, size_t *n)
{
    *n = s->louds;
    *gain = kr_new_array(float, s->louds + 1);
    if (!kr_leveller_gains(s->loud, s->louds, most_db, *gain)) {
        kr_free(gain);
        *n = 0;
        return;
    }
    assert(!s->levelled);
    s->levelled = kr_new_array(float, s->louds);
    for (size_t i = 0; i < s->louds; i++) {
        float now = s->levelled[i] = (*gain)[i];
        s->loud[i] *= now * now;
        s->top[i] *= now;
    }
}

double kr_sound_study_bang(const struct kr_sound_study *s)
{
    return level_at(s, 1) - level_at(s, 0.95);
}

double kr_sound_study_peak(const struct kr_sound_study *s)
{
    float peak = 0;
    for (size_t i = 0; i < s->louds; i++)
        peak = fmaxf(peak, s->top[i]);
    return 20 * log10((double)peak + 1e-10);
}

double kr_sound_study_gain(const struct kr_sound_study *s, double target, double ceiling_db,
                           double press_most_db)
{
    double open = gain_for(s, target, INFINITY);
    double gain = gain_for(s, target, pow(10, ceiling_db / 20));
    return fmin(gain, open + press_most_db);
}

bool kr_sound_study_facts(const struct kr_sound_study *s, struct kr_sound_facts *out,
                          struct kr_err *err)
{
    struct kr_sound_facts facts = {.loudness = -HUGE_VAL};
    if (ebur128_loudness_global(s->meter, &facts.loudness))
        return kr_fail(err, KR_E_INTERNAL, "measure loudness");
    facts.silent = !(facts.loudness > -70) || !s->levels;
    facts.true_peak = 20 * log10(s->peaks.highest + 1e-10);
    facts.speech = level_at(s, 0.95);
    facts.floor = level_at(s, 0.03);
    facts.steady_floor = level_at(s, 0.15) - level_at(s, 0.03) < 3;
    facts.rumble = 10 * log10(s->below / (s->total * s->channels + 1) + 1e-20);
    *out = facts;
    return true;
}
