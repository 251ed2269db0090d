// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/dirt.h"

#include "restore/rank.h"
#include <assert.h>
#include <math.h>
#include <stdlib.h>

// Levels of luma beyond the range of the neighbours: what a spot begins with, and reaches to.
enum { SURE = 14, LIKELY = 7 };
enum { RING = 4, GROW = 2 };                // px around a spot: compared; mended with it
enum { SAMPLES = 256 };                     // of a spot, or its ring, that are compared
enum { PACE = 4 };                          // px: how even the pace of what moves is
enum { LEAST_AREA = 3 };                    // px
enum { FAR = 6, AROUND = 32 };              // samples of flow from a spot; places asked there
static const double most_share = 0.01;      // of the frame, in one spot
static const double around_most = 0.25;     // frame against neighbours, around against inside
static const double lost_most = 0.15;       // the same, where the motion does not return
static const double between_most = 0.5;     // neighbour against neighbour, inside
static const double return_most = 1.5;      // px: there and back again
static const double faint = 0.25;           // of a spot's height: where its edges end
static const double again_most = 0.4;       // of a spot's height: how far its like may differ
static const double followed_most = 0.6;    // of a spot's height, on both sides
static const double coherent = 1.5;         // px: the surroundings move as one
static const int apart_most = 40;           // levels between neighbours that are still averaged
enum { FREE, TAKEN, REFUSED, RIM, MENDED }; // what is known of a sample

struct kr_dirt {
    int width, height;
    struct kr_frame *brought[2][2]; // both neighbours, by the flow, and by that of surroundings
    struct kr_frame **near;         // the two of them at hand
    struct kr_flow *calm;
    uint8_t *low, *high; // the range of both, then of 3 x 3 of both
    uint8_t *over;       // how far the frame lies beyond it
    uint8_t *state;
    int *spot, *ring; // samples of the spot at hand and of what is around it
    int most_spot, most_ring, spot_count, ring_count;
};

struct box {
    int left, top, right, bottom; // the last two are outside
};

bool kr_dirt_create(int width, int height, struct kr_dirt **out, struct kr_err *err)
{
    KR_AUTO(kr_dirt_destroy) struct kr_dirt *dirt = kr_new(struct kr_dirt);
    size_t n = (size_t)width * (size_t)height;
    *dirt = (struct kr_dirt){.width = width, .height = height};
    uint8_t **planes[] = {&dirt->low, &dirt->high, &dirt->over, &dirt->state};
    for (size_t i = 0; i < KR_COUNT(planes); i++)
        if (!kr_big_alloc(n, KR_FRAME_MOST, (void **)planes[i], err))
            return kr_within(err, "look for dirt");
    for (int i = 0; i < 4; i++)
        if (!kr_frame_create(KR_YUV420, width, height, &dirt->brought[i / 2][i % 2], err))
            return kr_within(err, "look for dirt");
    dirt->most_spot = (int)(most_share * (double)n) + 8;
    dirt->most_ring = 16 * (dirt->most_spot + 64);
    dirt->spot = kr_new_array(int, (size_t)dirt->most_spot);
    dirt->ring = kr_new_array(int, (size_t)dirt->most_ring);
    *out = dirt;
    dirt = NULL;
    return true;
}

void kr_dirt_destroy(struct kr_dirt **dirt)
{
    if (*dirt) {
        kr_free(&(*dirt)->low);
        kr_free(&(*dirt)->high);
        kr_free(&(*dirt)->over);
        kr_free(&(*dirt)->state);
        kr_free(&(*dirt)->spot);
        kr_free(&(*dirt)->ring);
        for (int i = 0; i < 4; i++)
            kr_frame_destroy(&(*dirt)->brought[i / 2][i % 2]);
        kr_flow_destroy(&(*dirt)->calm);
    }
    kr_free(dirt);
}

static uint8_t least(uint8_t a, uint8_t b)
{
    return a < b ? a : b;
}

static uint8_t most(uint8_t a, uint8_t b)
{
    return a > b ? a : b;
}

static void range_across(const struct kr_dirt *dirt, int y)
{
    const uint8_t *a = dirt->near[0]->plane[0] + y * dirt->near[0]->stride[0];
    const uint8_t *b = dirt->near[1]->plane[0] + y * dirt->near[1]->stride[0];
    uint8_t *low = dirt->low + (ptrdiff_t)y * dirt->width;
    uint8_t *high = dirt->high + (ptrdiff_t)y * dirt->width;
    int n = dirt->width;
    for (int x = 0; x < n; x++) {
        int before = x > 0 ? x - 1 : 0, after = x + 1 < n ? x + 1 : x;
        low[x] =
            least(least(least(a[before], b[before]), least(a[x], b[x])), least(a[after], b[after]));
        high[x] =
            most(most(most(a[before], b[before]), most(a[x], b[x])), most(a[after], b[after]));
    }
}

static void measure_over(const struct kr_dirt *dirt, const struct kr_frame *frame, int y)
{
    int above = y > 0 ? y - 1 : 0, below = y + 1 < dirt->height ? y + 1 : y, n = dirt->width;
    const uint8_t *is = frame->plane[0] + y * frame->stride[0];
    const uint8_t *low = dirt->low, *high = dirt->high;
    uint8_t *over = dirt->over + (ptrdiff_t)y * n;
    for (int x = 0; x < n; x++) {
        ptrdiff_t a = (ptrdiff_t)above * n + x, b = (ptrdiff_t)y * n + x;
        ptrdiff_t c = (ptrdiff_t)below * n + x;
        uint8_t bottom = least(least(low[a], low[b]), low[c]);
        uint8_t top = most(most(high[a], high[b]), high[c]);
        over[x] = (uint8_t)(is[x] > top ? is[x] - top : is[x] < bottom ? bottom - is[x] : 0);
    }
}

static struct box box_around(const struct kr_dirt *dirt, struct box inner, int by)
{
    struct box out = {inner.left - by, inner.top - by, inner.right + by, inner.bottom + by};
    out.left = out.left < 0 ? 0 : out.left;
    out.top = out.top < 0 ? 0 : out.top;
    out.right = out.right > dirt->width ? dirt->width : out.right;
    out.bottom = out.bottom > dirt->height ? dirt->height : out.bottom;
    return out;
}

// Gathers the samples that hang together with `seed`. False when they are too many, or when they
// hang on such a lot.
static bool gather(struct kr_dirt *dirt, int seed, struct box *box)
{
    int w = dirt->width, n = 0;
    bool fine = true;
    *box = (struct box){w, dirt->height, 0, 0};
    dirt->spot[n++] = seed;
    dirt->state[seed] = TAKEN;
    for (int i = 0; i < n && fine; i++) {
        int x = dirt->spot[i] % w, y = dirt->spot[i] / w;
        struct box point = {x, y, x + 1, y + 1}, around = box_around(dirt, point, 1);
        box->left = x < box->left ? x : box->left;
        box->top = y < box->top ? y : box->top;
        box->right = x >= box->right ? x + 1 : box->right;
        box->bottom = y >= box->bottom ? y + 1 : box->bottom;
        for (int row = around.top; row < around.bottom; row++)
            for (int at = row * w + around.left; at < row * w + around.right; at++) {
                fine = fine && dirt->state[at] != REFUSED;
                if (dirt->over[at] <= LIKELY || dirt->state[at] != FREE || n == dirt->most_spot)
                    continue;
                dirt->state[at] = TAKEN;
                dirt->spot[n++] = at;
            }
        fine = fine && n < dirt->most_spot;
    }
    dirt->spot_count = n;
    return fine;
}

// What lies within `reach` px of the spot and is not of it becomes the ring.
static void surround(struct kr_dirt *dirt, int reach)
{
    int w = dirt->width;
    dirt->ring_count = 0;
    for (int i = 0; i < dirt->spot_count; i++) {
        int x = dirt->spot[i] % w, y = dirt->spot[i] / w;
        struct box around = box_around(dirt, (struct box){x, y, x + 1, y + 1}, reach);
        for (int row = around.top; row < around.bottom; row++)
            for (int at = row * w + around.left; at < row * w + around.right; at++)
                if (dirt->state[at] == FREE && dirt->ring_count < dirt->most_ring) {
                    dirt->state[at] = RIM;
                    dirt->ring[dirt->ring_count++] = at;
                }
    }
}

static void set_states(const struct kr_dirt *dirt, const int *list, int n, uint8_t state)
{
    for (int i = 0; i < n; i++)
        dirt->state[list[i]] = state;
}

static int luma(const struct kr_frame *frame, int x, int y)
{
    return frame->plane[0][y * frame->stride[0] + x];
}

struct fit {             // mean differences over some samples
    double own, between; // frame against the mean of the neighbours; neighbour against neighbour
};

static struct fit fit_of(const struct kr_dirt *dirt, const struct kr_frame *frame, const int *list,
                         int n)
{
    double own = 0, between = 0;
    for (int i = 0; i < n; i++) {
        int x = list[i] % dirt->width, y = list[i] / dirt->width;
        int a = luma(dirt->near[0], x, y), b = luma(dirt->near[1], x, y);
        own += fabs(luma(frame, x, y) - (a + b) / 2.0);
        between += abs(a - b);
    }
    return (struct fit){own / fmax(n, 1), between / fmax(n, 1)};
}

struct drift {                    // how the surroundings of a spot move to one side, px: medians
    double u, v, spread, returns; // the way, how far others are from it, how there and back miss
};

static ptrdiff_t flow_at(const struct kr_flow *flow, double x, double y)
{
    double fx = fmin(fmax((x + 0.5) / flow->shrink - 0.5, 0), flow->width - 1);
    double fy = fmin(fmax((y + 0.5) / flow->shrink - 0.5, 0), flow->height - 1);
    return (ptrdiff_t)lrint(fy) * flow->width + (ptrdiff_t)lrint(fx);
}

// Sample i of AROUND along the border of a box.
static void border_point(struct box box, int i, double *x, double *y)
{
    double part = (i / 4 + 0.5) * 4 / AROUND;
    double across = box.left + part * (box.right - 1 - box.left);
    double down = box.top + part * (box.bottom - 1 - box.top);
    *x = i % 4 == 0 ? box.left : i % 4 == 1 ? box.right - 1 : across;
    *y = i % 4 == 2 ? box.top : i % 4 == 3 ? box.bottom - 1 : down;
}

// Seen from far enough that no patch of the flow held any of the spot.
static struct drift drift_of(const struct kr_dirt_side *side, struct box far)
{
    float u[AROUND], v[AROUND], away[AROUND];
    float shrink = (float)side->there->shrink;
    double x, y;
    for (int i = 0; i < AROUND; i++) {
        border_point(far, i, &x, &y);
        ptrdiff_t at = flow_at(side->there, x, y);
        u[i] = shrink * side->there->u[at];
        v[i] = shrink * side->there->v[at];
        ptrdiff_t to = flow_at(side->back, x + (double)u[i], y + (double)v[i]);
        away[i] = hypotf(u[i] + shrink * side->back->u[to], v[i] + shrink * side->back->v[to]);
    }
    float returns = kr_rank(away, (size_t)AROUND, 0.5);
    float mu = kr_rank(u, (size_t)AROUND, 0.5), mv = kr_rank(v, (size_t)AROUND, 0.5);
    for (int i = 0; i < AROUND; i++) { // each apart, in order of size: the median of both is fair
        u[i] = fabsf(u[i] - mu);
        v[i] = fabsf(v[i] - mv);
    }
    return (struct drift){
        (double)mu, (double)mv,
        (double)(kr_rank(u, (size_t)AROUND, 0.5) + kr_rank(v, (size_t)AROUND, 0.5)),
        (double)returns};
}

static double sampled(const uint8_t *plane, ptrdiff_t stride, int width, int height, double x,
                      double y)
{
    x = fmin(fmax(x, 0), width - 1);
    y = fmin(fmax(y, 0), height - 1);
    int left = (int)x, top = (int)y, right = left + 1 < width, below = top + 1 < height;
    const uint8_t *a = plane + top * stride + left, *b = a + (below ? stride : 0);
    double above = a[0] + (x - left) * (a[right] - a[0]);
    return above + (y - top) * (b[0] + (x - left) * (b[right] - b[0]) - above);
}

// The flow under the spot was sought in its dirt: here it follows the surroundings instead.
static void bring_again(const struct kr_dirt_side *side, const struct drift *drift, struct box box,
                        struct kr_frame *near)
{
    for (int p = 0; p < 3; p++) {
        int step = p ? 2 : 1, n = (int)kr_frame_row_bytes(near, p);
        int rows = kr_frame_plane_height(near, p);
        for (int y = box.top / step; y < (box.bottom + step - 1) / step; y++)
            for (int x = box.left / step; x < (box.right + step - 1) / step; x++) {
                double v = sampled(side->frame->plane[p], side->frame->stride[p], n, rows,
                                   x + drift->u / step, y + drift->v / step);
                near->plane[p][y * near->stride[p] + x] = (uint8_t)lrint(v);
            }
    }
}

// Mean difference of the spot and its ring from the same shape elsewhere, given up beyond `most`.
static double apart_at(const struct kr_dirt *dirt, const struct kr_frame *frame,
                       const struct kr_frame *there, int dx, int dy, double limit)
{
    int step = 1 + dirt->spot_count / SAMPLES; // a large spot is known by some of its samples
    double sum = 0, n = (dirt->spot_count + step - 1) / step;
    for (int i = 0; i < dirt->spot_count && sum <= limit * n; i += step) {
        int x = dirt->spot[i] % dirt->width, y = dirt->spot[i] / dirt->width;
        int to_x = x + dx, to_y = y + dy;
        if (to_x < 0 || to_y < 0 || to_x >= dirt->width || to_y >= dirt->height)
            return INFINITY;
        sum += abs(luma(frame, x, y) - luma(there, to_x, to_y));
    }
    return sum / n;
}

// Around the place a moved thing stands out as the spot does here: else it is just a like surface.
static bool stands_out(const struct kr_dirt *dirt, const struct kr_frame *frame,
                       const struct kr_frame *there, int dx, int dy, double limit)
{
    int step = 1 + dirt->ring_count / SAMPLES;
    double apart = 0, n = 0;
    for (int i = 0; i < dirt->ring_count; i += step) {
        int x = dirt->ring[i] % dirt->width, y = dirt->ring[i] / dirt->width;
        int to_x = x + dx, to_y = y + dy;
        if (to_x < 0 || to_y < 0 || to_x >= dirt->width || to_y >= dirt->height)
            continue;
        apart += abs(luma(frame, x, y) - luma(there, to_x, to_y));
        n++;
    }
    return n > 0 && apart <= limit * n;
}

struct place {
    int dx, dy;
    bool found;
};

// Where the spot, with what is around it, is most like the other frame: within `reach` of `near`.
static struct place look_for(const struct kr_dirt *dirt, const struct kr_frame *frame,
                             const struct kr_frame *there, struct place near, int reach,
                             double limit)
{
    struct place best = {0};
    double around = limit;
    for (int dy = near.dy - reach; dy <= near.dy + reach; dy++)
        for (int dx = near.dx - reach; dx <= near.dx + reach; dx++) {
            double apart = apart_at(dirt, frame, there, dx, dy, limit);
            if (apart > limit || !stands_out(dirt, frame, there, dx, dy, around))
                continue;
            best = (struct place){dx, dy, true};
            limit = apart;
        }
    return best;
}

// A flake or a ball comes from one side and goes on to the other, at its pace.
static bool goes_through(const struct kr_dirt *dirt, const struct kr_frame *frame,
                         const struct kr_dirt_side side[2], double inside)
{
    int reach = dirt->width / 40 + 4;
    for (int first = 0; first < 2; first++) {
        struct place from =
            look_for(dirt, frame, side[first].frame, (struct place){0}, reach, again_most * inside);
        struct place on = {-from.dx, -from.dy, true};
        if (from.found &&
            look_for(dirt, frame, side[!first].frame, on, PACE, again_most * inside).found)
            return true;
    }
    return false;
}

// What the flow finds on both sides is a thing with a motion of its own.
static bool is_followed(const struct kr_dirt *dirt, const struct kr_frame *frame, double inside)
{
    if (dirt->near == dirt->brought[0])
        return false; // or it would not have stood out
    double apart[2] = {0};
    for (int i = 0; i < dirt->spot_count; i++) {
        int x = dirt->spot[i] % dirt->width, y = dirt->spot[i] / dirt->width;
        for (int k = 0; k < 2; k++)
            apart[k] += abs(luma(frame, x, y) - luma(dirt->brought[0][k], x, y));
    }
    return fmax(apart[0], apart[1]) < followed_most * inside * dirt->spot_count;
}

// Whether the spot is dirt. The neighbours under it are brought again on the way.
static bool believed(struct kr_dirt *dirt, const struct kr_dirt_side side[2],
                     const struct kr_frame *frame, struct box box)
{
    if (dirt->spot_count < LEAST_AREA)
        return false;
    double returns = 0;
    for (int i = 0; i < 2; i++) {
        struct box far = box_around(dirt, box, FAR * side[i].there->shrink);
        struct drift drift = drift_of(&side[i], far);
        returns = fmax(returns, drift.returns);
        if (drift.spread < coherent)
            bring_again(&side[i], &drift, box_around(dirt, box, RING), dirt->near[i]);
    }
    struct fit around = fit_of(dirt, frame, dirt->ring, dirt->ring_count);
    struct fit inside = fit_of(dirt, frame, dirt->spot, dirt->spot_count);
    if (around.own > (returns > return_most ? lost_most : around_most) * inside.own)
        return false;
    return inside.own > SURE && inside.between < between_most * inside.own &&
           !is_followed(dirt, frame, inside.own) && !goes_through(dirt, frame, side, inside.own);
}

static uint8_t filled(int a, int b, int is)
{
    if (abs(a - b) > apart_most)
        return (uint8_t)(abs(a - is) < abs(b - is) ? a : b);
    return (uint8_t)((a + b + 1) / 2);
}

static void fill_at(const struct kr_dirt *dirt, struct kr_frame *frame, int plane, int x, int y)
{
    uint8_t *is = frame->plane[plane] + y * frame->stride[plane] + x;
    int a = dirt->near[0]->plane[plane][y * dirt->near[0]->stride[plane] + x];
    int b = dirt->near[1]->plane[plane][y * dirt->near[1]->stride[plane] + x];
    *is = filled(a, b, *is);
}

static void mend(struct kr_dirt *dirt, struct kr_frame *frame)
{
    int w = dirt->width;
    set_states(dirt, dirt->ring, dirt->ring_count, FREE);
    surround(dirt, GROW);
    for (int part = 0; part < 2; part++) {
        const int *list = part ? dirt->ring : dirt->spot;
        int n = part ? dirt->ring_count : dirt->spot_count;
        for (int i = 0; i < n; i++) {
            int x = list[i] % w, y = list[i] / w;
            fill_at(dirt, frame, 0, x, y);
            if (x % 2 == 0 && y % 2 == 0) {
                fill_at(dirt, frame, 1, x / 2, y / 2);
                fill_at(dirt, frame, 2, x / 2, y / 2);
            }
        }
    }
}

// With the neighbours brought again the range is sure: the spot is gathered anew, to its edges.
static bool gather_again(struct kr_dirt *dirt, const struct kr_frame *frame, struct box *box)
{
    struct fit inside = fit_of(dirt, frame, dirt->spot, dirt->spot_count);
    int slack = (int)(faint * inside.own);
    struct box wide = box_around(dirt, *box, RING);
    set_states(dirt, dirt->ring, dirt->ring_count, FREE);
    set_states(dirt, dirt->spot, dirt->spot_count, FREE);
    for (int y = wide.top; y < wide.bottom; y++)
        for (int x = wide.left; x < wide.right; x++) {
            int a = luma(dirt->near[0], x, y), b = luma(dirt->near[1], x, y);
            int low = a < b ? a : b, high = a < b ? b : a, is = luma(frame, x, y);
            dirt->over[y * dirt->width + x] = (uint8_t)(is > high + slack  ? is - high
                                                        : is < low - slack ? low - is
                                                                           : 0);
        }
    return gather(dirt, dirt->spot[0], box);
}

static bool do_spot(struct kr_dirt *dirt, const struct kr_dirt_side side[2], int seed,
                    bool look_only, struct kr_frame *frame)
{
    struct box box;
    if (!gather(dirt, seed, &box)) {
        set_states(dirt, dirt->spot, dirt->spot_count, REFUSED);
        return false;
    }
    surround(dirt, RING);
    bool dirty = believed(dirt, side, frame, box);
    dirty = dirty && gather_again(dirt, frame, &box);
    if (dirty && !look_only)
        mend(dirt, frame);
    set_states(dirt, dirt->ring, dirt->ring_count, FREE);
    set_states(dirt, dirt->spot, dirt->spot_count, dirty ? MENDED : TAKEN);
    return dirty;
}

static int do_spots(struct kr_dirt *dirt, const struct kr_dirt_side side[2], bool look_only,
                    struct kr_frame *frame, struct kr_dirt_found *found)
{
    int n = dirt->width * dirt->height, area = 0;
    for (int y = 0; y < dirt->height; y++)
        range_across(dirt, y);
    for (int y = 0; y < dirt->height; y++)
        measure_over(dirt, frame, y);
    for (int at = 0; at < n; at++)
        if (dirt->over[at] > SURE && dirt->state[at] == FREE &&
            do_spot(dirt, side, at, look_only, frame)) {
            found->spots++;
            area += dirt->spot_count;
        }
    for (int at = 0; at < n; at++) // what is mended stays so; the rest may be looked at again
        dirt->state[at] = dirt->state[at] == MENDED ? MENDED : FREE;
    return area;
}

// The flow itself may run from a speck to another one near by, which hides both. So all is done
// twice: along the flow, then along that of the surroundings.
void kr_dirt_clean(struct kr_dirt *dirt, const struct kr_dirt_side side[2], bool look_only,
                   struct kr_frame *frame, struct kr_dirt_found *found)
{
    assert(frame->width == dirt->width && frame->height == dirt->height);
    *found = (struct kr_dirt_found){0};
    if (!side[0].frame || !side[1].frame)
        return;
    if (!dirt->calm)
        dirt->calm = kr_flow_calm_create(side[0].there);
    int n = dirt->width * dirt->height, area = 0;
    memset(dirt->state, FREE, (size_t)n);
    for (int pass = 0; pass < (look_only ? 1 : 2); pass++) {
        dirt->near = dirt->brought[pass];
        for (int i = 0; i < 2; i++) {
            if (pass)
                kr_flow_calm(side[i].there, dirt->calm);
            kr_flow_bring(pass ? dirt->calm : side[i].there, side[i].frame, dirt->near[i]);
        }
        area += do_spots(dirt, side, look_only, frame, found);
    }
    found->share = (double)area / n;
}
