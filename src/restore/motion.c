// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/motion.h"

#include "restore/corners_priv.h"
#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum {
    LEVELS = 4, // 1, 1/2, 1/4, 1/8
    REACH = 7,  // a window is 2 REACH + 1 wide
    SIDE = 2 * REACH + 1,
    POINTS_MOST = KR_CORNERS_MOST,
    STEPS_MOST = 12,
    VOTES = 200,
    LEAST = 20, // corners that must agree
    FAR = 16,   // px of the smallest level that the whole picture may have jumped
};
// In px of the reduced frame:
static const float there_and_back = 0.5f, agree = 1.5f, at_rest = 0.5f;
static const double rest_share = 0.25, rest_spread = 0.75;
static const double spread_least = 40; // px: corners that tell how a frame is bent lie so far apart
static const double jump_fits = 0.7;   // difference left by a jump, of that without it

struct pyramid {
    struct kr_grey level[LEVELS];
};

struct kr_motion_eye {
    int width, height, shrink;
    bool seen, glances;
    struct pyramid old, now;
    struct kr_corners *corners; // on level 1
};

static bool make_pyramid(struct pyramid *pyramid, int width, int height, struct kr_err *err)
{
    for (int l = 0; l < LEVELS; l++) {
        void *at = NULL;
        if (!kr_big_alloc((size_t)width * (size_t)height, KR_FRAME_MOST, &at, err))
            return false;
        pyramid->level[l] = (struct kr_grey){width, height, at};
        width = (width + 1) / 2;
        height = (height + 1) / 2;
    }
    return true;
}

bool kr_motion_eye_create(int width, int height, struct kr_motion_eye **out, struct kr_err *err)
{
    KR_AUTO(kr_motion_eye_destroy) struct kr_motion_eye *eye = kr_new(struct kr_motion_eye);
    if (width < 1 || height < 1 || width > 1 << 16 || height > 1 << 16)
        return kr_fail(err, KR_E_TOO_BIG, "follow frames of %d x %d", width, height);
    eye->width = width;
    eye->height = height;
    eye->shrink = width < 960 ? 1 : (width + 319) / 640;
    int w = width / eye->shrink, h = height / eye->shrink;
    h = h < 1 ? 1 : h;
    if (!make_pyramid(&eye->old, w, h, err) || !make_pyramid(&eye->now, w, h, err))
        return kr_within(err, "follow the camera");
    eye->corners = kr_corners_create(eye->old.level[1].width, eye->old.level[1].height);
    *out = eye;
    eye = NULL;
    return true;
}

void kr_motion_eye_glance(struct kr_motion_eye *eye)
{
    eye->glances = true;
}

void kr_motion_eye_destroy(struct kr_motion_eye **eye)
{
    if (*eye) {
        for (int l = 0; l < LEVELS; l++) {
            kr_free(&(*eye)->old.level[l].at);
            kr_free(&(*eye)->now.level[l].at);
        }
        kr_corners_destroy(&(*eye)->corners);
    }
    kr_free(eye);
}

// The mean of each k x k pixels: their sums down first, then across.
static void reduce(const struct kr_frame *frame, int k, struct kr_grey *out)
{
    int n = out->width * k, square = k * k;
    uint64_t part = (UINT64_C(1) << 40) / (uint64_t)square + 1; // exact for what is summed here
    uint16_t *down = kr_new_array(uint16_t, (size_t)n);
    for (int y = 0; y < out->height; y++) {
        memset(down, 0, (size_t)n * sizeof *down);
        for (int j = 0; j < k && y * k + j < frame->height; j++) {
            const uint8_t *row = frame->plane[0] + (y * k + j) * frame->stride[0];
            for (int x = 0; x < n; x++)
                down[x] = (uint16_t)(down[x] + row[x]);
        }
        for (int x = 0; x < out->width; x++) {
            unsigned sum = (unsigned)square / 2;
            for (int i = 0; i < k; i++)
                sum += down[x * k + i];
            out->at[y * out->width + x] = (uint8_t)(sum * part >> 40);
        }
    }
    kr_free(&down);
}

static void halve(const struct kr_grey *in, struct kr_grey *out)
{
    for (int y = 0; y < out->height; y++) {
        const uint8_t *a = in->at + 2 * y * in->width;
        const uint8_t *b = 2 * y + 1 < in->height ? a + in->width : a;
        for (int x = 0; x < out->width; x++) {
            int l = 2 * x, r = l + 1 < in->width ? l + 1 : l;
            out->at[y * out->width + x] = (uint8_t)((a[l] + a[r] + b[l] + b[r] + 2) / 4);
        }
    }
}

// A window of SIDE x SIDE samples about (x, y), one border more all round if asked.
static bool window(const struct kr_grey *g, float x, float y, int border, float *out)
{
    int reach = REACH + border;
    float fx = floorf(x), fy = floorf(y);
    int x0 = (int)fx - reach, y0 = (int)fy - reach, side = 2 * reach + 1;
    if (!(x > -1e6f && x < 1e6f && y > -1e6f && y < 1e6f) || x0 < 0 || y0 < 0 ||
        x0 + side >= g->width || y0 + side >= g->height)
        return false;
    float ax = x - fx, ay = y - fy;
    float w00 = (1 - ax) * (1 - ay), w10 = ax * (1 - ay), w01 = (1 - ax) * ay, w11 = ax * ay;
    for (int j = 0; j < side; j++) {
        const uint8_t *a = g->at + (y0 + j) * g->width + x0, *b = a + g->width;
        for (int i = 0; i < side; i++)
            out[j * side + i] = w00 * a[i] + w10 * a[i + 1] + w01 * b[i] + w11 * b[i + 1];
    }
    return true;
}

struct patch { // of the frame we come from: values, gradients, and their moments
    float v[SIDE * SIDE], gx[SIDE * SIDE], gy[SIDE * SIDE];
    float xx, xy, yy;
};

static bool patch_of(const struct kr_grey *g, float x, float y, struct patch *p)
{
    enum { WIDE = SIDE + 2 };
    float w[WIDE * WIDE];
    if (!window(g, x, y, 1, w))
        return false;
    p->xx = p->xy = p->yy = 0;
    for (int j = 0; j < SIDE; j++)
        for (int i = 0; i < SIDE; i++) {
            const float *at = w + (j + 1) * WIDE + i + 1;
            int k = j * SIDE + i;
            p->v[k] = at[0];
            p->gx[k] = (at[1] - at[-1]) / 2;
            p->gy[k] = (at[WIDE] - at[-WIDE]) / 2;
            p->xx += p->gx[k] * p->gx[k];
            p->xy += p->gx[k] * p->gy[k];
            p->yy += p->gy[k] * p->gy[k];
        }
    return true;
}

// Moves `to` until the patch fits. false when the window leaves the frame.
static bool settle(const struct patch *p, const struct kr_grey *g, struct kr_point *to)
{
    float det = p->xx * p->yy - p->xy * p->xy, w[SIDE * SIDE];
    if (det < 1)
        return false;
    for (int step = 0; step < STEPS_MOST; step++) {
        if (!window(g, to->x, to->y, 0, w))
            return false;
        float bx = 0, by = 0;
        for (int k = 0; k < SIDE * SIDE; k++) {
            float d = p->v[k] - w[k];
            bx += d * p->gx[k];
            by += d * p->gy[k];
        }
        float sx = (p->yy * bx - p->xy * by) / det, sy = (p->xx * by - p->xy * bx) / det;
        to->x += sx;
        to->y += sy;
        if (sx * sx + sy * sy < 0.01f * 0.01f)
            break;
    }
    return true;
}

// The middle of a pixel of level 0 seen on level l, and back.
static float on_level(float v, int l)
{
    return (v + 0.5f) / (float)(1 << l) - 0.5f;
}

// `guess`: where the point may have gone, in px of level 0.
static bool follow(const struct pyramid *from, const struct pyramid *to, struct kr_point start,
                   struct kr_point guess, struct kr_point *end)
{
    const float coarse = 1 << LEVELS;
    struct kr_point move = {guess.x / coarse, guess.y / coarse}; // in pixels of the level at hand
    bool found = false;
    for (int l = LEVELS - 1; l >= 0; l--) {
        float x = on_level(start.x, l), y = on_level(start.y, l);
        struct patch patch;
        move.x *= 2;
        move.y *= 2;
        struct kr_point at = {x + move.x, y + move.y};
        found = patch_of(&from->level[l], x, y, &patch) && settle(&patch, &to->level[l], &at);
        if (found)
            move = (struct kr_point){at.x - x, at.y - y};
    }
    *end = (struct kr_point){start.x + move.x, start.y + move.y};
    return found; // on level 0: coarser ones may fail near the border
}

struct pair { // relative to the middle of the frame
    float ax, ay, bx, by;
};

// Mean difference of two pictures, the second moved by (dx, dy), where both are;
// at least `enough` where it is no less.
static double difference_at(const struct kr_grey *a, const struct kr_grey *b, int dx, int dy,
                            double enough)
{
    int x0 = dx < 0 ? -dx : 0, x1 = a->width - (dx > 0 ? dx : 0), sum = 0;
    int y0 = dy < 0 ? -dy : 0, y1 = a->height - (dy > 0 ? dy : 0);
    double area = (double)(x1 - x0) * (y1 - y0);
    for (int y = y0; y < y1 && sum < enough * area; y++) {
        const uint8_t *p = a->at + y * a->width, *q = b->at + (y + dy) * b->width + dx;
        for (int x = x0; x < x1; x++)
            sum += abs(p[x] - q[x]);
    }
    return sum / area;
}

// A jerk carries corners further than a window finds them again: where the whole
// picture, made small, fits far better elsewhere, that is where to look for them.
static struct kr_point jump_of(const struct kr_motion_eye *eye)
{
    const struct kr_grey *a = &eye->old.level[LEVELS - 1], *b = &eye->now.level[LEVELS - 1];
    int far_x = a->width / 4 < FAR ? a->width / 4 : FAR;
    int far_y = a->height / 4 < FAR ? a->height / 4 : FAR;
    double least = difference_at(a, b, 0, 0, INFINITY) * jump_fits;
    struct kr_point best = {0, 0};
    for (int dy = -far_y; dy <= far_y; dy++)
        for (int dx = -far_x; dx <= far_x; dx++) {
            double now = difference_at(a, b, dx, dy, least);
            if (now >= least)
                continue;
            least = now;
            best = (struct kr_point){(float)(dx * (1 << (LEVELS - 1))),
                                     (float)(dy * (1 << (LEVELS - 1)))};
        }
    return best;
}

static int follow_all(const struct kr_motion_eye *eye, const struct kr_point *corners, int n,
                      struct pair *out)
{
    struct kr_point jump = jump_of(eye), return_jump = {-jump.x, -jump.y};
    float cx = (float)(eye->now.level[0].width - 1) / 2;
    float cy = (float)(eye->now.level[0].height - 1) / 2;
    int kept = 0;
    for (int i = 0; i < n; i++) {
        struct kr_point there, back;
        if (!follow(&eye->old, &eye->now, corners[i], jump, &there) ||
            !follow(&eye->now, &eye->old, there, return_jump, &back) ||
            hypotf(back.x - corners[i].x, back.y - corners[i].y) > there_and_back)
            continue;
        out[kept++] =
            (struct pair){corners[i].x - cx, corners[i].y - cy, there.x - cx, there.y - cy};
    }
    return kept;
}

struct similarity { // b = (p -q; q p) a + (tx, ty)
    double p, q, tx, ty;
};

static double miss_squared(const struct similarity *s, const struct pair *m)
{
    double dx = s->p * m->ax - s->q * m->ay + s->tx - m->bx;
    double dy = s->q * m->ax + s->p * m->ay + s->ty - m->by;
    return dx * dx + dy * dy;
}

// Least squares over the pairs that miss `s` by less than `within`; how many they are.
static int fit(const struct pair *m, int n, double within, struct similarity *s)
{
    double k = 0, ax = 0, ay = 0, bx = 0, by = 0, aa = 0, p = 0, q = 0;
    for (int i = 0; i < n; i++) {
        if (miss_squared(s, &m[i]) > within * within)
            continue;
        k++;
        ax += m[i].ax;
        ay += m[i].ay;
        bx += m[i].bx;
        by += m[i].by;
        aa += m[i].ax * m[i].ax + m[i].ay * m[i].ay;
        p += m[i].ax * m[i].bx + m[i].ay * m[i].by;
        q += m[i].ax * m[i].by - m[i].ay * m[i].bx;
    }
    double spread = aa - (ax * ax + ay * ay) / fmax(k, 1);
    if (k < 2 || spread < 1)
        return 0;
    s->p = (p - (ax * bx + ay * by) / k) / spread;
    s->q = (q - (ax * by - ay * bx) / k) / spread;
    s->tx = (bx - s->p * ax + s->q * ay) / k;
    s->ty = (by - s->q * ax - s->p * ay) / k;
    return (int)k;
}

struct affine { // b = (xx xy; yx yy) a + (tx, ty)
    double xx, xy, yx, yy, tx, ty;
};

// Sums over pairs, about their means: of a with a, and of a with b.
struct moments {
    double n, ax, ay, bx, by, aax, axy, ayy, xx, xy, yx, yy;
};

static void gather(const struct pair *m, int n, double within, const struct affine *s,
                   struct moments *k)
{
    *k = (struct moments){0};
    for (int i = 0; i < n; i++) {
        double x = m[i].ax, y = m[i].ay, u = m[i].bx, v = m[i].by;
        if (hypot(s->xx * x + s->xy * y + s->tx - u, s->yx * x + s->yy * y + s->ty - v) > within)
            continue;
        k->n++;
        k->ax += x, k->ay += y, k->bx += u, k->by += v;
        k->aax += x * x, k->axy += x * y, k->ayy += y * y;
        k->xx += x * u, k->xy += y * u, k->yx += x * v, k->yy += y * v;
    }
}

// Least squares over the pairs that miss `s` by less than `within`; how many they
// are, 0 where they lie too close to a line to tell.
static int fit_affine(const struct pair *m, int n, double within, struct affine *s)
{
    struct moments k;
    gather(m, n, within, s, &k);
    if (k.n < LEAST)
        return 0;
    double x = k.ax / k.n, y = k.ay / k.n, u = k.bx / k.n, v = k.by / k.n;
    double aax = k.aax - k.n * x * x, axy = k.axy - k.n * x * y, ayy = k.ayy - k.n * y * y;
    double xx = k.xx - k.n * x * u, xy = k.xy - k.n * y * u;
    double yx = k.yx - k.n * x * v, yy = k.yy - k.n * y * v;
    double det = aax * ayy - axy * axy, apart = k.n * spread_least * spread_least;
    if (aax < apart || ayy < apart || det < 0.25 * aax * ayy)
        return 0;
    s->xx = (xx * ayy - xy * axy) / det;
    s->xy = (xy * aax - xx * axy) / det;
    s->yx = (yx * ayy - yy * axy) / det;
    s->yy = (yy * aax - yx * axy) / det;
    s->tx = u - s->xx * x - s->xy * y;
    s->ty = v - s->yx * x - s->yy * y;
    return (int)k.n;
}

static bool of_two(const struct pair *a, const struct pair *b, struct similarity *s)
{
    double x = b->ax - a->ax, y = b->ay - a->ay, u = b->bx - a->bx, v = b->by - a->by;
    double n = x * x + y * y;
    if (n < 100) // closer than ten pixels they say little of turn and scale
        return false;
    s->p = (x * u + y * v) / n;
    s->q = (x * v - y * u) / n;
    s->tx = a->bx - s->p * a->ax + s->q * a->ay;
    s->ty = a->by - s->q * a->ax - s->p * a->ay;
    return true;
}

// What lies near the border is more often the room than somebody in it.
static float weight(const struct pair *m, float half_width)
{
    return 1 + fminf(hypotf(m->ax, m->ay) / half_width, 1);
}

static void vote(const struct pair *m, int n, float half_width, struct similarity *best)
{
    uint32_t seed = 1; // fixed: the same frames give the same motion
    float most = 0;
    for (int i = 0; i < VOTES && n >= 2; i++) {
        struct similarity s;
        seed = seed * 1664525u + 1013904223u;
        int a = (int)((seed >> 8) % (uint32_t)n);
        seed = seed * 1664525u + 1013904223u;
        int b = (int)((seed >> 8) % (uint32_t)n);
        float votes = 0;
        if (!of_two(&m[a], &m[b], &s))
            continue;
        for (int k = 0; k < n; k++)
            if (miss_squared(&s, &m[k]) < (double)(agree * agree))
                votes += weight(&m[k], half_width);
        if (votes > most) {
            most = votes;
            *best = s;
        }
    }
}

struct spread { // of corners, across and down
    double n, x, y, xx, yy;
};

static void spread_add(struct spread *s, const struct pair *m)
{
    s->n++;
    s->x += m->ax;
    s->y += m->ay;
    s->xx += m->ax * m->ax;
    s->yy += m->ay * m->ay;
}

static double part_of(double n, double x, double xx, double of_n, double of_x, double of_xx)
{
    double mine = xx / n - x * x / n / n, all = of_xx / of_n - of_x * of_x / of_n / of_n;
    return sqrt(fmax(mine, 0) / fmax(all, 1));
}

// A stand, or a hand that rests: many corners everywhere do not move at all,
// however much goes on before them. (Those that rest in one place only may be
// the far end of a road that the camera walks.)
static bool stands_still(const struct pair *m, int n, struct similarity *s)
{
    const struct similarity still = {1, 0, 0, 0};
    struct spread all = {0}, rest = {0};
    for (int i = 0; i < n; i++) {
        spread_add(&all, &m[i]);
        if (miss_squared(&still, &m[i]) < (double)(at_rest * at_rest))
            spread_add(&rest, &m[i]);
    }
    if (rest.n < LEAST || rest.n < rest_share * all.n ||
        part_of(rest.n, rest.x, rest.xx, all.n, all.x, all.xx) < rest_spread ||
        part_of(rest.n, rest.y, rest.yy, all.n, all.y, all.yy) < rest_spread)
        return false;
    *s = still;
    return fit(m, n, (double)at_rest, s) >= LEAST;
}

// The similarity in the middle of an affine map; a sensor that reads line after
// line bends the frame by more than corners may miss a similarity.
static int bend(const struct pair *m, int n, struct similarity *s, struct kr_motion *out)
{
    struct affine a = {s->p, -s->q, s->q, s->p, s->tx, s->ty};
    int agreed = 0;
    for (int round = 0; round < 5; round++) {
        agreed = fit_affine(m, n, (double)agree * (round < 2 ? 2 : round < 4 ? 1 : 0.5), &a);
        if (!agreed)
            return 0;
    }
    *s = (struct similarity){(a.xx + a.yy) / 2, (a.yx - a.xy) / 2, a.tx, a.ty};
    out->lean = (float)(a.xy + a.yx);
    out->stretch = (float)(a.yy - a.xx);
    return agreed;
}

static void judge(const struct kr_motion_eye *eye, const struct pair *m, int n,
                  struct kr_motion *out)
{
    struct similarity s = {1, 0, 0, 0};
    int agreed = 0;
    bool still = stands_still(m, n, &s);
    if (!still)
        vote(m, n, (float)eye->now.level[0].width / 2, &s);
    for (int round = 0; round < 4; round++)
        agreed = fit(m, n, still ? at_rest : round < 2 ? agree : agree / 2, &s);
    int bent = still || agreed < LEAST ? 0 : bend(m, n, &s, out);
    agreed = bent ? bent : agreed;
    double scale = hypot(s.p, s.q);
    if (agreed < LEAST || scale < 0.5 || scale > 2)
        return;
    out->dx = (float)(s.tx * eye->shrink);
    out->dy = (float)(s.ty * eye->shrink);
    out->turn = (float)atan2(s.q, s.p);
    out->grow = (float)log(scale);
    out->trust = (float)agreed / (float)n;
}

// Every second one, where that leaves enough.
static int thin_out(struct kr_point *corners, int n)
{
    int kept = n;
    if (n > POINTS_MOST / 2)
        for (kept = 0; 2 * kept < n; kept++)
            corners[kept] = corners[2 * kept];
    return kept;
}

void kr_motion_look(struct kr_motion_eye *eye, const struct kr_frame *frame, struct kr_motion *out)
{
    assert(frame->width == eye->width && frame->height == eye->height);
    assert(frame->pixels == KR_YUV420 || frame->pixels == KR_GRAY8);
    struct pyramid reused = eye->old;
    eye->old = eye->now;
    eye->now = reused;
    reduce(frame, eye->shrink, &eye->now.level[0]);
    for (int l = 1; l < LEVELS; l++)
        halve(&eye->now.level[l - 1], &eye->now.level[l]);
    *out = (struct kr_motion){0};
    if (eye->seen) {
        struct kr_point corners[POINTS_MOST];
        struct pair pairs[POINTS_MOST];
        int n = kr_corners_find(eye->corners, &eye->old.level[1], corners);
        n = eye->glances ? thin_out(corners, n) : n;
        judge(eye, pairs, follow_all(eye, corners, n, pairs), out);
    }
    eye->seen = true;
}
