// SPDX-License-Identifier: AGPL-3.0-or-later
// How well a voice is heard: above its noise, within its rails, near, loud enough.
#include "restore/coach_priv.h"

#include "restore/quick.h"
#include "restore/room.h"
#include "restore/sound_study.h"
#include "restore/talk.h"
#include <math.h>

enum {
    SLOT = KR_RATE / 100, // 10 ms
    PIECE = 1 << 12,      // samples at a time
    RAILS = 600,          // levels of single samples: tenths of a dB from -50 dBFS
    CELL_BITS = 16,       // of a float: its sign, its exponent and 7 bits more are a cell
    CELLS = 1500,         // up to the loudest, of 8
};
// Chosen on made clips (tests/bench/kit_coach.py, seeds 1 to 9).
static const double rails_from = -50;
static const double voice_share = 0.95, floor_share = 0.03, quiet_share = 0.15;
static const double lively = 4; // dB between the last two: no noise, which is even

struct band { // two second-order sections: 150 Hz to 4 kHz, where voices live
    double b[2][3], a[2][2], held[2][2];
};

struct kr_rails { // levels of single samples, and how many had each
    uint64_t count[RAILS];
    float edge[RAILS + 1]; // where each begins
    uint32_t first;        // cell
    int16_t below[CELLS];  // the last level that begins before it
};

struct kr_coach_ear {
    int channels;
    struct kr_sound_study *study;
    struct band band;
    double energy; // of the slot that fills
    size_t filled, slots;
    struct kr_room *room; // its slots in the voice band
    struct kr_talk *talk;
    struct kr_rails rails;
    float *piece[KR_CHANNELS_MOST];
};

// Butterworth sections by the bilinear transform: a high pass, then a low pass.
static void tune(struct band *band)
{
    static const double corner[2] = {150, 4000};
    for (int s = 0; s < 2; s++) {
        double k = tan(M_PI * corner[s] / KR_RATE), n = 1 / (1 + M_SQRT2 * k + k * k);
        double gain = s ? k * k * n : n;
        band->b[s][0] = band->b[s][2] = gain;
        band->b[s][1] = s ? 2 * gain : -2 * gain;
        band->a[s][0] = 2 * (k * k - 1) * n;
        band->a[s][1] = (1 - M_SQRT2 * k + k * k) * n;
    }
}

static double pass(struct band *band, double v)
{
    for (int s = 0; s < 2; s++) {
        const double *b = band->b[s], *a = band->a[s];
        double *held = band->held[s], out = b[0] * v + held[0];
        held[0] = b[1] * v - a[0] * out + held[1];
        held[1] = b[2] * v - a[1] * out;
        v = out;
    }
    return v;
}

static uint32_t bits_of(float v)
{
    uint32_t bits;
    memcpy(&bits, &v, sizeof bits);
    return bits;
}

// Of a logarithm's table: floats of one cell have their first bits in common, and differ by less
// than one level.
static void make_rails(struct kr_rails *rails)
{
    for (int i = 0; i < RAILS; i++)
        rails->edge[i] = (float)(pow(10, (rails_from + i / 10.0) / 20) - 1e-9);
    rails->edge[RAILS] = INFINITY;
    rails->first = bits_of(rails->edge[0]) >> CELL_BITS;
    for (uint32_t cell = 0; cell < CELLS; cell++) {
        uint32_t bits = (rails->first + cell) << CELL_BITS;
        float lowest;
        memcpy(&lowest, &bits, sizeof lowest);
        int below = 0;
        while (rails->edge[below] <= lowest)
            below++;
        rails->below[cell] = (int16_t)(below - 1);
    }
}

bool kr_coach_ear_create(int channels, struct kr_coach_ear **out, struct kr_err *err)
{
    struct kr_sound_study *study = NULL;
    if (!kr_sound_study_create(channels, 0, &study, err))
        return false;
    struct kr_coach_ear *ear = kr_new(struct kr_coach_ear);
    ear->channels = channels;
    ear->study = study;
    ear->room = kr_room_create((double)SLOT / KR_RATE);
    tune(&ear->band);
    make_rails(&ear->rails);
    ear->talk = kr_talk_create(channels);
    for (int c = 0; c < channels; c++)
        ear->piece[c] = kr_new_array(float, PIECE);
    *out = ear;
    return true;
}

void kr_coach_ear_destroy(struct kr_coach_ear **ear)
{
    if (*ear) {
        kr_sound_study_destroy(&(*ear)->study);
        for (int c = 0; c < KR_CHANNELS_MOST; c++)
            kr_free(&(*ear)->piece[c]);
        kr_talk_destroy(&(*ear)->talk);
        kr_room_destroy(&(*ear)->room);
    }
    kr_free(ear);
}

static void note_rails(struct kr_rails *rails, const float *wave, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float size = fabsf(wave[i]);
        if (size < rails->edge[0])
            continue;
        int at = rails->below[(bits_of(size) >> CELL_BITS) - rails->first];
        rails->count[at + (size >= rails->edge[at + 1])]++;
    }
}

static void note_slot(struct kr_coach_ear *ear)
{
    kr_room_add(ear->room, 10 * log10(ear->energy / SLOT + 1e-13));
    ear->slots++;
    ear->energy = 0;
    ear->filled = 0;
}

static void listen(struct kr_coach_ear *ear, size_t n)
{
    struct band band = ear->band; // apart, so that it may stay in registers
    double each = 1.0 / ear->channels;
    for (int c = 0; c < ear->channels; c++)
        note_rails(&ear->rails, ear->piece[c], n);
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (int c = 0; c < ear->channels; c++)
            sum += (double)ear->piece[c][i];
        double v = pass(&band, sum * each);
        ear->energy += v * v;
        if (++ear->filled == SLOT)
            note_slot(ear);
    }
    ear->band = band;
}

bool kr_coach_hear(struct kr_coach_ear *ear, const struct kr_samples *in, struct kr_err *err)
{
    for (size_t at = 0; at < in->n; at += PIECE) {
        size_t n = in->n - at < PIECE ? in->n - at : PIECE;
        for (int c = 0; c < ear->channels; c++)
            kr_make_finite(in->channel[c] + at, n, ear->piece[c]); // a broken file may say anything
        listen(ear, n);
        kr_talk_add(ear->talk, ear->piece, n);
        if (!kr_sound_study_add(ear->study, ear->piece, n, 0, err))
            return false;
    }
    return true;
}

struct levels { // dBFS in the voice band
    double voice, floor, pauses;
    size_t n;
};

// Digital silence says nothing about the room.
static struct levels levels_of(const struct kr_coach_ear *ear)
{
    return (struct levels){kr_room_level(ear->room, voice_share),
                           kr_room_level(ear->room, floor_share),
                           kr_room_level(ear->room, quiet_share), kr_room_slots(ear->room)};
}

static double between(const struct kr_coach_ear *ear, int from, int to)
{
    double sum = 0;
    for (int i = from < 0 ? 0 : from; i < to && i < RAILS; i++)
        sum += (double)ear->rails.count[i];
    return sum;
}

// The loudest samples of a voice are few, and fewer the louder; where they pile
// up instead, they were cut off there, be it at a rail of today's file or of
// one before it. The part of the loud samples (12 dB) that stands in the pile,
// in hundredths.
static double piled_up(const struct kr_coach_ear *ear)
{
    double all = between(ear, 0, RAILS), pile = 0;
    int top = RAILS - 1;
    for (double sum = 0; top > 0 && (sum += (double)ear->rails.count[top]) < 1e-5 * all;)
        top--;
    for (int r = top; r > top - 40 && r > 0; r--) { // lossy coding blurs the rail
        double here = between(ear, r - 5, r + 6), below = between(ear, r - 16, r - 5);
        pile = fmax(pile, here - below);
    }
    return 100 * pile / fmax(between(ear, top - 120, top + 1), 1);
}

// Noise and echo are of a voice's: where nobody speaks they spoil nothing, and cannot be told.
static void judge_voice(const struct kr_coach_ear *ear, const struct levels *levels,
                        struct kr_found *found)
{
    const struct kr_cause_row *speech = &kr_cause_rows[KR_CAUSE_SPEECH];
    double seconds, spoken = 100 * kr_talk_share(ear->talk);
    if (spoken >= 0) {
        kr_found_set(found, KR_CAUSE_SPEECH, spoken);
        if (spoken <= speech->bad)
            return;
    }
    bool echoes = kr_room_dies_away(ear->room, &seconds);
    if (echoes)
        kr_found_set(found, KR_CAUSE_ECHO, seconds);
    bool filled = echoes && levels->pauses - levels->floor > lively &&
                  seconds > kr_cause_rows[KR_CAUSE_ECHO].fine;
    if (!filled) // by the echo itself: then nothing is known of the noise
        kr_found_set(found, KR_CAUSE_NOISE, levels->voice - levels->floor);
}

bool kr_coach_heard(const struct kr_coach_ear *ear, struct kr_found *found, struct kr_err *err)
{
    struct kr_sound_facts facts;
    struct levels levels = levels_of(ear);
    if (!kr_sound_study_facts(ear->study, &facts, err))
        return false;
    if (facts.silent || !levels.n) {
        found->why[KR_PART_SOUND] = "silent";
        return true;
    }
    kr_found_set(found, KR_CAUSE_CLIPPING, piled_up(ear));
    kr_found_set(found, KR_CAUSE_QUIET, facts.loudness);
    judge_voice(ear, &levels, found);
    return true;
}
