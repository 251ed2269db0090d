// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/gate.h"

#include "restore/even.h"
#include "restore/rank.h"
#include <assert.h>
#include <math.h>

enum { AROUND_LEAST = 7 }; // frames: fewer have no trend
// Frames: of the weights of a trend, which looks at three times as many on each side.
static const double spreads[] = {2, 3, 4, 5.5, 8, 12, 18, 27};
static const double turns_least = 0.4;   // correlation: of hurry that is taken back
static const float trust_least = 0.15F;  // of the motion found: who fills the picture may move
static const double margin_most = 0.025; // of a side, that may be cut off at each of its ends
static const double fits = 0.99;         // of the frames, within the margin

struct step { // from the frame before; after settling, what the frame is away
    float by[2];
    bool known; // false: a shot begins, or the motion was not found
};

struct place { // against where it should be, px
    float by[2];
};

struct kr_gate {
    int size[2];
    struct kr_motion_eye *eye;
    struct kr_frame *even;
    struct step *step;
    size_t n, room;
    double margin; // as above; -1: not settled
};

bool kr_gate_create(int width, int height, struct kr_gate **out, struct kr_err *err)
{
    KR_AUTO(kr_gate_destroy) struct kr_gate *gate = kr_new(struct kr_gate);
    *gate = (struct kr_gate){.size = {width, height}, .margin = -1};
    if (!kr_motion_eye_create(width, height, &gate->eye, err) ||
        !kr_frame_create(KR_GRAY8, width, height, &gate->even, err))
        return kr_within(err, "hold film in its gate");
    *out = gate;
    gate = NULL;
    return true;
}

void kr_gate_destroy(struct kr_gate **gate)
{
    if (*gate) {
        kr_motion_eye_destroy(&(*gate)->eye);
        kr_frame_destroy(&(*gate)->even);
        kr_free(&(*gate)->step);
    }
    kr_free(gate);
}

void kr_gate_study(struct kr_gate *gate, const struct kr_frame *frame, bool begins,
                   struct kr_motion *motion)
{
    assert(frame->width == gate->size[0] && frame->height == gate->size[1]);
    if (gate->n == gate->room) {
        gate->room = gate->room ? gate->room + gate->room / 2 : 256;
        gate->step = kr_realloc_array(gate->step, gate->room, sizeof *gate->step);
    }
    kr_even_luma(frame, gate->even);
    kr_motion_look(gate->eye, gate->even, motion);
    gate->step[gate->n] =
        (struct step){.by = {motion->dx, motion->dy},
                      .known = gate->n && !begins && motion->trust >= trust_least};
    gate->n++;
}

double kr_gate_measure(const struct kr_gate *gate)
{
    double taken_back = 0, all = 0, many = 0;
    for (size_t i = 3; i < gate->n; i++) {
        const struct step *s = gate->step + i;
        if (!s[0].known || !s[-1].known || !s[-2].known)
            continue;
        for (int k = 0; k < 2; k++) {
            double hurry = (double)(s[0].by[k] - s[-1].by[k]);
            double before = (double)(s[-1].by[k] - s[-2].by[k]);
            taken_back -= hurry * before;
            all += (hurry * hurry + before * before) / 2;
        }
        many++;
    }
    // Places that are anew in each frame hurry by six times their variance, and take back four.
    return many > 0 && taken_back > turns_least * all ? sqrt(taken_back / (4 * many)) : 0;
}

struct trend { // sums over the frames around one: of weights, with powers of the time; with places
    double t[5], v[2][3];
};

static void add(double t, double spread, const double place[2], struct trend *trend)
{
    double power = exp(-t * t / (2 * spread * spread));
    for (int p = 0; p < 5; p++, power *= t) {
        trend->t[p] += power;
        for (int k = 0; k < 2 && p < 3; k++)
            trend->v[k][p] += power * place[k];
    }
}

// What the parabola that fits best is in the middle: a rule of Cramer's.
static double middle(const double t[5], const double v[3])
{
    double a = t[2] * t[4] - t[3] * t[3], b = t[2] * t[3] - t[1] * t[4];
    double c = t[1] * t[3] - t[2] * t[2];
    return (a * v[0] + b * v[1] + c * v[2]) / (a * t[0] + b * t[1] + c * t[2]);
}

static void follow(const struct kr_gate *gate, size_t n, int way, double spread,
                   struct trend *trend)
{
    double place[2] = {0, 0};
    for (int i = 1; i <= 3 * spread; i++) {
        size_t at = way > 0 ? n + (size_t)i : n - (size_t)i + 1; // the step that is gone
        if (at >= gate->n || !gate->step[at].known)
            return;
        for (int k = 0; k < 2; k++)
            place[k] += way * (double)gate->step[at].by[k];
        add(way * i, spread, place, trend);
    }
}

static void trend_at(const struct kr_gate *gate, size_t n, double spread, struct trend *trend)
{
    static const double here[2] = {0, 0};
    *trend = (struct trend){0};
    add(0, spread, here, trend);
    follow(gate, n, 1, spread, trend);
    follow(gate, n, -1, spread, trend);
}

// How badly trends foretell the frames [from, end) of a shot, each from the others alone: sums of
// squares across and down.
static void foretell(const struct kr_gate *gate, size_t from, size_t end, double spread,
                     double error[2])
{
    static const double itself[3] = {1, 0, 0};
    error[0] = error[1] = 0;
    for (size_t i = from; i < end; i++) {
        struct trend trend;
        trend_at(gate, i, spread, &trend);
        double others = 1 - middle(trend.t, itself);
        for (int k = 0; k < 2; k++)
            error[k] += pow(middle(trend.t, trend.v[k]) / others, 2);
    }
}

static void away_in(const struct kr_gate *gate, size_t from, size_t end, struct place *away)
{
    double least[2] = {INFINITY, INFINITY}, best[2] = {0, 0}, error[2];
    if (end - from < AROUND_LEAST)
        return;
    for (size_t s = 0; s < KR_COUNT(spreads); s++) {
        foretell(gate, from, end, spreads[s], error);
        for (int k = 0; k < 2; k++)
            if (error[k] < least[k]) {
                least[k] = error[k];
                best[k] = spreads[s];
            }
    }
    for (size_t i = from; i < end; i++)
        for (int k = 0; k < 2 && best[k] > 0; k++) {
            struct trend trend;
            trend_at(gate, i, best[k], &trend);
            away[i].by[k] = (float)-middle(trend.t, trend.v[k]);
        }
}

static double margin_for(const struct kr_gate *gate, const struct place *away)
{
    float *parts = kr_new_array(float, gate->n);
    for (size_t i = 0; i < gate->n; i++)
        parts[i] = fmaxf(fabsf(away[i].by[0]) / (float)gate->size[0],
                         fabsf(away[i].by[1]) / (float)gate->size[1]);
    double margin = (double)kr_rank(parts, gate->n, fits);
    kr_free(&parts);
    return margin;
}

double kr_gate_settle(struct kr_gate *gate, double strength)
{
    gate->margin = 0;
    if (!gate->n)
        return 1;
    struct place *away = kr_new_array(struct place, gate->n);
    for (size_t from = 0, end; from < gate->n; from = end) {
        for (end = from + 1; end < gate->n && gate->step[end].known;)
            end++;
        away_in(gate, from, end, away);
    }
    gate->margin = fmin(margin_for(gate, away), strength * margin_most);
    for (size_t i = 0; i < gate->n; i++)
        for (int k = 0; k < 2; k++) {
            float most = (float)(gate->margin * gate->size[k]);
            gate->step[i].by[k] = fminf(fmaxf(away[i].by[k], -most), most);
        }
    kr_free(&away);
    return 1 - 2 * gate->margin;
}

void kr_gate_map(const struct kr_gate *gate, size_t i, double m[6])
{
    assert(i < gate->n && gate->margin >= 0);
    double part = 1 - 2 * gate->margin;
    m[0] = m[4] = part;
    m[1] = m[3] = 0;
    m[2] = gate->margin * gate->size[0] + (double)gate->step[i].by[0];
    m[5] = gate->margin * gate->size[1] + (double)gate->step[i].by[1];
}
