// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/deflicker.h"

#include "restore/flow.h"
#include <assert.h>
#include <math.h>

enum { TONES = 17, SMALL = 320, REACH = 40, PART = 64 }; // PART: of a grey level
enum { LOPSIDED = 26 }; // frames: so much of a window is used though the other half is missing
static const double first_share = 0.01; // of the samples, below the first tone
static const double spread = 16;        // frames, of the Gaussian
static const double slope_most = 2;     // beyond the first and the last tone
static const double slope_least = 8;    // levels between those two
static const double alike_least = 0.9;  // correlation: no cut, whatever is said
static const double chroma_most = 1.4;

struct step { // from the frame before to this one: what each tone became, in 1/64 levels
    uint16_t from[TONES], to[TONES];
    bool begins; // a shot: there is no frame before
};

struct kr_deflicker {
    int width, height;
    struct kr_frame *small[2]; // the frame before and this one, at most SMALL samples a side
    struct kr_flow_view *view[2];
    struct kr_flow *flow;
    struct step *step;
    size_t n, room;
};

bool kr_deflicker_create(int width, int height, struct kr_deflicker **out, struct kr_err *err)
{
    KR_AUTO(kr_deflicker_destroy) struct kr_deflicker *d = kr_new(struct kr_deflicker);
    d->width = width;
    d->height = height;
    int longer = width > height ? width : height, shrink = (longer + SMALL - 1) / SMALL;
    int w = (width + shrink - 1) / shrink, h = (height + shrink - 1) / shrink;
    for (int i = 0; i < 2; i++) {
        if (!kr_frame_create(KR_YUV420, w, h, &d->small[i], err))
            return kr_within(err, "study flicker");
        d->view[i] = kr_flow_view_create(w, h);
    }
    d->flow = kr_flow_create(w, h, 0);
    *out = d;
    d = NULL;
    return true;
}

void kr_deflicker_destroy(struct kr_deflicker **deflicker)
{
    if (*deflicker) {
        for (int i = 0; i < 2; i++) {
            kr_frame_destroy(&(*deflicker)->small[i]);
            kr_flow_view_destroy(&(*deflicker)->view[i]);
        }
        kr_flow_destroy(&(*deflicker)->flow);
        kr_free(&(*deflicker)->step);
    }
    kr_free(deflicker);
}

static void make_small(const struct kr_frame *frame, struct kr_frame *small)
{
    int shrink = (frame->width + small->width - 1) / small->width;
    int down = (frame->height + small->height - 1) / small->height;
    shrink = shrink > down ? shrink : down;
    for (int y = 0; y < small->height; y++)
        for (int x = 0; x < small->width; x++) {
            int sum = 0, n = 0;
            for (int j = y * shrink; j < (y + 1) * shrink && j < frame->height; j++)
                for (int i = x * shrink; i < (x + 1) * shrink && i < frame->width; i++, n++)
                    sum += frame->plane[0][j * frame->stride[0] + i];
            small->plane[0][y * small->stride[0] + x] = (uint8_t)((sum + n / 2) / (n ? n : 1));
        }
}

// The tones below which TONES shares of the counted samples lie; each level is a unit wide.
static void tones_of(const unsigned count[256], uint16_t out[TONES])
{
    double all = 0, below = 0;
    for (int i = 0; i < 256; i++)
        all += count[i];
    int level = 0;
    for (int k = 0; k < TONES; k++) {
        double share = first_share + (1 - 2 * first_share) * k / (TONES - 1), want = share * all;
        while (level < 255 && below + count[level] < want)
            below += count[level++];
        double inside = count[level] ? (want - below) / count[level] : 0.5;
        out[k] = (uint16_t)lrint(PART * (level + fmin(fmax(inside, 0), 1)));
    }
}

static int held(double v, int most)
{
    return v < 0 ? 0 : v > most ? most : (int)lrint(v);
}

// Counts both ends of the motion, of points that are in both frames.
static void compare(const struct kr_deflicker *d, struct step *step)
{
    const struct kr_frame *before = d->small[0], *now = d->small[1];
    unsigned from[256] = {0}, to[256] = {0};
    float *u = kr_new_array(float, (size_t)now->width),
          *v = kr_new_array(float, (size_t)now->width);
    for (int y = 0; y < now->height; y++) {
        kr_flow_row(d->flow, (float)y, 1, now->width, u, v);
        for (int x = 0; x < now->width; x++) {
            double at_x = x + (double)u[x], at_y = y + (double)v[x];
            if (at_x < -0.5 || at_y < -0.5 || at_x > now->width - 0.5 || at_y > now->height - 0.5)
                continue;
            int i = held(at_x, now->width - 1), j = held(at_y, now->height - 1);
            from[before->plane[0][y * before->stride[0] + x]]++;
            to[now->plane[0][j * now->stride[0] + i]]++;
        }
    }
    kr_free(&u);
    kr_free(&v);
    tones_of(from, step->from);
    tones_of(to, step->to);
}

// A bright flash is told as a cut by who looks at brightness alone; along the motion it is not.
static bool is_alike(const struct kr_deflicker *d)
{
    const struct kr_frame *before = d->small[0], *now = d->small[1];
    double n = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0;
    float *u = kr_new_array(float, (size_t)now->width),
          *v = kr_new_array(float, (size_t)now->width);
    for (int y = 0; y < now->height; y++) {
        kr_flow_row(d->flow, (float)y, 1, now->width, u, v);
        for (int x = 0; x < now->width; x++, n++) {
            int i = held(x + (double)u[x], now->width - 1);
            int j = held(y + (double)v[x], now->height - 1);
            double from = before->plane[0][y * before->stride[0] + x];
            double to = now->plane[0][j * now->stride[0] + i];
            a += from;
            b += to;
            aa += from * from;
            bb += to * to;
            ab += from * to;
        }
    }
    kr_free(&u);
    kr_free(&v);
    double both = (aa - a * a / n) * (bb - b * b / n);
    return both > 0 && ab - a * b / n > alike_least * sqrt(both);
}

static void own_tones(const struct kr_frame *frame, struct step *step)
{
    unsigned count[256] = {0};
    for (int y = 0; y < frame->height; y++)
        for (int x = 0; x < frame->width; x++)
            count[frame->plane[0][y * frame->stride[0] + x]]++;
    tones_of(count, step->from);
    tones_of(count, step->to);
}

bool kr_deflicker_study(struct kr_deflicker *d, const struct kr_frame *frame, bool cut)
{
    assert(frame->width == d->width && frame->height == d->height);
    if (d->n == d->room) {
        d->room = d->room ? d->room + d->room / 2 : 256;
        d->step = kr_realloc_array(d->step, d->room, sizeof *d->step);
    }
    struct step *step = &d->step[d->n];
    make_small(frame, d->small[1]);
    kr_flow_view_take(d->view[1], d->small[1]);
    if (d->n > 0)
        kr_flow_between(d->view[0], d->view[1], d->flow);
    step->begins = d->n == 0 || (cut && !is_alike(d));
    if (step->begins)
        own_tones(d->small[1], step);
    else
        compare(d, step);
    d->n++;
    struct kr_frame *small = d->small[0];
    struct kr_flow_view *view = d->view[0];
    d->small[0] = d->small[1];
    d->view[0] = d->view[1];
    d->small[1] = small;
    d->view[1] = view;
    return step->begins;
}

// The line through the tones, and beyond them on with the slope of the whole.
static double along(const double *from, const double *to, double v)
{
    int last = TONES - 1;
    double range = from[last] - from[0], slope = 1; // of one tone there is no slope to tell
    if (range > slope_least)
        slope = fmin(fmax((to[last] - to[0]) / range, 1 / slope_most), slope_most);
    if (v <= from[0])
        return to[0] + slope * (v - from[0]);
    if (v >= from[last])
        return to[last] + slope * (v - from[last]);
    int k = 0;
    while (v > from[k + 1])
        k++;
    double part = (v - from[k]) / fmax(from[k + 1] - from[k], 1e-6);
    return to[k] + part * (to[k + 1] - to[k]);
}

static void read_tones(const uint16_t *stored, double out[TONES])
{
    for (int k = 0; k < TONES; k++)
        out[k] = stored[k] / (double)PART;
}

// Follows the tones over one step and adds what they have become.
static void follow(const struct step *step, bool ahead, double weight, double tones[TONES],
                   double sum[TONES])
{
    double from[TONES], to[TONES];
    read_tones(ahead ? step->from : step->to, from);
    read_tones(ahead ? step->to : step->from, to);
    for (int k = 0; k < TONES; k++) {
        tones[k] = along(from, to, tones[k]);
        sum[k] += weight * tones[k];
    }
}

static double weight_of(int away)
{
    return exp(-away * away / (2 * spread * spread));
}

// So far the window goes: where a shot begins or ends it is nearly as short on the other side,
// or a fade would be held up there.
static size_t reach_of(const struct kr_deflicker *d, size_t i)
{
    size_t before = 0, after = 0;
    while (before < REACH && before < i && !d->step[i - before].begins)
        before++;
    while (after < REACH && i + after + 1 < d->n && !d->step[i + after + 1].begins)
        after++;
    size_t shorter = before < after ? before : after;
    return shorter > LOPSIDED ? shorter : LOPSIDED;
}

// What the tones of frame i are, and what the frames around it would make of them.
static void wanted(const struct kr_deflicker *d, size_t i, double own[TONES], double out[TONES])
{
    double tones[TONES], all = 1;
    size_t reach = reach_of(d, i);
    read_tones(d->step[i].to, own);
    memcpy(out, own, TONES * sizeof *out);
    memcpy(tones, own, sizeof tones);
    for (size_t j = i + 1; j < d->n && j <= i + reach && !d->step[j].begins; j++) {
        double weight = weight_of((int)(j - i));
        follow(&d->step[j], true, weight, tones, out);
        all += weight;
    }
    memcpy(tones, own, sizeof tones);
    for (size_t j = i; j > 0 && i - j < reach && !d->step[j].begins; j--) {
        double weight = weight_of((int)(i - j + 1));
        follow(&d->step[j], false, weight, tones, out);
        all += weight;
    }
    for (int k = 0; k < TONES; k++)
        out[k] /= all;
}

static double change_of(const struct step *step)
{
    double sum = 0;
    for (int k = 0; k < TONES; k++)
        sum += (step->to[k] - step->from[k]) / (double)PART / TONES;
    return sum;
}

// Of light that jumps by s, second differences jump by s times the root of 6; a fade has none.
double kr_deflicker_measure(const struct kr_deflicker *d)
{
    double square = 0, n = 0;
    for (size_t i = 2; i < d->n; i++)
        if (!d->step[i].begins && !d->step[i - 1].begins) {
            double apart = change_of(&d->step[i]) - change_of(&d->step[i - 1]);
            square += apart * apart / 6;
            n++;
        }
    return n > 0 ? sqrt(square / n) : 0;
}

static void look_up(struct kr_frame *frame, int plane, const uint8_t table[256])
{
    for (int y = 0; y < kr_frame_plane_height(frame, plane); y++) {
        uint8_t *row = frame->plane[plane] + y * frame->stride[plane];
        for (size_t x = 0; x < kr_frame_row_bytes(frame, plane); x++)
            row[x] = table[row[x]];
    }
}

void kr_deflicker_treat(const struct kr_deflicker *d, size_t i, double strength,
                        struct kr_frame *frame)
{
    if (i >= d->n || !(strength > 0))
        return;
    double own[TONES], out[TONES], before = 0, after = 0;
    wanted(d, i, own, out);
    for (int k = 0; k < TONES; k++) {
        before += own[k] - 16;
        after += own[k] - 16 + strength * (out[k] - own[k]);
    }
    uint8_t luma[256], chroma[256];
    double gain = before > 1 ? fmin(fmax(after / before, 1 / chroma_most), chroma_most) : 1;
    for (int v = 0; v < 256; v++) { // tones count from the lower border of a level
        double want = along(own, out, v + 0.5) - 0.5;
        luma[v] = (uint8_t)held(v + strength * (want - v), 255);
        chroma[v] = (uint8_t)held(128 + gain * (v - 128), 255);
    }
    look_up(frame, 0, luma);
    look_up(frame, 1, chroma);
    look_up(frame, 2, chroma);
}
