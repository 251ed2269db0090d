// SPDX-License-Identifier: AGPL-3.0-or-later
// Lines against lines: how far each of a frame lies from where the frame before has it.
#include "restore/jitter_priv.h"

#include "restore/even.h"
#include "restore/motion.h"
#include "restore/warp.h"
#include <assert.h>
#include <math.h>

enum { MOST = 8, PLACES = 2 * MOST + 1, EDGE = MOST + 4 }; // px, of an offset
enum { LOUD = 40 }; // levels: who differs by more has been covered, or moves by itself
enum { STEPS = 3 }; // of least squares
static const double step_costs = 0.25; // levels a sample: of an offset that differs by 1 px
static const float trust_least = 0.2F; // of the camera's motion
static const float alike = 2.5F;       // neighbouring samples that a soft row has for one
static const float seen_least = 0.4F;  // of a row's samples are not loud
static const float lines_apart = 0.7F; // px: standard deviation of an offset from the next line's
static const float weight_most = 10;

struct kr_jitter_eye {
    int width, height;
    struct kr_motion_eye *motion;
    struct kr_frame *even, *now, *before, *brought; // luma, softened along the lines
    uint32_t *cost;                                 // PLACES for each line
    uint8_t *from;                                  // the best place of the line above, the same
    float *weight, *work;
    bool any;
};

bool kr_jitter_eye_create(int width, int height, struct kr_jitter_eye **out, struct kr_err *err)
{
    KR_AUTO(kr_jitter_eye_destroy) struct kr_jitter_eye *eye = kr_new(struct kr_jitter_eye);
    eye->width = width;
    eye->height = height;
    eye->cost = kr_new_array(uint32_t, (size_t)height * PLACES);
    eye->from = kr_new_array(uint8_t, (size_t)height * PLACES);
    eye->weight = kr_new_array(float, (size_t)height);
    eye->work = kr_new_array(float, (size_t)height);
    struct kr_frame **frames[] = {&eye->even, &eye->now, &eye->before, &eye->brought};
    for (size_t i = 0; i < KR_COUNT(frames); i++)
        if (!kr_frame_create(KR_GRAY8, width, height, frames[i], err))
            return kr_within(err, "compare lines");
    if (!kr_motion_eye_create(width, height, &eye->motion, err))
        return kr_within(err, "compare lines");
    *out = eye;
    eye = NULL;
    return true;
}

void kr_jitter_eye_destroy(struct kr_jitter_eye **eye)
{
    if (*eye) {
        kr_motion_eye_destroy(&(*eye)->motion);
        kr_frame_destroy(&(*eye)->even);
        kr_frame_destroy(&(*eye)->now);
        kr_frame_destroy(&(*eye)->before);
        kr_frame_destroy(&(*eye)->brought);
        kr_free(&(*eye)->cost);
        kr_free(&(*eye)->from);
        kr_free(&(*eye)->weight);
        kr_free(&(*eye)->work);
    }
    kr_free(eye);
}

static const uint8_t *row_of(const struct kr_frame *frame, int y)
{
    return frame->plane[0] + y * frame->stride[0];
}

static void soften(const struct kr_frame *frame, struct kr_frame *out)
{
    int n = frame->width;
    for (int y = 0; y < frame->height; y++) {
        const uint8_t *in = row_of(frame, y);
        uint8_t *to = out->plane[0] + y * out->stride[0];
        memcpy(to, in, (size_t)n);
        for (int x = 2; x + 2 < n; x++)
            to[x] =
                (uint8_t)((in[x - 2] + 4 * (in[x - 1] + in[x + 1]) + 6 * in[x] + in[x + 2] + 8) /
                          16);
    }
}

// The frame before, as it would stand now.
static void bring(struct kr_jitter_eye *eye, const struct kr_motion *motion)
{
    double grow = exp(-(double)motion->grow), c = cos(-(double)motion->turn) * grow;
    double s = sin(-(double)motion->turn) * grow;
    double x = eye->width / 2.0, y = eye->height / 2.0;
    double u = x + (double)motion->dx, v = y + (double)motion->dy;
    const double m[6] = {c, -s, x - c * u + s * v, s, c, y - s * u - c * v};
    kr_warp_affine(eye->before, m, eye->brought);
}

static uint32_t differ(const uint8_t *a, const uint8_t *b, int n)
{
    uint32_t sum = 0;
    for (int x = 0; x < n; x++) {
        int d = a[x] > b[x] ? a[x] - b[x] : b[x] - a[x];
        sum += (uint32_t)(d < LOUD ? d : LOUD);
    }
    return sum;
}

static void compare(struct kr_jitter_eye *eye)
{
    for (int y = 0; y < eye->height; y++)
        for (int k = 0; k < PLACES; k++)
            eye->cost[y * PLACES + k] =
                differ(row_of(eye->now, y) + EDGE, row_of(eye->brought, y) + EDGE + k - MOST,
                       eye->width - 2 * EDGE);
}

// The way down the lines that costs least, an offset for each of them; costs become sums.
static void choose_places(struct kr_jitter_eye *eye, float *place)
{
    uint32_t step = (uint32_t)(step_costs * (eye->width - 2 * EDGE));
    for (int y = 1; y < eye->height; y++)
        for (int k = 0; k < PLACES; k++) {
            const uint32_t *above = eye->cost + (ptrdiff_t)(y - 1) * PLACES;
            int best = 0;
            uint32_t least = UINT32_MAX;
            for (int i = 0; i < PLACES; i++) {
                uint32_t sum = above[i] + step * (uint32_t)abs(i - k);
                best = sum < least ? i : best;
                least = sum < least ? sum : least;
            }
            eye->cost[y * PLACES + k] += least;
            eye->from[y * PLACES + k] = (uint8_t)best;
        }
    int k = 0;
    const uint32_t *last = eye->cost + (ptrdiff_t)(eye->height - 1) * PLACES;
    for (int i = 1; i < PLACES; i++)
        k = last[i] < last[k] ? i : k;
    for (int y = eye->height - 1; y >= 0; k = eye->from[y * PLACES + k], y--)
        place[y] = (float)(k - MOST);
}

struct sums { // over a row: of slopes, of what differs
    float n, g, d, gg, gd, dd;
};

static struct sums sum_up(const uint8_t *now, const uint8_t *was, float part, int n)
{
    struct sums s = {0};
    for (int x = 0; x < n; x++) {
        float a = was[x - 1], b = was[x], c = was[x + 1], e = was[x + 2];
        float d = now[x] - b - part * (c - b), g = (c - a + part * (e - b - c + a)) / 2;
        float seen = fabsf(d) < LOUD ? 1 : 0;
        s.n += seen;
        s.g += seen * g;
        s.d += seen * d;
        s.gg += seen * g * g;
        s.gd += seen * g * d;
        s.dd += seen * d * d;
    }
    return s;
}

// now[x] is was[x + place]. Tells what the place is worth: 1 / its variance.
static float refine(const uint8_t *now, const uint8_t *was, int n, float *place)
{
    struct sums s = {0};
    float at = *place, slopes = 0, first = *place;
    for (int i = 0; i < STEPS; i++) {
        float whole = floorf(at);
        s = sum_up(now, was + (ptrdiff_t)whole, at - whole, n);
        if (s.n < seen_least * (float)n)
            return 0;
        slopes = s.gg - s.g * s.g / s.n;
        if (slopes < s.n / 4)
            return 0;
        at += (s.gd - s.g * s.d / s.n) / slopes;
        at = fminf(fmaxf(at, first - 1), first + 1);
        at = fminf(fmaxf(at, -MOST), MOST);
    }
    *place = at;
    return slopes / (alike * ((s.dd - s.d * s.d / s.n) / s.n + 0.1F));
}

// What lines tell of their own place, and what their neighbours tell of it: least squares.
static void settle(struct kr_jitter_eye *eye, float *by)
{
    float link = 1 / (lines_apart * lines_apart), *ahead = eye->work, left = 0, value = 0;
    int n = eye->height;
    for (int y = 0; y < n; y++) { // three diagonals, solved from the top and back
        float pull = (y > 0 ? link : 0) + (y + 1 < n ? link : 0);
        float middle = eye->weight[y] + pull - left * (y > 0 ? link : 0) + 1e-6F;
        value = (eye->weight[y] * by[y] + (y > 0 ? link * value : 0)) / middle;
        left = ahead[y] = y + 1 < n ? link / middle : 0;
        by[y] = value;
    }
    for (int y = n - 2; y >= 0; y--)
        by[y] += ahead[y] * by[y + 1];
}

// The whole frame's own move and lean are the camera's.
static void take_trend(const struct kr_jitter_eye *eye, float *by)
{
    double n = 1e-9, t = 0, tt = 1e-9, v = 0, tv = 0;
    for (int y = 0; y < eye->height; y++) {
        double w = (double)fminf(eye->weight[y], weight_most), at = y - eye->height / 2.0;
        n += w;
        t += w * at;
        tt += w * at * at;
        v += w * (double)by[y];
        tv += w * at * (double)by[y];
    }
    double lean = (tv - t * v / n) / fmax(tt - t * t / n, 1e-9), mean = (v - lean * t) / n;
    for (int y = 0; y < eye->height; y++)
        by[y] -= (float)(mean + lean * (y - eye->height / 2.0));
}

static void measure(struct kr_jitter_eye *eye, float *by)
{
    compare(eye);
    choose_places(eye, by);
    for (int y = 0; y < eye->height; y++) {
        eye->weight[y] = refine(row_of(eye->now, y) + EDGE, row_of(eye->brought, y) + EDGE,
                                eye->width - 2 * EDGE, by + y);
        by[y] = -by[y];
    }
    settle(eye, by);
    take_trend(eye, by);
}

void kr_jitter_look(struct kr_jitter_eye *eye, const struct kr_frame *frame, float *by, int *down)
{
    struct kr_motion motion;
    kr_even_luma(frame, eye->even);
    kr_motion_look(eye->motion, eye->even, &motion);
    if (motion.trust < trust_least)
        motion = (struct kr_motion){0};
    soften(eye->even, eye->now);
    *down = (int)lrintf(motion.dy);
    memset(by, 0, (size_t)eye->height * sizeof *by);
    if (eye->any && eye->width > 6 * EDGE) {
        bring(eye, &motion);
        measure(eye, by);
    }
    struct kr_frame *spare = eye->before;
    eye->before = eye->now;
    eye->now = spare;
    eye->any = true;
}

static void shift_row(const uint8_t *in, float by, int n, uint8_t *out)
{
    float whole = floorf(by), t = by - whole;
    float a = t * (-0.5F + t * (1 - 0.5F * t)), b = 1 + t * t * (-2.5F + 1.5F * t);
    float c = t * (0.5F + t * (2 - 1.5F * t)), d = t * t * (-0.5F + 0.5F * t);
    for (int x = 0; x < n; x++) {
        const uint8_t *at = in + x + (int)whole;
        float v = a * at[-1] + b * at[0] + c * at[1] + d * at[2] + 0.5F;
        out[x] = (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
    }
}

void kr_jitter_shift(struct kr_frame *frame, const float *by)
{
    enum { ROOM = 4 * MOST };
    uint8_t *line = kr_new_array(uint8_t, (size_t)frame->width + 2 * ROOM);
    for (int p = 0; p < 3; p++) {
        int n = (int)kr_frame_row_bytes(frame, p);
        for (int y = 0; y < kr_frame_plane_height(frame, p); y++) {
            uint8_t *row = frame->plane[p] + y * frame->stride[p];
            int below = 2 * y + 1 < frame->height ? 2 * y + 1 : 2 * y;
            float far = p ? (by[2 * y] + by[below]) / 4 : by[y];
            memset(line, row[0], ROOM);
            memcpy(line + ROOM, row, (size_t)n);
            memset(line + ROOM + n, row[n - 1], ROOM);
            if (far != 0)
                shift_row(line + ROOM, fminf(fmaxf(far, -2 * MOST), 2 * MOST), n, row);
        }
    }
    kr_free(&line);
}
