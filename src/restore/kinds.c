// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/kinds.h"

#include "restore/omlsa.h"
#include "restore/quick.h"
#include <math.h>

enum {
    HOP = KR_OMLSA_SIZE / 4,
    FROM = 8,          // 250 Hz
    TO = 160,          // 5 kHz
    NEAR = 3,          // the frequencies with which a tone is compared: from here
    FAR = 6,           // to there, each way
    HELD_LEAST = 20,   // frames of 8 ms: a note
    HELD_MOST = 250,   // a machine
    LOST = 3,          // frames of a note that one frame without it takes back
    SPAN = 64,         // frames of one answer
    EDGE = FROM + FAR, // room around for the look around
    PAST = 12 * SPAN,  // frames in which a beat is sought: six seconds
    BEAT_FROM = 31,    // frames from one beat to the next: a quarter of a second
    BEAT_TO = 188,     // one and a half
    PIECE = 8,         // spans each way in which a piece of music shows itself
};
// The held tones' share of the power: speech has none in three half seconds of four,
// a piano's fast notes 0.05 and more, singing 0.3 (measured, tests/unit/restore/kinds.c).
static const float surely_speech = 0.02f, surely_music = 0.10f;
static const float stands_out = 4;
// Their share of the power in some seconds, by which all of these are music: speech in noise
// reaches 0.2, what is played on glass and tabla 0.4, between its strokes too.
static const float surely_talk = 0.28f, surely_piece = 0.42f;
// Likeness of the onsets to themselves a beat later: sentences reach 0.3 (seven voices, six
// languages), made drums whose player is 10 ms off 0.7.
static const float surely_free = 0.45f, surely_beat = 0.65f;

struct kr_kinds {
    int held[TO]; // for how many frames each tone has been held
    int frames;
    float notes, all;  // power in this half second
    float before[TO];  // sizes of the last frame's tones
    float onset[PAST]; // by how much they grew, the newest last
    uint8_t *music;    // how surely, of 255
    uint8_t *beat;     // how surely in the six seconds up to here
    float *power;      // how loud, for as many
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
        kr_free(&(*kinds)->beat);
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

static float likeness(const float *wave, int lag)
{
    float both = 0, now = 0, then = 0;
    for (int i = lag; i < PAST; i++) {
        both += wave[i] * wave[i - lag];
        now += wave[i] * wave[i];
        then += wave[i - lag] * wave[i - lag];
    }
    return both / sqrtf(now * then + 1e-20f);
}

// How like themselves the onsets are after the time of one beat.
static float beat(const float onset[PAST])
{
    enum { WIDE = 2 }; // frames each way: nobody plays to 8 ms
    float wave[PAST] = {0}, mean = 0, most = 0;
    for (int i = 0; i < PAST; i++)
        mean += onset[i] / PAST;
    for (int i = WIDE; i < PAST - WIDE; i++)
        for (int j = i - WIDE; j <= i + WIDE; j++)
            wave[i] += onset[j] - mean;
    for (int lag = BEAT_FROM; lag < BEAT_TO; lag++)
        most = kr_more(most, likeness(wave, lag));
    return most;
}

static uint8_t surely(float value, float none, float all)
{
    return (uint8_t)(kr_less(kr_more((value - none) / (all - none), 0), 1) * 255);
}

static void end_span(struct kr_kinds *kinds)
{
    if (kinds->n == kinds->room) {
        kinds->room = kinds->room ? kinds->room + kinds->room / 2 : 256;
        kinds->music = kr_realloc_array(kinds->music, kinds->room, sizeof *kinds->music);
        kinds->beat = kr_realloc_array(kinds->beat, kinds->room, sizeof *kinds->beat);
        kinds->power = kr_realloc_array(kinds->power, kinds->room, sizeof *kinds->power);
    }
    float share = kinds->notes / (kinds->all + 1e-9f);
    kinds->music[kinds->n] = surely(share, surely_speech, surely_music);
    bool is_long = kinds->n + 1 >= PAST / SPAN;
    kinds->beat[kinds->n] = is_long ? surely(beat(kinds->onset), surely_free, surely_beat) : 0;
    kinds->power[kinds->n++] = kinds->all;
    kinds->notes = kinds->all = 0;
}

static void note_onset(struct kr_kinds *kinds, const float power[TO + EDGE])
{
    float grew = 0;
    for (int k = FROM; k < TO; k++) {
        float size = sqrtf(sqrtf(power[k])); // nearer to how loud it seems
        grew += kr_more(size - kinds->before[k], 0);
        kinds->before[k] = size;
    }
    memmove(kinds->onset, kinds->onset + 1, (PAST - 1) * sizeof grew);
    kinds->onset[PAST - 1] = grew;
}

void kr_kinds_add(struct kr_kinds *kinds, const struct kr_spectrum *frame)
{
    float power[TO + EDGE];
    measure(frame, power);
    note_onset(kinds, power);
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

// How surely a piece is played around here: its single notes need not be held for long.
static float piece_around(const struct kr_kinds *kinds, int64_t i)
{
    float music = 0, all = 1e-9f;
    for (int64_t j = i - PIECE; j <= i + PIECE; j++)
        if (j >= 0 && j < (int64_t)kinds->n) {
            music += (float)among_others(kinds, j) / 255 * kinds->power[j];
            all += kinds->power[j];
        }
    return (float)surely(music / all, surely_talk, surely_piece) / 255;
}

typedef float answer(const struct kr_kinds *kinds, int64_t i);

static float smooth(const struct kr_kinds *kinds, answer *of, uint64_t at)
{
    float place = (float)((double)at / (SPAN * HOP)) - 0.5f;
    int64_t before = (int64_t)(place + 1) - 1;
    float part = place - (float)before;
    return of(kinds, before) * (1 - part) + of(kinds, before + 1) * part;
}

float kr_kinds_piece_at(const struct kr_kinds *kinds, uint64_t at)
{
    return smooth(kinds, piece_around, at);
}

float kr_kinds_music_at(const struct kr_kinds *kinds, uint64_t at)
{
    return smooth(kinds, surest, at);
}

float kr_kinds_beat_at(const struct kr_kinds *kinds, uint64_t at)
{
    uint8_t most = 0;
    size_t from = (size_t)(at / (SPAN * HOP)); // whatever six seconds it lies in
    for (size_t i = from; i < from + PAST / SPAN && i < kinds->n; i++)
        most = kinds->beat[i] > most ? kinds->beat[i] : most;
    return most / 255.0f;
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
