// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/rolling.h"

#include <math.h>

enum { FRAMES_LEAST = 30 };
static const double explained_least = 0.5;            // of what frames lean
static const double readout_least = 0.08, most = 1.1; // of a frame's time
static const double trust_least = 0.3;

// px a frame at the time of frame i: the way's derivative to the sixth order (a
// tremor of 9 Hz keeps 84 % of its speed, where two neighbours alone keep half).
static bool speed_at(const struct kr_motion *m, size_t n, size_t i, double v[2])
{
    static const double weight[3] = {37.0 / 60, -8.0 / 60, 1.0 / 60};
    if (i < 1 || i + 1 >= n || (double)m[i].trust < trust_least ||
        (double)m[i + 1].trust < trust_least)
        return false;
    size_t reach = 0; // of frames that are known on both sides
    while (reach < 2 && i >= reach + 2 && i + reach + 2 < n && m[i - reach - 1].trust > 0 &&
           m[i + reach + 2].trust > 0)
        reach++;
    double all = 0;
    v[0] = v[1] = 0;
    for (size_t k = 0; k <= reach; k++) {
        v[0] += weight[k] * ((double)m[i - k].dx + (double)m[i + k + 1].dx);
        v[1] += weight[k] * ((double)m[i - k].dy + (double)m[i + k + 1].dy);
        all += 2 * weight[k];
    }
    v[0] /= all;
    v[1] /= all;
    return true;
}

struct fit { // of one way the lines may run: lean and stretch against what speed would make of them
    double cross, square;
};

static void fit_add(struct fit *fit, double lean, double stretch, double by_lean, double by_stretch)
{
    fit->cross += lean * by_lean + stretch * by_stretch;
    fit->square += by_lean * by_lean + by_stretch * by_stretch;
}

// The readout, and the share of the lean that it explains.
static double judged(const struct fit *fit, double all, double *explained)
{
    double r = fit->square > 0 ? fit->cross / fit->square : 0;
    *explained = all > 0 ? r * fit->cross / all : 0;
    return r;
}

struct kr_rolling kr_rolling_of(const struct kr_motion *motion, size_t n, int width, int height)
{
    struct fit level = {0}, upright = {0};
    double all = 0, as_level, as_upright, v[2], u[2];
    size_t used = 0;
    for (size_t i = 2; i + 1 < n; i++) {
        if (!speed_at(motion, n, i - 1, u) || !speed_at(motion, n, i, v))
            continue;
        double x = v[0] - u[0], y = v[1] - u[1];
        double lean = motion[i].lean, stretch = motion[i].stretch;
        fit_add(&level, lean, stretch, x / height, y / height);
        fit_add(&upright, lean, stretch, y / width, -x / width);
        all += lean * lean + stretch * stretch;
        used++;
    }
    double r = judged(&level, all, &as_level), q = judged(&upright, all, &as_upright);
    struct kr_rolling found = {.readout = as_upright > as_level ? q : r,
                               .upright = as_upright > as_level};
    bool sure = used >= FRAMES_LEAST && fmax(as_level, as_upright) >= explained_least &&
                fabs(found.readout) >= readout_least && fabs(found.readout) <= most;
    return sure ? found : (struct kr_rolling){0};
}

void kr_rolling_bend(const struct kr_rolling *rolling, const struct kr_motion *motion, size_t n,
                     size_t i, int width, int height, double k[2])
{
    double v[2] = {0, 0}, side = rolling->upright ? width : height;
    if (rolling->readout != 0)
        (void)speed_at(motion, n, i, v);
    k[0] = rolling->readout * v[0] / side;
    k[1] = rolling->readout * v[1] / side;
}

void kr_rolling_unturn(const struct kr_rolling *rolling, const double before[2],
                       const double after[2], struct kr_motion *motion)
{
    double x = after[0] - before[0], y = after[1] - before[1];
    motion->turn += (float)(rolling->upright ? -y / 2 : x / 2);
    motion->grow -= (float)(rolling->upright ? x / 2 : y / 2);
}
