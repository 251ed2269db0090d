// SPDX-License-Identifier: AGPL-3.0-or-later
// How much of a steadied frame can be shown when frames around it fill its edges.
#include "restore/steady_priv.h"

#include <math.h>
#include <stdlib.h>

enum { GRID_X = 33, GRID_Y = 19, EVEN = 15 }; // points that are asked; frames each way
static const float zoom_most = 0.001f;        // of the picture, a frame

// How points about frame i - 1 go to frame i.
static void step_map(const struct kr_steady *steady, size_t i, double f[6])
{
    const struct kr_motion *moved = &steady->motion[i];
    double cx = steady->width / 2.0, cy = steady->height / 2.0, scale = exp((double)moved->grow);
    double c = scale * cos((double)moved->turn), s = scale * sin((double)moved->turn);
    double map[6] = {c, -s, cx - c * cx + s * cy + (double)moved->dx,
                     s, c,  cy - s * cx - c * cy + (double)moved->dy};
    memcpy(f, map, sizeof map);
}

static void invert(double f[6])
{
    double det = f[0] * f[4] - f[1] * f[3];
    double a = f[4] / det, b = -f[1] / det, c = -f[3] / det, d = f[0] / det;
    double map[6] = {a, b, -a * f[2] - b * f[5], c, d, -c * f[2] - d * f[5]};
    memcpy(f, map, sizeof map);
}

// Goes on by one frame, forwards or backwards: `way` led from frame i to frame `at`.
static bool go_on(const struct kr_steady *steady, size_t at, int direction, double way[6])
{
    double step[6];
    if (direction < 0 && at == 0)
        return false;
    size_t by = direction > 0 ? at + 1 : at;
    if (by >= steady->n || steady->mark[by] & KR_STEADY_BEGINS ||
        !kr_steady_trusts(&steady->motion[by]))
        return false;
    step_map(steady, by, step);
    if (direction < 0)
        invert(step);
    kr_steady_put_before(step, way);
    memcpy(way, step, sizeof step);
    return true;
}

// The maps from what frame i shows, cut to `crop`, to itself and its neighbours, as
// they were taken; known[KR_BORDER_REACH] is its own.
struct around {
    bool known[2 * KR_BORDER_REACH + 1];
    double m[2 * KR_BORDER_REACH + 1][6];
};

static void look_around(const struct kr_steady *steady, size_t i, double crop,
                        struct around *around)
{
    double own[6];
    memset(around->known, 0, sizeof around->known);
    kr_steady_straight(steady, &steady->fix[i], crop, own);
    for (int direction = -1; direction <= 1; direction += 2) {
        double way[6] = {1, 0, 0, 0, 1, 0};
        for (int k = 0; k <= KR_BORDER_REACH; k++) {
            size_t at = (size_t)((ptrdiff_t)i + direction * k);
            double *m = around->m[KR_BORDER_REACH + direction * k];
            memcpy(m, way, sizeof way);
            kr_steady_put_before(m, own);
            kr_steady_bend(steady, at, m);
            kr_steady_show_within(steady, i, m);
            around->known[KR_BORDER_REACH + direction * k] = true;
            if (!go_on(steady, at, direction, way))
                break;
        }
    }
}

static bool holds(const struct kr_steady *steady, const double m[6], double x, double y,
                  double margin)
{
    double at_x = m[0] * x + m[1] * y + m[2], at_y = m[3] * x + m[4] * y + m[5];
    return at_x >= margin && at_y >= margin && at_x <= steady->width - margin &&
           at_y <= steady->height - margin;
}

struct lacking { // points of what is shown that nothing holds yet
    double at[GRID_X * GRID_Y][2];
    size_t n;
};

static void find_lacking(const struct kr_steady *steady, const double m[6], struct lacking *out)
{
    out->n = 0;
    for (int j = 0; j < GRID_Y; j++)
        for (int i = 0; i < GRID_X; i++) {
            double x = (double)steady->width * i / (GRID_X - 1);
            double y = (double)steady->height * j / (GRID_Y - 1);
            if (holds(steady, m, x, y, 0))
                continue;
            out->at[out->n][0] = x;
            out->at[out->n++][1] = y;
        }
}

// Takes away what a neighbour holds; without `really`, only counts it.
static size_t take(const struct kr_steady *steady, const double m[6], struct lacking *lacking,
                   bool really)
{
    size_t kept = 0;
    double margin = KR_BORDER_FADES * steady->width; // nearer its edge it only shines through
    for (size_t p = 0; p < lacking->n; p++) {
        const double *at = lacking->at[p];
        if (holds(steady, m, at[0], at[1], margin))
            continue;
        if (really)
            memmove(lacking->at[kept], at, sizeof lacking->at[0]);
        kept++;
    }
    size_t taken = lacking->n - kept;
    lacking->n = really ? kept : lacking->n;
    return taken;
}

// The neighbour that holds most of what is lacking, the nearest of those; 0: none does.
static int best_neighbour(const struct kr_steady *steady, const struct around *around,
                          struct lacking *lacking)
{
    size_t most = 0;
    int best = 0;
    for (int k = 1; k <= KR_BORDER_REACH; k++)
        for (int offset = -k; offset <= k; offset += 2 * k) {
            int at = KR_BORDER_REACH + offset;
            size_t holding = around->known[at] ? take(steady, around->m[at], lacking, false) : 0;
            if (holding <= most)
                continue;
            most = holding;
            best = offset;
        }
    return best;
}

// Whether frame i, cut to `crop`, can be shown whole, and with which neighbours.
static bool can_fill(const struct kr_steady *steady, size_t i, double crop,
                     int8_t layers[KR_BORDER_LAYERS])
{
    struct around around;
    struct lacking lacking;
    size_t n = 0;
    memset(layers, 0, KR_BORDER_LAYERS);
    look_around(steady, i, crop, &around);
    find_lacking(steady, around.m[KR_BORDER_REACH], &lacking);
    while (lacking.n) {
        int offset = n < KR_BORDER_LAYERS ? best_neighbour(steady, &around, &lacking) : 0;
        if (!offset)
            return false;
        take(steady, around.m[KR_BORDER_REACH + offset], &lacking, true);
        layers[n++] = (int8_t)offset;
    }
    return true;
}

// The widest crop at which frame i can be shown whole.
static float widest(struct kr_steady *steady, size_t i)
{
    for (double crop = 1; crop > steady->crop; crop -= 0.01)
        if (can_fill(steady, i, crop, steady->layers[i]))
            return (float)crop;
    return (float)steady->crop;
}

// The least of those around, then no faster than a zoom nobody notices, then evened
// out: nowhere more than `widest` said, and without a jerk.
static void calm_crops(struct kr_steady *steady, const struct kr_steady_shot *shot,
                       const float *most)
{
    size_t n = shot->end - shot->from;
    float *crop = steady->crops + shot->from, *least = kr_new_array(float, n);
    for (size_t i = 0; i < n; i++) {
        least[i] = most[i];
        for (size_t k = i < EVEN ? 0 : i - EVEN; k < n && k <= i + EVEN; k++)
            least[i] = fminf(least[i], most[k]);
    }
    for (size_t i = 1; i < n; i++)
        least[i] = fminf(least[i], least[i - 1] + zoom_most);
    for (size_t i = n - 1; i-- > 0;)
        least[i] = fminf(least[i], least[i + 1] + zoom_most);
    for (size_t i = 0; i < n; i++) {
        size_t from = i < EVEN ? 0 : i - EVEN, end = i + EVEN < n ? i + EVEN + 1 : n;
        crop[i] = 0;
        for (size_t k = from; k < end; k++)
            crop[i] += least[k] / (float)(end - from);
    }
    kr_free(&least);
}

static bool widen_shot(struct kr_steady *steady, const struct kr_steady_shot *shot)
{
    float *most = kr_new_array(float, shot->end - shot->from);
    bool fine = true;
    for (size_t i = shot->from; i < shot->end; i++)
        most[i - shot->from] = widest(steady, i);
    calm_crops(steady, shot, most);
    for (size_t i = shot->from; i < shot->end && fine; i++)
        fine = can_fill(steady, i, (double)steady->crops[i], steady->layers[i]);
    kr_free(&most);
    return fine;
}

void kr_steady_widen(struct kr_steady *steady)
{
    struct kr_steady_shot shot = {0};
    bool fine = true;
    steady->layers = kr_alloc_array(steady->n, sizeof *steady->layers);
    steady->crops = kr_new_array(float, steady->n);
    for (size_t i = 0; i < steady->n; i++)
        steady->crops[i] = (float)steady->crop;
    while (kr_steady_next_shot(steady, &shot) && fine)
        if (steady->mark[shot.from] & KR_STEADY_TREATED)
            fine = widen_shot(steady, &shot);
    if (fine)
        return;
    kr_free(&steady->layers); // the crop itself lacks nothing
    kr_free(&steady->crops);
}

double kr_steady_crop(const struct kr_steady *steady, size_t i)
{
    return steady->crops ? (double)steady->crops[i] : steady->crop;
}

static int further(const void *a, const void *b)
{
    const struct kr_border_layer *x = a, *y = b;
    return abs(y->offset) - abs(x->offset);
}

size_t kr_steady_layers(const struct kr_steady *steady, size_t i,
                        struct kr_border_layer layers[static KR_BORDER_LAYERS])
{
    struct around around;
    size_t n = 0;
    if (!steady->layers || i >= steady->n || !(steady->mark[i] & KR_STEADY_TREATED))
        return 0;
    look_around(steady, i, kr_steady_crop(steady, i), &around);
    for (; n < KR_BORDER_LAYERS && steady->layers[i][n]; n++) {
        layers[n].offset = steady->layers[i][n];
        memcpy(layers[n].m, around.m[KR_BORDER_REACH + layers[n].offset], sizeof layers[n].m);
    }
    qsort(layers, n, sizeof *layers, further);
    return n;
}
