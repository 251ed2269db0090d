// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/spoken.h"

#include "restore/quick.h"

enum {
    SPAN = KR_RATE / 2,             // samples of one answer
    WINDOW = 8,                     // spans over which a share is told
    HELD_LEAST = KR_RATE * 21 / 100 // samples: no stroke or laugh is so long a voice
};
static const float likely = 0.9f;
static const float surely_nobody = 0.20f, surely_somebody = 0.33f; // share of a window

struct kr_spoken {
    uint16_t *held; // samples of long voices in each span
    size_t n, room;
    size_t filled; // samples of the last span
    size_t run;    // samples for which a voice is likely now
};

struct kr_spoken *kr_spoken_create(void)
{
    return kr_new(struct kr_spoken);
}

void kr_spoken_destroy(struct kr_spoken **spoken)
{
    if (*spoken)
        kr_free(&(*spoken)->held);
    kr_free(spoken);
}

static uint16_t *span_now(struct kr_spoken *spoken, size_t n)
{
    if (!spoken->n || spoken->filled >= SPAN) {
        if (spoken->n == spoken->room) {
            spoken->room = spoken->room ? spoken->room + spoken->room / 2 : 64;
            spoken->held = kr_realloc_array(spoken->held, spoken->room, sizeof *spoken->held);
        }
        spoken->filled = spoken->n ? spoken->filled - SPAN : 0;
        spoken->held[spoken->n++] = 0;
    }
    spoken->filled += n;
    return &spoken->held[spoken->n - 1];
}

void kr_spoken_add(struct kr_spoken *spoken, float sure, size_t n)
{
    uint16_t *held = span_now(spoken, n);
    size_t before = spoken->run;
    spoken->run = sure > likely ? before + n : 0;
    if (spoken->run >= HELD_LEAST)
        *held = (uint16_t)(*held + (before < HELD_LEAST ? spoken->run : n));
}

// The share of voices in the window that begins with this span.
static float share_from(const struct kr_spoken *spoken, size_t from)
{
    size_t many = spoken->n < WINDOW ? spoken->n : WINDOW, sum = 0;
    for (size_t i = from; i < from + many; i++)
        sum += spoken->held[i];
    return (float)sum / (float)(many * SPAN);
}

// By the window that speaks for it best, of all in which the span lies.
static float surely(const struct kr_spoken *spoken, int64_t span)
{
    float most = 0;
    int64_t last = (int64_t)spoken->n - WINDOW;
    for (int64_t from = span - WINDOW + 1; spoken->n && from <= span; from++) {
        int64_t within = from < last ? from : last;
        most = kr_more(most, share_from(spoken, within > 0 ? (size_t)within : 0));
    }
    float sure = (most - surely_nobody) / (surely_somebody - surely_nobody);
    return kr_less(kr_more(sure, 0), 1);
}

float kr_spoken_at(const struct kr_spoken *spoken, uint64_t at)
{
    float place = (float)((double)at / SPAN) - 0.5f;
    int64_t before = (int64_t)(place + 1) - 1;
    float part = place - (float)before;
    return surely(spoken, before) * (1 - part) + surely(spoken, before + 1) * part;
}

bool kr_spoken_anywhere(const struct kr_spoken *spoken)
{
    for (size_t i = 0; i < spoken->n; i++)
        if (surely(spoken, (int64_t)i) > 0)
            return true;
    return false;
}

bool kr_spoken_everywhere(const struct kr_spoken *spoken)
{
    for (size_t i = 0; i < spoken->n; i++)
        if (surely(spoken, (int64_t)i) < 1)
            return false;
    return true;
}
