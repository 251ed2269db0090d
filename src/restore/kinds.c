// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/kinds.h"

#include "restore/omlsa.h"
#include "restore/quick.h"

enum {
    HOP = KR_OMLSA_SIZE / 4,
    FROM = 8,         // 250 Hz
    TO = 160,         // 5 kHz
    NEAR = 3,         // the frequencies with which a tone is compared: from here
    FAR = 6,          // to there, each way
    HELD_LEAST = 20,  // frames of 8 ms: a note
    HELD_MOST = 250,  // a machine
    LOST = 3,         // frames of a note that one frame without it takes back
    SPAN = 64,        // frames of one answer
    EDGE = FROM + FAR // room around for the look around
};
// The held tones' share of the power: speech has none in three half seconds of four,
// a piano's fast notes 0.05 and more, singing 0.3 (measured, tests/unit/restore/kinds.c).
static const float surely_speech = 0.02f, surely_music = 0.10f;
static const float stands_out = 4;

struct kr_kinds {
    int held[TO]; // for how many frames each tone has been held
    int frames;
    float notes, all; // power in this half second
    uint8_t *music;   // how surely, of 255
    float *power;     // how loud, for as many
    size_t n, room;
};

struct kr_kinds *kr_kinds_create(void)
{
    return kr_new(struct kr_kinds);
}

void kr_kinds_destroy(struct kr_kinds **kinds)
{
    if (*kinds) {
        kr_free(&(*kinds)->music);
        kr_free(&(*kinds)->power);
    }
    kr_free(kinds);
}

static void measure(const struct kr_spectrum *frame, float power[TO + EDGE])
{
    memset(power, 0, (TO + EDGE) * sizeof *power);
    for (int c = 0; c < frame->channels; c++)
        for (int k = 0; k < TO + EDGE; k++)
            power[k] += frame->re[c][k] * frame->re[c][k] + frame->im[c][k] * frame->im[c][k];
}

static bool is_tone(const float power[TO + EDGE], int k)
{
    if (power[k] <= power[k - 1] || power[k] < power[k + 1])
        return false;
    float around = 0;
    for (int j = NEAR; j <= FAR; j++)
        around += power[k - j] + power[k + j];
    return power[k] * (2 * (FAR - NEAR + 1)) > stands_out * around;
}

static void end_span(struct kr_kinds *kinds)
{
    if (kinds->n == kinds->room) {
        kinds->room = kinds->room ? kinds->room + kinds->room / 2 : 256;
        kinds->music = kr_realloc_array(kinds->music, kinds->room, sizeof *kinds->music);
        kinds->power = kr_realloc_array(kinds->power, kinds->room, sizeof *kinds->power);
    }
    float share = kinds->notes / (kinds->all + 1e-9f);
    float sure = (share - surely_speech) / (surely_music - surely_speech);
    sure = kr_less(kr_more(sure, 0), 1);
    kinds->music[kinds->n] = (uint8_t)(sure * 255);
    kinds->power[kinds->n++] = kinds->all;
    kinds->notes = kinds->all = 0;
}

void kr_kinds_add(struct kr_kinds *kinds, const struct kr_spectrum *frame)
{
    float power[TO + EDGE];
    measure(frame, power);
    for (int k = FROM; k < TO; k++) {
        int *held = &kinds->held[k];
        kinds->all += power[k];
        if (!is_tone(power, k)) {
            *held = *held > LOST ? *held - LOST : 0;
            continue;
        }
        *held = *held < HELD_MOST ? *held + 1 : HELD_MOST;
        if (*held > HELD_LEAST && *held < HELD_MOST)
            kinds->notes += 2 * power[k]; // its other half lies beside it
    }
    if (++kinds->frames % SPAN == 0)
        end_span(kinds);
}

static uint8_t sure_at(const struct kr_kinds *kinds, int64_t i)
{
    return i >= 0 && i < (int64_t)kinds->n ? kinds->music[i] : 0;
}

// Half a second alone is a drawn-out vowel, not music: the second surest of three.
static uint8_t among_others(const struct kr_kinds *kinds, int64_t i)
{
    uint8_t now = sure_at(kinds, i), before = sure_at(kinds, i - 1), after = sure_at(kinds, i + 1);
    uint8_t beside = before > after ? before : after;
    return now < beside ? now : beside;
}

// The edges of a song belong to it: its first note has not been held for long yet.
static float surest(const struct kr_kinds *kinds, int64_t i)
{
    uint8_t most = 0;
    for (int64_t j = i - 1; j <= i + 1; j++)
        if (among_others(kinds, j) > most)
            most = among_others(kinds, j);
    return most / 255.0f;
}

float kr_kinds_music_at(const struct kr_kinds *kinds, uint64_t at)
{
    float place = (float)((double)at / (SPAN * HOP)) - 0.5f;
    int64_t before = (int64_t)(place + 1) - 1;
    float part = place - (float)before;
    return surest(kinds, before) * (1 - part) + surest(kinds, before + 1) * part;
}

double kr_kinds_music(const struct kr_kinds *kinds)
{
    double music = 0, all = 1e-9;
    for (size_t i = 0; i < kinds->n; i++) {
        music += among_others(kinds, (int64_t)i) / 255.0 * (double)kinds->power[i];
        all += (double)kinds->power[i];
    }
    return music / all;
}
