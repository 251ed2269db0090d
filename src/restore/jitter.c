// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/jitter_priv.h"

#include "restore/rank.h"
#include <assert.h>
#include <math.h>

enum { REACH = 12, HELD = REACH + 1, KNOWN = 2 * REACH + 1 };
enum { LOOK_EVERY = 12, LOOKS = 4 };   // frames: in a row, of so many
enum { AROUND_LEAST = 5 };             // frames: fewer have no trend
static const double spread = 5;        // frames: of the weights of a trend
static const double turns_least = 0.4; // correlation, taken back

struct kr_jitter {
    int width, height;
    struct kr_jitter_eye *eye;
    float *by[KNOWN]; // of frame n, at n % KNOWN: against the frame before
    int down[KNOWN];
    bool begins[KNOWN];
    struct kr_frame_pool *pool;
    struct kr_frame *held[HELD];
    size_t pushed, given, studied;
    bool ended;
    float *found; // of the study: squares of what frames tremble by
    size_t looks, room;
};

bool kr_jitter_create(int width, int height, struct kr_jitter **out, struct kr_err *err)
{
    KR_AUTO(kr_jitter_destroy) struct kr_jitter *jitter = kr_new(struct kr_jitter);
    jitter->width = width;
    jitter->height = height;
    for (int i = 0; i < KNOWN; i++)
        jitter->by[i] = kr_new_array(float, (size_t)height);
    if (!kr_jitter_eye_create(width, height, &jitter->eye, err) ||
        !kr_frame_pool_create(KR_YUV420, width, height, 2, &jitter->pool, err))
        return kr_within(err, "straighten lines");
    *out = jitter;
    jitter = NULL;
    return true;
}

void kr_jitter_destroy(struct kr_jitter **jitter)
{
    if (*jitter) {
        kr_jitter_eye_destroy(&(*jitter)->eye);
        for (int i = 0; i < KNOWN; i++)
            kr_free(&(*jitter)->by[i]);
        for (int i = 0; i < HELD; i++)
            kr_frame_destroy(&(*jitter)->held[i]);
        if ((*jitter)->pool)
            kr_frame_pool_destroy(&(*jitter)->pool);
        kr_free(&(*jitter)->found);
    }
    kr_free(jitter);
}

// By how much lines hurry, against two frames before: what is filmed hardly does. A line that
// trembles is as likely here as there each time: four fifths of its hurry come from the two frames
// that two looks share, and are of the other sign.
static float trembles(float *const by[LOOKS], int n)
{
    double both = 0, a = 0, b = 0;
    for (int y = 0; y < n; y++) {
        double first = (double)(by[2][y] - by[1][y]), second = (double)(by[3][y] - by[2][y]);
        both -= first * second / n;
        a += first * first / n;
        b += second * second / n;
    }
    return both > turns_least * sqrt(a * b) ? (float)both / 4 : 0;
}

void kr_jitter_study(struct kr_jitter *jitter, const struct kr_frame *frame, bool begins)
{
    size_t n = jitter->studied++, at = n % LOOK_EVERY;
    if (at >= LOOKS)
        return;
    kr_jitter_look(jitter->eye, frame, jitter->by[at], &jitter->down[at]);
    jitter->begins[at] = begins;
    if (at + 1 < LOOKS || jitter->begins[1] || jitter->begins[2] || jitter->begins[3])
        return;
    if (jitter->looks == jitter->room) {
        jitter->room = jitter->room ? 2 * jitter->room : 64;
        jitter->found = kr_realloc_array(jitter->found, jitter->room, sizeof *jitter->found);
    }
    jitter->found[jitter->looks++] = trembles(jitter->by, jitter->height);
}

double kr_jitter_measure(const struct kr_jitter *jitter)
{
    if (!jitter->looks)
        return 0;
    return sqrt((double)kr_rank(jitter->found, jitter->looks, 0.5));
}

bool kr_jitter_push(struct kr_jitter *jitter, const struct kr_frame *frame, bool begins,
                    struct kr_err *err)
{
    size_t n = jitter->pushed, at = n % KNOWN;
    assert(frame->width == jitter->width && frame->height == jitter->height);
    assert(!jitter->held[n % HELD] && !jitter->ended);
    if (!kr_frame_pool_take(jitter->pool, &jitter->held[n % HELD], err))
        return kr_within(err, "straighten lines");
    kr_frame_copy(frame, jitter->held[n % HELD]);
    kr_jitter_look(jitter->eye, frame, jitter->by[at], &jitter->down[at]);
    jitter->begins[at] = begins || n == 0;
    jitter->pushed++;
    return true;
}

void kr_jitter_end(struct kr_jitter *jitter)
{
    jitter->ended = true;
}

struct trend { // sums over the frames around one: of weights, with times and with offsets
    double n, t, tt, v, tv, frames;
};

static void add(double t, double v, struct trend *trend)
{
    double w = exp(-t * t / (2 * spread * spread));
    trend->n += w;
    trend->t += w * t;
    trend->tt += w * t * t;
    trend->v += w * v;
    trend->tv += w * t * v;
    trend->frames++;
}

// How far line y of frame n lies from where it lies in the frames around, followed along `step`.
static void follow(const struct kr_jitter *jitter, size_t n, int y, int step, struct trend *trend)
{
    double away = 0;
    for (int i = 1; i <= REACH; i++) {
        size_t pair = step > 0 ? n + (size_t)i : n - (size_t)i + 1, at = pair % KNOWN;
        if (pair >= jitter->pushed || jitter->begins[at])
            return;
        int next = y + step * jitter->down[at];
        if (next < 0 || next >= jitter->height)
            return;
        away -= step * (double)jitter->by[at][step > 0 ? next : y];
        y = next;
        add(step * i, away, trend);
    }
}

static float error_of(const struct kr_jitter *jitter, size_t n, int y)
{
    struct trend trend = {0};
    add(0, 0, &trend);
    follow(jitter, n, y, 1, &trend);
    follow(jitter, n, y, -1, &trend);
    double whole = trend.n * trend.tt - trend.t * trend.t;
    if (trend.frames < AROUND_LEAST)
        return 0;
    return (float)((trend.tt * trend.v - trend.t * trend.tv) / whole);
}

void kr_jitter_pull(struct kr_jitter *jitter, double strength, struct kr_frame **out, bool *begins)
{
    size_t n = jitter->given;
    *out = NULL;
    if (n >= jitter->pushed || (!jitter->ended && n + REACH >= jitter->pushed))
        return;
    float *by = kr_new_array(float, (size_t)jitter->height);
    for (int y = 0; y < jitter->height; y++)
        by[y] = (float)strength * error_of(jitter, n, y);
    *out = jitter->held[n % HELD];
    jitter->held[n % HELD] = NULL;
    kr_jitter_shift(*out, by);
    kr_free(&by);
    *begins = jitter->begins[n % KNOWN];
    jitter->given++;
}
