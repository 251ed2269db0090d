// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/sound_study.h"

#include "media/samples.h"
#include <ebur128.h>
#include <math.h>

enum {
    SHORT = KR_RATE / 50, // 20 ms: levels
    LONG = KR_RATE / 10,  // 100 ms: loudness
    STEPS = 260,          // of half a dB, from -130 dBFS
};
static const double nothing_db = -100; // digital silence says nothing about the room

struct kr_sound_study {
    int channels;
    ebur128_state *meter;
    float block[LONG * KR_CHANNELS_MOST]; // interleaved
    size_t filled, short_filled;
    double short_energy, below, total;
    uint32_t level[STEPS];
    uint64_t levels;
    float *loud; // energy of each 100 ms, as the ear weighs it
    size_t louds, room;
};

bool kr_sound_study_create(int channels, struct kr_sound_study **out, struct kr_err *err)
{
    // The histogram mode keeps memory bounded whatever the length.
    int mode = EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK | EBUR128_MODE_HISTOGRAM;
    ebur128_state *meter = ebur128_init((unsigned)channels, KR_RATE, mode);
    if (!meter)
        return kr_fail(err, KR_E_INTERNAL, "measure loudness: no meter");
    *out = kr_new(struct kr_sound_study);
    (*out)->channels = channels;
    (*out)->meter = meter;
    return true;
}

void kr_sound_study_destroy(struct kr_sound_study **study)
{
    if (*study) {
        ebur128_destroy(&(*study)->meter);
        kr_free(&(*study)->loud);
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

static bool note_loudness(struct kr_sound_study *s, struct kr_err *err)
{
    double lufs = -HUGE_VAL;
    if (ebur128_add_frames_float(s->meter, s->block, s->filled) ||
        ebur128_loudness_window(s->meter, 100, &lufs))
        return kr_fail(err, KR_E_INTERNAL, "measure loudness");
    if (s->louds == s->room) {
        s->room = s->room ? s->room + s->room / 2 : 600;
        s->loud = kr_realloc_array(s->loud, s->room, sizeof *s->loud);
    }
    s->loud[s->louds++] = lufs > -150 ? (float)pow(10, (lufs + 0.691) / 10) : 0;
    s->filled = 0;
    return true;
}

bool kr_sound_study_add(struct kr_sound_study *s, float *const channel[], size_t n, double below,
                        struct kr_err *err)
{
    s->below += below;
    s->total += (double)n;
    for (size_t i = 0; i < n; i++) {
        for (int c = 0; c < s->channels; c++) {
            float v = channel[c][i];
            s->block[s->filled * (size_t)s->channels + (size_t)c] = v;
            s->short_energy += (double)v * (double)v;
        }
        if (++s->short_filled == SHORT)
            note_level(s);
        if (++s->filled == LONG && !note_loudness(s, err))
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

static int up(const void *a, const void *b)
{
    float x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

static double floor_energy(const struct kr_sound_study *s)
{
    float *sorted = kr_new_array(float, s->louds + 1);
    size_t n = 0;
    for (size_t i = 0; i < s->louds; i++)
        if (s->loud[i] > 1e-10f)
            sorted[n++] = s->loud[i];
    qsort(sorted, n, sizeof *sorted, up);
    double floor = n ? (double)sorted[n / 10] : 0;
    kr_free(&sorted);
    return floor;
}

// Gated loudness (ITU-R BS.1770-4) over the kept energies, each lowered by the
// part of the floor that will be gone, but by no more than the denoiser cuts.
static double loudness_without(const struct kr_sound_study *s, double floor, double keep)
{
    double gate = pow(10, (-70 + 0.691) / 10), mean = 0;
    for (int pass = 0; pass < 2; pass++) {
        double sum = 0, many = 0;
        for (size_t i = 3; i < s->louds; i++) {
            double e = 0;
            for (size_t k = i - 3; k <= i; k++)
                e += fmax((double)s->loud[k] - floor * (1 - keep), (double)s->loud[k] * keep) / 4;
            sum += e >= gate ? e : 0;
            many += e >= gate;
        }
        mean = many > 0 ? sum / many : 0;
        gate = fmax(gate, mean / 10);
    }
    return 10 * log10(mean + 1e-20);
}

bool kr_sound_study_facts(const struct kr_sound_study *s, double cut_db, struct kr_sound_facts *out,
                          struct kr_err *err)
{
    struct kr_sound_facts facts = {.loudness = -HUGE_VAL};
    double peak = 0;
    for (int c = 0; c < s->channels; c++) {
        double one = 0;
        if (ebur128_true_peak(s->meter, (unsigned)c, &one))
            return kr_fail(err, KR_E_INTERNAL, "measure the true peak");
        peak = fmax(peak, one);
    }
    if (ebur128_loudness_global(s->meter, &facts.loudness))
        return kr_fail(err, KR_E_INTERNAL, "measure loudness");
    facts.silent = !(facts.loudness > -70) || !s->levels;
    facts.true_peak = 20 * log10(peak + 1e-10);
    facts.speech = level_at(s, 0.95);
    facts.floor = level_at(s, 0.10);
    facts.steady_floor = level_at(s, 0.15) - level_at(s, 0.03) < 3;
    facts.rumble = 10 * log10(s->below / (s->total * s->channels + 1) + 1e-20);
    double floor = floor_energy(s);
    facts.quieter =
        loudness_without(s, floor, 1) - loudness_without(s, floor, pow(10, -cut_db / 10));
    *out = facts;
    return true;
}
