// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/flow_priv.h"

#include <assert.h>
#include <math.h>

enum { PATCH = KR_FLOW_PATCH, SAMPLES = KR_FLOW_SAMPLES, STEP = PATCH / 2 };
enum { MOST = 960, LEVELS = 7, COARSEST = 12 }; // samples a side of level 0 and of the last one
enum { HALVED_MOST = 2 };                       // by what kr_flow_create may ask
enum { RIM = 24, OUTSIDE = 12 };                // kept around a level; a patch may go out so far
enum { ROUNDS_FINE = 6, ROUNDS_COARSE = 12 };   // of the inverse search
static const float flat = 2.0F * SAMPLES;       // added to the slopes: what is flat stays put
static const float settled = 0.02F;             // samples

struct level {
    int width, height;
    ptrdiff_t stride;
    uint8_t *memory, *at; // `at` is sample (0, 0), with RIM samples of the edge around it
};

struct kr_flow_view {
    int shrink, count;
    struct level level[LEVELS];
};

static int at_least(int v, int least)
{
    return v < least ? least : v;
}

static int clamp(int v, int least, int most)
{
    return v < least ? least : v > most ? most : v;
}

static int shrink_of(int width, int height)
{
    int shrink = 2;
    while ((width + shrink - 1) / shrink > MOST || (height + shrink - 1) / shrink > MOST)
        shrink *= 2;
    return shrink;
}

static struct level level_of(int width, int height)
{
    // A patch is read whole, also where a level is smaller than one.
    struct level level = {.width = width, .height = height};
    level.stride = at_least(width, PATCH) + 2 * RIM;
    int rows = at_least(height, PATCH) + 2 * RIM;
    level.memory = kr_new_array(uint8_t, (size_t)level.stride * (size_t)rows);
    level.at = level.memory + RIM * level.stride + RIM;
    return level;
}

struct kr_flow_view *kr_flow_view_create(int width, int height)
{
    struct kr_flow_view *view = kr_new(struct kr_flow_view);
    view->shrink = shrink_of(width, height);
    int w = (width + view->shrink - 1) / view->shrink;
    int h = (height + view->shrink - 1) / view->shrink;
    do {
        view->level[view->count++] = level_of(w, h);
        w = (w + 1) / 2;
        h = (h + 1) / 2;
    } while (view->count <= HALVED_MOST ||
             (view->count < LEVELS && w >= COARSEST && h >= COARSEST));
    return view;
}

void kr_flow_view_destroy(struct kr_flow_view **view)
{
    if (*view)
        for (int i = 0; i < (*view)->count; i++)
            kr_free(&(*view)->level[i].memory);
    kr_free(view);
}

static void spread_edges(const struct level *level)
{
    int right = at_least(level->width, PATCH) + RIM, end = at_least(level->height, PATCH) + RIM;
    for (int y = 0; y < level->height; y++) {
        uint8_t *row = level->at + y * level->stride;
        memset(row - RIM, row[0], RIM);
        memset(row + level->width, row[level->width - 1], (size_t)(right - level->width));
    }
    const uint8_t *first = level->at - RIM;
    const uint8_t *last = first + (level->height - 1) * level->stride;
    for (int y = 1; y <= RIM; y++)
        memcpy(level->at - RIM - y * level->stride, first, (size_t)level->stride);
    for (int y = level->height; y < end; y++)
        memcpy(level->at - RIM + y * level->stride, last, (size_t)level->stride);
}

static void shrink_luma(const struct kr_frame *frame, int shrink, const struct level *out)
{
    int area = shrink * shrink;
    for (int y = 0; y < out->height; y++)
        for (int x = 0; x < out->width; x++) {
            int sum = area / 2;
            for (int j = 0; j < shrink; j++) {
                int line = clamp(y * shrink + j, 0, frame->height - 1);
                const uint8_t *row = frame->plane[0] + line * frame->stride[0];
                for (int i = 0; i < shrink; i++)
                    sum += row[clamp(x * shrink + i, 0, frame->width - 1)];
            }
            out->at[y * out->stride + x] = (uint8_t)(sum / area);
        }
}

// The weights 1 3 3 1 both ways; it reads the rim of the level above.
static void halve(const struct level *in, const struct level *out)
{
    static const int weight[4] = {1, 3, 3, 1};
    for (int y = 0; y < out->height; y++)
        for (int x = 0; x < out->width; x++) {
            const uint8_t *from = in->at + (2 * y - 1) * in->stride + 2 * x - 1;
            int sum = 32;
            for (int j = 0; j < 4; j++, from += in->stride)
                sum += weight[j] * (from[0] + 3 * from[1] + 3 * from[2] + from[3]);
            out->at[y * out->stride + x] = (uint8_t)(sum / 64);
        }
}

void kr_flow_view_take(struct kr_flow_view *view, const struct kr_frame *frame)
{
    assert(frame->pixels == KR_YUV420 && shrink_of(frame->width, frame->height) == view->shrink);
    shrink_luma(frame, view->shrink, &view->level[0]);
    spread_edges(&view->level[0]);
    for (int i = 1; i < view->count; i++) {
        halve(&view->level[i - 1], &view->level[i]);
        spread_edges(&view->level[i]);
    }
}

struct kr_flow *kr_flow_create(int width, int height, int halved)
{
    struct kr_flow *flow = kr_new(struct kr_flow);
    flow->shrink = shrink_of(width, height);
    flow->width = (width + flow->shrink - 1) / flow->shrink;
    flow->height = (height + flow->shrink - 1) / flow->shrink;
    assert(halved >= 0 && halved <= HALVED_MOST);
    for (; halved > 0; halved--) {
        flow->shrink *= 2;
        flow->width = (flow->width + 1) / 2;
        flow->height = (flow->height + 1) / 2;
    }
    size_t n = (size_t)flow->width * (size_t)flow->height;
    flow->u = kr_new_array(float, n);
    flow->v = kr_new_array(float, n);
    return flow;
}

void kr_flow_destroy(struct kr_flow **flow)
{
    if (*flow) {
        kr_free(&(*flow)->u);
        kr_free(&(*flow)->v);
    }
    kr_free(flow);
}

void kr_flow_compare(const struct kr_flow_patch *patch, const uint8_t *at, ptrdiff_t stride,
                     float right, float down, struct kr_flow_match *out)
{
    float lane[4][PATCH] = {{0}};
    for (int y = 0; y < PATCH; y++, at += stride)
        for (int x = 0; x < PATCH; x++) {
            int i = y * PATCH + x;
            const uint8_t *next = at + stride;
            float above = at[x] + right * (float)(at[x + 1] - at[x]);
            float below = next[x] + right * (float)(next[x + 1] - next[x]);
            float apart = above + down * (below - above) - patch->is[i];
            out->apart[i] = apart;
            lane[0][x] += apart;
            lane[1][x] += apart * apart;
            lane[2][x] += apart * patch->slope_x[i];
            lane[3][x] += apart * patch->slope_y[i];
        }
    float sum[4];
    for (int k = 0; k < 4; k++) {
        const float *l = lane[k];
        sum[k] = ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]));
    }
    out->sum = sum[0];
    out->square = sum[1];
    out->along_x = sum[2];
    out->along_y = sum[3];
}

struct normal { // of the least squares, means taken out; already inverted
    float xx, xy, yy, sum_x, sum_y;
};

static struct normal patch_at(const struct level *from, int left, int top,
                              struct kr_flow_patch *patch)
{
    float xx = flat, yy = flat, xy = 0, sum_x = 0, sum_y = 0;
    for (int y = 0; y < PATCH; y++)
        for (int x = 0; x < PATCH; x++) {
            const uint8_t *at = from->at + (top + y) * from->stride + left + x;
            float slope_x = 0.5F * (float)(at[1] - at[-1]);
            float slope_y = 0.5F * (float)(at[from->stride] - at[-from->stride]);
            int i = y * PATCH + x;
            patch->is[i] = at[0];
            patch->slope_x[i] = slope_x;
            patch->slope_y[i] = slope_y;
            xx += slope_x * slope_x;
            xy += slope_x * slope_y;
            yy += slope_y * slope_y;
            sum_x += slope_x;
            sum_y += slope_y;
        }
    xx -= sum_x * sum_x / SAMPLES;
    xy -= sum_x * sum_y / SAMPLES;
    yy -= sum_y * sum_y / SAMPLES;
    float d = xx * yy - xy * xy;
    return (struct normal){yy / d, -xy / d, xx / d, sum_x, sum_y};
}

struct motion {
    float u, v;
};

struct job { // one level of one flow
    const struct level *from, *to;
    void (*compare)(const struct kr_flow_patch *, const uint8_t *, ptrdiff_t, float, float,
                    struct kr_flow_match *);
    int rounds, columns, rows;       // of patches
    struct motion *patches, *before; // columns * rows; level's samples, from the coarser level
    float *sum_u, *sum_v, *weight;   // of the level's size, padded to a patch
    int width, height;               // of these
};

// The cost without the mean. What leaves the other frame too far costs endlessly.
static float cost_at(const struct job *job, const struct kr_flow_patch *patch, int left, int top,
                     struct motion m, struct kr_flow_match *match)
{
    float x = (float)left + m.u, y = (float)top + m.v;
    if (!(x >= -OUTSIDE && y >= -OUTSIDE && x < (float)(job->width - PATCH + OUTSIDE) &&
          y < (float)(job->height - PATCH + OUTSIDE)))
        return INFINITY;
    int whole_x = (int)floorf(x), whole_y = (int)floorf(y);
    job->compare(patch, job->to->at + whole_y * job->to->stride + whole_x, job->to->stride,
                 x - (float)whole_x, y - (float)whole_y, match);
    return match->square - match->sum * match->sum / SAMPLES;
}

// Gauss and Newton with the slopes of the frame asked about; keeps the best place seen.
static struct motion follow(const struct job *job, const struct kr_flow_patch *patch,
                            const struct normal *n, int left, int top, struct motion begin,
                            struct kr_flow_match *match)
{
    struct motion best = begin, now = begin;
    float least = cost_at(job, patch, left, top, now, match);
    for (int round = 0; round < job->rounds && least < INFINITY; round++) {
        float bx = match->along_x - n->sum_x * match->sum / SAMPLES;
        float by = match->along_y - n->sum_y * match->sum / SAMPLES;
        float du = n->xx * bx + n->xy * by, dv = n->xy * bx + n->yy * by;
        now = (struct motion){now.u - du, now.v - dv};
        if (hypotf(now.u - begin.u, now.v - begin.v) > PATCH)
            break;
        float cost = cost_at(job, patch, left, top, now, match);
        if (!(cost < least))
            break;
        best = now;
        least = cost;
        if (fabsf(du) + fabsf(dv) < settled)
            break;
    }
    cost_at(job, patch, left, top, best, match);
    return best;
}

static void spread(const struct job *job, int left, int top, struct motion m,
                   const struct kr_flow_match *match)
{
    float mean = match->sum / SAMPLES;
    for (int y = 0; y < PATCH; y++) {
        ptrdiff_t at = (ptrdiff_t)(top + y) * job->width + left;
        for (int x = 0; x < PATCH; x++) {
            float weight = 1 / fmaxf(1, fabsf(match->apart[y * PATCH + x] - mean));
            job->weight[at + x] += weight;
            job->sum_u[at + x] += weight * m.u;
            job->sum_v[at + x] += weight * m.v;
        }
    }
}

// Begins where the coarser level says, or where a neighbour went if that fits better.
static void do_patch(const struct job *job, int column, int row, int back)
{
    int left = clamp(column * STEP, 0, job->width - PATCH);
    int top = clamp(row * STEP, 0, job->height - PATCH);
    struct kr_flow_patch patch;
    struct kr_flow_match match = {.sum = 0};
    struct normal n = patch_at(job->from, left, top, &patch);
    struct motion *to = job->patches + (ptrdiff_t)row * job->columns + column;
    struct motion begin = job->before[to - job->patches];
    float least = cost_at(job, &patch, left, top, begin, &match);
    bool has_side = back ? column + 1 < job->columns : column > 0;
    bool has_upper = back ? row + 1 < job->rows : row > 0;
    const struct motion *others[2] = {has_side ? to - 1 + 2 * back : NULL,
                                      has_upper ? to + (2 * back - 1) * job->columns : NULL};
    for (int k = 0; k < 2; k++) {
        float cost = others[k] ? cost_at(job, &patch, left, top, *others[k], &match) : INFINITY;
        if (cost < least) {
            least = cost;
            begin = *others[k];
        }
    }
    if (!(least < INFINITY))
        begin = (struct motion){0, 0};
    *to = follow(job, &patch, &n, left, top, begin, &match);
    spread(job, left, top, *to, &match);
}

static void set_before(struct job *job, const struct job *coarser)
{
    for (int row = 0; row < job->rows; row++)
        for (int column = 0; column < job->columns; column++) {
            struct motion *m = &job->before[(ptrdiff_t)row * job->columns + column];
            *m = (struct motion){0, 0};
            if (!coarser)
                continue;
            int x = clamp((column * STEP + PATCH / 2) / 2, 0, coarser->from->width - 1);
            int y = clamp((row * STEP + PATCH / 2) / 2, 0, coarser->from->height - 1);
            ptrdiff_t at = (ptrdiff_t)y * coarser->width + x;
            *m = (struct motion){2 * coarser->sum_u[at], 2 * coarser->sum_v[at]};
        }
}

static struct job job_of(const struct kr_flow_view *from, const struct kr_flow_view *to, int level,
                         bool vectors)
{
    struct job job = {.from = &from->level[level], .to = &to->level[level]};
    job.compare = vectors ? kr_flow_compare_avx2 : kr_flow_compare;
    job.rounds = level ? ROUNDS_COARSE : ROUNDS_FINE;
    job.width = at_least(job.from->width, PATCH);
    job.height = at_least(job.from->height, PATCH);
    job.columns = (job.width - PATCH + STEP - 1) / STEP + 1;
    job.rows = (job.height - PATCH + STEP - 1) / STEP + 1;
    size_t patches = (size_t)job.columns * (size_t)job.rows;
    job.patches = kr_new_array(struct motion, patches);
    job.before = kr_new_array(struct motion, patches);
    size_t samples = (size_t)job.width * (size_t)job.height;
    job.sum_u = kr_new_array(float, samples);
    job.sum_v = kr_new_array(float, samples);
    job.weight = kr_new_array(float, samples);
    return job;
}

static void free_job(struct job *job)
{
    kr_free(&job->patches);
    kr_free(&job->before);
    kr_free(&job->sum_u);
    kr_free(&job->sum_v);
    kr_free(&job->weight);
}

// Rows and columns are gone through forth on one level and back on the next, so that a good
// motion spreads both ways.
static void run(const struct job *job, int back)
{
    for (int i = 0; i < job->rows; i++)
        for (int j = 0; j < job->columns; j++)
            do_patch(job, back ? job->columns - 1 - j : j, back ? job->rows - 1 - i : i, back);
    ptrdiff_t n = (ptrdiff_t)job->width * job->height;
    for (ptrdiff_t i = 0; i < n; i++) {
        job->sum_u[i] /= job->weight[i];
        job->sum_v[i] /= job->weight[i];
    }
}

void kr_flow_between_by(const struct kr_flow_view *from, const struct kr_flow_view *to,
                        struct kr_flow *out, bool vectors)
{
    int finest = 0;
    while (finest + 1 < from->count && from->shrink << finest < out->shrink)
        finest++;
    const struct level *a = &from->level[finest], *b = &to->level[finest];
    assert(out->width == a->width && out->height == a->height);
    assert(out->width == b->width && out->height == b->height);
    struct job job = {0}, coarser = {0};
    for (int level = from->count - 1; level >= finest; level--) {
        job = job_of(from, to, level, vectors);
        set_before(&job, coarser.from ? &coarser : NULL);
        run(&job, level & 1);
        free_job(&coarser);
        coarser = job;
    }
    for (int y = 0; y < out->height; y++) {
        ptrdiff_t from_row = (ptrdiff_t)y * job.width, to_row = (ptrdiff_t)y * out->width;
        memcpy(out->u + to_row, job.sum_u + from_row, (size_t)out->width * sizeof *out->u);
        memcpy(out->v + to_row, job.sum_v + from_row, (size_t)out->width * sizeof *out->v);
    }
    free_job(&job);
}

void kr_flow_between(const struct kr_flow_view *from, const struct kr_flow_view *to,
                     struct kr_flow *out)
{
    kr_flow_between_by(from, to, out, kr_flow_has_avx2());
}

struct between { // two neighbours, and how much of the second
    int a, b;
    float part;
};

// Spelled out: fminf is a call, and this runs for every sample.
static inline float between_ends(float v, float most)
{
    return v < 0 ? 0 : v > most ? most : v;
}

static inline struct between between_of(float at, int n)
{
    float held = between_ends(at, (float)(n - 1));
    int a = (int)held;
    return (struct between){a, a + 1 < n ? a + 1 : a, held - (float)a};
}

static float mixed(const float *plane, int width, struct between x, struct between y)
{
    const float *a = plane + (ptrdiff_t)y.a * width, *b = plane + (ptrdiff_t)y.b * width;
    float above = a[x.a] + x.part * (a[x.b] - a[x.a]), below = b[x.a] + x.part * (b[x.b] - b[x.a]);
    return above + y.part * (below - above);
}

void kr_flow_join(const struct kr_flow *first, const struct kr_flow *second, struct kr_flow *out)
{
    assert(first->width == second->width && first->height == out->height);
    for (int y = 0; y < first->height; y++)
        for (int x = 0; x < first->width; x++) {
            ptrdiff_t at = (ptrdiff_t)y * first->width + x;
            struct between bx = between_of((float)x + first->u[at], first->width);
            struct between by = between_of((float)y + first->v[at], first->height);
            out->u[at] = first->u[at] + mixed(second->u, first->width, bx, by);
            out->v[at] = first->v[at] + mixed(second->v, first->width, bx, by);
        }
}

// The row of flow at height y, between two rows of it.
static void mix_rows(const struct kr_flow *flow, float y, float *u, float *v)
{
    struct between by = between_of((y + 0.5F) / (float)flow->shrink - 0.5F, flow->height);
    ptrdiff_t a = (ptrdiff_t)by.a * flow->width, b = (ptrdiff_t)by.b * flow->width;
    for (int i = 0; i < flow->width; i++) {
        u[i] = flow->u[a + i] + by.part * (flow->u[b + i] - flow->u[a + i]);
        v[i] = flow->v[a + i] + by.part * (flow->v[b + i] - flow->v[a + i]);
    }
}

static void stretch(const struct kr_flow_line *line, int n, float *out, bool vectors)
{
    int i = 0;
    for (; vectors && i + 8 <= n; i += 8)
        kr_flow_stretch_avx2(line, i, out + i);
    for (; i < n; i++) {
        struct between at = between_of(line->first + (float)i * line->pitch, line->width);
        const float *row = line->row;
        out[i] = line->scale * (row[at.a] + at.part * (row[at.b] - row[at.a]));
    }
}

static void flow_row(const struct kr_flow *flow, float y, int step, int n, float *u, float *v,
                     bool vectors)
{
    float *row = kr_new_array(float, 2 * (size_t)flow->width), *row_v = row + flow->width;
    float shrink = (float)flow->shrink;
    struct kr_flow_line line = {
        .row = row,
        .width = flow->width,
        .first = (float)step / (2 * shrink) - 0.5F,
        .pitch = (float)step / shrink,
        .scale = shrink,
    };
    mix_rows(flow, y, row, row_v);
    stretch(&line, n, u, vectors);
    line.row = row_v;
    stretch(&line, n, v, vectors);
    kr_free(&row);
}

void kr_flow_row(const struct kr_flow *flow, float y, int step, int n, float *u, float *v)
{
    flow_row(flow, y, step, n, u, v, kr_flow_has_avx2());
}

static inline uint8_t sample(const struct kr_flow_plane *from, float x, float y)
{
    enum { ONE = KR_FLOW_ONE };
    unsigned fixed_x = (unsigned)(between_ends(x, (float)(from->width - 1)) * ONE + 0.5F);
    unsigned fixed_y = (unsigned)(between_ends(y, (float)(from->height - 1)) * ONE + 0.5F);
    int left = (int)(fixed_x / ONE), top = (int)(fixed_y / ONE);
    int part = (int)(fixed_x % ONE), down = (int)(fixed_y % ONE);
    const uint8_t *a = from->at + top * from->stride + left, *b = down ? a + from->stride : a;
    int next = part ? 1 : 0;
    int above = a[0] * ONE + part * (a[next] - a[0]), below = b[0] * ONE + part * (b[next] - b[0]);
    return (uint8_t)((unsigned)(above * ONE + down * (below - above) + ONE * ONE / 2) /
                     (ONE * ONE));
}

// u and v become places of the plane on the way.
static void bring_row(const struct kr_flow_plane *from, int y, int step, float *u, float *v,
                      uint8_t *out, bool vectors)
{
    int n = from->width;
    for (int x = 0; x < n; x++) {
        u[x] = (float)x + u[x] / (float)step;
        v[x] = (float)y + v[x] / (float)step;
    }
    int x = 0;
    for (; vectors && x + 8 <= n; x += 8)
        if (!kr_flow_sample_avx2(from, u + x, v + x, out + x))
            for (int i = x; i < x + 8; i++)
                out[i] = sample(from, u[i], v[i]);
    for (; x < n; x++)
        out[x] = sample(from, u[x], v[x]);
}

void kr_flow_bring_by(const struct kr_flow *flow, const struct kr_frame *there,
                      struct kr_frame *out, bool vectors)
{
    assert(there->pixels == KR_YUV420 && out->pixels == KR_YUV420 && there != out);
    assert(there->width == out->width && there->height == out->height);
    float *u = kr_new_array(float, (size_t)out->width),
          *v = kr_new_array(float, (size_t)out->width);
    for (int p = 0; p < 3; p++) {
        int step = p ? 2 : 1;
        struct kr_flow_plane from = {there->plane[p], there->stride[p],
                                     (int)kr_frame_row_bytes(there, p),
                                     kr_frame_plane_height(there, p)};
        for (int y = 0; y < from.height; y++) {
            float middle = (float)(y * step) + (float)(step - 1) / 2;
            flow_row(flow, middle, step, from.width, u, v, vectors);
            bring_row(&from, y, step, u, v, out->plane[p] + y * out->stride[p], vectors);
        }
    }
    kr_free(&u);
    kr_free(&v);
}

void kr_flow_bring(const struct kr_flow *flow, const struct kr_frame *there, struct kr_frame *out)
{
    kr_flow_bring_by(flow, there, out, kr_flow_has_avx2());
}
