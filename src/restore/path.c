// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/path.h"

#include <assert.h>
#include <math.h>

enum { WINDOW = 1200, AHEAD = 300, PINNED = 3, ORDERS = 3, SIDES = 8, STEPS_MOST = 1000 };

// Measured choices; lengths are in px of a frame 640 wide.
static const double angle_weight = 100, rho = 0.03, sigma = 3, relax = 1.7, enough = 1e-4;
static const double order_weight[ORDERS] = {10, 1, 100};
static const double stencil[ORDERS][4] = {{-1, 1, 0, 0}, {1, -2, 1, 0}, {-1, 3, -3, 1}};

struct band { // L D L' of a symmetric matrix of half-width 3: row i holds d, l1, l2, l3
    double (*at)[4];
};

struct work {
    size_t n, pinned;
    double width, height, crop;
    double smooth;     // weight of third differences where the way is followed; 0: it is not
    double (*path)[4]; // given, from the window's first pose
    double (*x)[4];    // sought
    double (*z)[ORDERS][4], (*u)[ORDERS][4];
    double (*y)[SIDES], (*v)[SIDES];
    double (*rhs)[4];
    struct band band[4];
};

static double weight_of(int order, int p)
{
    return order_weight[order] * (p < 2 ? 1 : angle_weight);
}

// What a frame off its given pose costs, where the way is followed.
static double hold_of(const struct work *w, int p)
{
    return w->smooth > 0 ? p < 2 ? 1 : angle_weight * angle_weight : 0;
}

// The squares of differences: of all orders by ADMM, of the third where the way is followed.
static double square_of(const struct work *w, int order, int p)
{
    if (w->smooth > 0)
        return order == ORDERS - 1 ? w->smooth * hold_of(w, p) : 0;
    return rho * weight_of(order, p) * weight_of(order, p);
}

// How a corner of the crop (side / 2 of four, x then y) moves with the pose.
static void side_row(const struct work *w, int side, double g[4], double *room)
{
    double sx = side & 2 ? 1 : -1, sy = side & 4 ? 1 : -1;
    double wx = w->crop * w->width / 2, wy = w->crop * w->height / 2;
    bool vertical = side & 1;
    g[0] = !vertical;
    g[1] = vertical;
    g[2] = vertical ? sx * wx : -sy * wy;
    g[3] = vertical ? sy * wy : sx * wx;
    *room = (1 - w->crop) / 2 * (vertical ? w->height : w->width);
}

static double pin_weight(const struct work *w, int p)
{
    double reach = p < 2 ? 4 : w->width * w->width + w->height * w->height;
    return 1e6 * (sigma * reach + 20 * square_of(w, 2, p));
}

// rho A'A + sigma G'G, or hold + smooth D'D + sigma G'G, for one parameter: G'G is
// diagonal, its corners being symmetric.
static void factor(struct work *w, int p)
{
    double(*m)[4] = w->band[p].at, reach = 0;
    for (int side = 0; side < SIDES; side++) {
        double g[4], room;
        side_row(w, side, g, &room);
        reach += g[p] * g[p];
    }
    for (size_t i = 0; i < w->n; i++) {
        m[i][0] = sigma * reach + hold_of(w, p) + (i < w->pinned ? pin_weight(w, p) : 0);
        m[i][1] = m[i][2] = m[i][3] = 0;
    }
    for (int o = 0; o < ORDERS; o++)
        for (size_t i = 0; i + (size_t)o + 1 < w->n; i++)
            for (int a = 0; a <= o + 1; a++)
                for (int b = a; b <= o + 1; b++) // entry (i + b, i + a)
                    m[i + (size_t)b][b - a] += square_of(w, o, p) * stencil[o][a] * stencil[o][b];
    for (size_t i = 0; i < w->n; i++) { // row i against the three before it
        for (size_t k = i < 3 ? i : 3; k > 0; k--) {
            size_t j = i - k;
            double sum = m[i][k];
            for (size_t e = j < 3 ? 0 : j - 3; e < j; e++)
                if (i - e <= 3)
                    sum -= m[i][i - e] * m[j][j - e] * m[e][0];
            m[i][k] = sum / m[j][0];
        }
        for (size_t k = 1; k <= 3 && k <= i; k++)
            m[i][0] -= m[i][k] * m[i][k] * m[i - k][0];
    }
}

static void solve(const struct work *w, int p)
{
    double(*m)[4] = w->band[p].at;
    for (size_t i = 0; i < w->n; i++) {
        double sum = w->rhs[i][p];
        for (size_t k = 1; k <= 3 && k <= i; k++)
            sum -= m[i][k] * w->x[i - k][p];
        w->x[i][p] = sum;
    }
    for (size_t i = w->n; i-- > 0;) {
        double sum = w->x[i][p] / m[i][0];
        for (size_t k = 1; k <= 3 && i + k < w->n; k++)
            sum -= m[i + k][k] * w->x[i + k][p];
        w->x[i][p] = sum;
    }
}

static double difference(double (*x)[4], size_t i, int order, int p)
{
    double sum = 0;
    for (int a = 0; a <= order + 1; a++)
        sum += stencil[order][a] * x[i + (size_t)a][p];
    return sum;
}

static void gather_orders(struct work *w)
{
    for (int o = 0; o < ORDERS; o++)
        for (size_t i = 0; i + (size_t)o + 1 < w->n; i++)
            for (int p = 0; p < 4; p++) {
                double r = rho * weight_of(o, p) * (w->z[i][o][p] - w->u[i][o][p]);
                for (int a = 0; a <= o + 1; a++)
                    w->rhs[i + (size_t)a][p] += stencil[o][a] * r;
            }
}

static void gather(struct work *w, double (*held)[4])
{
    for (size_t i = 0; i < w->n; i++)
        for (int p = 0; p < 4; p++)
            w->rhs[i][p] =
                hold_of(w, p) * w->path[i][p] + (i < w->pinned ? pin_weight(w, p) * held[i][p] : 0);
    if (w->smooth <= 0)
        gather_orders(w);
    for (int side = 0; side < SIDES; side++) {
        double g[4], room;
        side_row(w, side, g, &room);
        for (size_t i = 0; i < w->n; i++) {
            double r = w->y[i][side] - w->v[i][side];
            for (int p = 0; p < 4; p++)
                r += g[p] * w->path[i][p];
            for (int p = 0; p < 4; p++)
                w->rhs[i][p] += sigma * g[p] * r;
        }
    }
}

static void shrink_orders(struct work *w)
{
    for (int o = 0; o < ORDERS; o++)
        for (size_t i = 0; i + (size_t)o + 1 < w->n; i++)
            for (int p = 0; p < 4; p++) {
                double d = weight_of(o, p) * difference(w->x, i, o, p);
                double t = relax * d + (1 - relax) * w->z[i][o][p] + w->u[i][o][p];
                double size = fabs(t) - 1 / rho;
                w->z[i][o][p] = size > 0 ? copysign(size, t) : 0;
                w->u[i][o][p] = t - w->z[i][o][p];
            }
}

static void clip_sides(struct work *w)
{
    for (int side = 0; side < SIDES; side++) {
        double g[4], room;
        side_row(w, side, g, &room);
        for (size_t i = 0; i < w->n; i++) {
            double r = 0;
            for (int p = 0; p < 4; p++)
                r += g[p] * (w->x[i][p] - w->path[i][p]);
            double t = relax * r + (1 - relax) * w->y[i][side] + w->v[i][side];
            w->y[i][side] = fmin(fmax(t, -room), room);
            w->v[i][side] = t - w->y[i][side];
        }
    }
}

static double cost(const struct work *w)
{
    double sum = 0;
    for (int o = 0; o < ORDERS; o++)
        for (size_t i = 0; i + (size_t)o + 1 < w->n; i++)
            for (int p = 0; p < 4; p++)
                sum += fabs(weight_of(o, p) * difference(w->x, i, o, p));
    return sum;
}

// Corrections that still lean out are shortened, each frame for itself.
static void shorten(struct work *w)
{
    for (size_t i = w->pinned; i < w->n; i++) {
        double most = 1;
        for (int side = 0; side < SIDES; side++) {
            double g[4], room, r = 0;
            side_row(w, side, g, &room);
            for (int p = 0; p < 4; p++)
                r += g[p] * (w->x[i][p] - w->path[i][p]);
            most = fmax(most, fabs(r) / room);
        }
        for (int p = 0; p < 4; p++)
            w->x[i][p] = w->path[i][p] + (w->x[i][p] - w->path[i][p]) / most;
    }
}

static void open_work(struct work *w)
{
    w->path = kr_alloc_array(w->n, sizeof *w->path);
    w->x = kr_alloc_array(w->n, sizeof *w->x);
    w->z = kr_alloc_array(w->n, sizeof *w->z);
    w->u = kr_alloc_array(w->n, sizeof *w->u);
    w->y = kr_alloc_array(w->n, sizeof *w->y);
    w->v = kr_alloc_array(w->n, sizeof *w->v);
    w->rhs = kr_alloc_array(w->n, sizeof *w->rhs);
    for (int p = 0; p < 4; p++)
        w->band[p].at = kr_alloc_array(w->n, sizeof *w->band[p].at);
}

static void close_work(struct work *w)
{
    for (int p = 0; p < 4; p++)
        kr_free(&w->band[p].at);
    kr_free(&w->path);
    kr_free(&w->x);
    kr_free(&w->z);
    kr_free(&w->u);
    kr_free(&w->y);
    kr_free(&w->v);
    kr_free(&w->rhs);
}

// One window; its first `pinned` poses of `out` are given.
static void calm_window(const struct kr_pose *path, size_t n, size_t pinned,
                        const struct kr_path_params *params, struct kr_pose *out)
{
    double scale = 640.0 / params->width, last = INFINITY, held[PINNED][4];
    struct work w = {.n = n,
                     .pinned = pinned,
                     .width = 640,
                     .height = params->height * scale,
                     .crop = params->crop,
                     .smooth = params->follow > 0 ? pow(2 * M_PI * params->follow, -6) : 0};
    open_work(&w);
    for (size_t i = 0; i < n; i++)
        for (int p = 0; p < 4; p++) {
            double unit = p < 2 ? scale : 1, first = path[0].v[p];
            w.path[i][p] = (path[i].v[p] - first) * unit;
            if (i < pinned)
                held[i][p] = (out[i].v[p] - first) * unit;
        }
    memcpy(w.x, w.path, n * sizeof *w.x);
    for (int p = 0; p < 4; p++)
        factor(&w, p);
    for (int step = 1; step <= STEPS_MOST; step++) {
        gather(&w, held);
        for (int p = 0; p < 4; p++)
            solve(&w, p);
        if (w.smooth <= 0)
            shrink_orders(&w);
        clip_sides(&w);
        double now = step % 50 ? 0 : cost(&w);
        if (step % 50 == 0 && fabs(last - now) <= enough * now)
            break;
        last = step % 50 ? last : now;
    }
    shorten(&w);
    for (size_t i = pinned; i < n; i++)
        for (int p = 0; p < 4; p++)
            out[i].v[p] = w.x[i][p] / (p < 2 ? scale : 1) + path[0].v[p];
    close_work(&w);
}

void kr_path_calm(const struct kr_pose *path, size_t n, const struct kr_path_params *params,
                  struct kr_pose *out)
{
    assert(params->crop > 0 && params->crop < 1 && params->width > 0 && params->height > 0);
    assert(params->follow >= 0 && params->follow <= 0.5);
    size_t at = 0, pinned = 0;
    while (at < n) {
        size_t many = n - at < WINDOW + AHEAD ? n - at : WINDOW;
        calm_window(path + at, many, pinned, params, out + at);
        if (at + many == n)
            return;
        at += many - AHEAD - PINNED;
        pinned = PINNED;
    }
}

// Measures.

// Beyond its ends a path goes on as it came, turned about the end: an even pan
// is even there too.
static double beyond(const struct kr_pose *path, ptrdiff_t n, ptrdiff_t i, int p)
{
    ptrdiff_t in = i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i;
    in = in < 0 ? 0 : in >= n ? n - 1 : in;
    if (i >= 0 && i < n)
        return path[i].v[p];
    return 2 * path[i < 0 ? 0 : n - 1].v[p] - path[in].v[p];
}

// Path minus itself smoothed: a Gaussian of 0.16 s lets through what is above 1 Hz.
static double high_pass_energy(const struct kr_pose *path, size_t n, int p, double sd)
{
    int reach = (int)ceil(3 * sd);
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double mean = 0, all = 0;
        for (int k = -reach; k <= reach; k++) {
            double weight = exp(-0.5 * k * k / (sd * sd));
            mean += weight * beyond(path, (ptrdiff_t)n, (ptrdiff_t)i + k, p);
            all += weight;
        }
        double d = path[i].v[p] - mean / all;
        sum += d * d;
    }
    return sum / (double)n;
}

double kr_path_jitter(const struct kr_pose *path, size_t n, double fps, int width, int height)
{
    if (n < 2)
        return 0;
    double sd = fmin(fmax(fps * 0.16, 1), 40), scale = 640.0 / width;
    double arm = ((double)width * width + (double)height * height) / 4;
    double sum = high_pass_energy(path, n, 0, sd) + high_pass_energy(path, n, 1, sd) +
                 arm * (high_pass_energy(path, n, 2, sd) + high_pass_energy(path, n, 3, sd));
    return sqrt(sum) * scale;
}

double kr_path_jerk(const struct kr_pose *path, size_t n, int width)
{
    double sum = 0;
    for (size_t i = 2; i < n; i++)
        for (int p = 0; p < 2; p++)
            sum += fabs(path[i].v[p] - 2 * path[i - 1].v[p] + path[i - 2].v[p]);
    return n > 2 ? sum / 2 / (double)(n - 2) * 640 / width : 0;
}
