// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/denoise_priv.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum {
    BLOCK = KR_DENOISE_BLOCK,
    LONGEST = 11, // frames that a block is averaged over, less one
    RING = 8,     // rows of the smoothed picture that are kept; a power of two
    REACH = 60,   // of a vector, in pixels of the halved luma
    EDGE = 16     // samples beside a row
};

static const float alike = 2.0f, other = 4.5f;               // sigmas of one sample
static const float still = 1.25f, elsewhere = 1.8f;          // of the noise's own mean, of a block
static const float fine_noise = 0.80f, coarse_noise = 0.30f; // of white noise, in both bands
static const float luma_limit = 1.1f, chroma_limit = 2.2f;   // sigmas of a band
static const float luma_grain = 0.25f;                       // of what is taken, stays

struct vector {
    int8_t x, y; // in pixels of the halved luma
};

struct layer { // one plane
    int width, height, stride, block;
    uint16_t *now, *past;         // averaged over time
    uint16_t *ring, *wide, *tall; // smoothed once, RING rows; rows in the making
    uint16_t *limit[2], *out[2];
    int smoothed;                           // rows of the ring that are made
    struct kr_denoise_mix mix[LONGEST + 2]; // by how many frames the past counts for
    float sigma;
};

// What a plane does with one block of the row at hand, or with several that do the same.
struct piece {
    const struct kr_denoise_mix *mix;
    ptrdiff_t past; // where the first sample was, from the same place
    int width;
};

struct kr_denoise {
    struct layer layer[3];
    int half_width, half_height, across, down; // of the halved luma; blocks
    uint8_t *half_now, *half_past;
    struct vector *vector, *vector_past;
    struct piece *piece[3];
    int pieces[3];
    uint8_t *length, *length_past; // how many frames a block stands for, less one
};

static bool make_layer(struct layer *layer, int width, int height, int block, struct kr_err *err)
{
    *layer = (struct layer){.width = width, .height = height, .block = block};
    layer->stride = (width + 2 * EDGE) / EDGE * EDGE;
    size_t row = (size_t)layer->stride * sizeof(uint16_t), all = row * (size_t)height;
    void *now = NULL, *past = NULL;
    bool fine =
        kr_big_alloc(all, KR_FRAME_MOST, &now, err) && kr_big_alloc(all, KR_FRAME_MOST, &past, err);
    layer->now = now;
    layer->past = past;
    layer->ring = kr_alloc(row * RING);
    uint16_t **rows[] = {&layer->wide,     &layer->tall,   &layer->limit[0],
                         &layer->limit[1], &layer->out[0], &layer->out[1]};
    for (size_t i = 0; i < KR_COUNT(rows); i++)
        *rows[i] = kr_alloc(row);
    return fine;
}

bool kr_denoise_create(int width, int height, struct kr_denoise **out, struct kr_err *err)
{
    KR_AUTO(kr_denoise_destroy) struct kr_denoise *denoise = kr_new(struct kr_denoise);
    for (int p = 0; p < 3; p++)
        if (!make_layer(&denoise->layer[p], p ? (width + 1) / 2 : width,
                        p ? (height + 1) / 2 : height, p ? BLOCK / 2 : BLOCK, err))
            return kr_within(err, "clean frames of %d x %d", width, height);
    denoise->half_width = width / 2;
    denoise->half_height = height / 2;
    denoise->across = (width + BLOCK - 1) / BLOCK;
    denoise->down = (height + BLOCK - 1) / BLOCK;
    size_t half = (size_t)(width / 2) * (size_t)(height / 2) + 1;
    size_t blocks = (size_t)denoise->across * (size_t)denoise->down;
    denoise->half_now = kr_alloc(half);
    denoise->half_past = kr_alloc(half);
    denoise->vector = kr_new_array(struct vector, blocks);
    denoise->vector_past = kr_new_array(struct vector, blocks);
    for (int p = 0; p < 3; p++)
        denoise->piece[p] = kr_new_array(struct piece, (size_t)denoise->across);
    denoise->length = kr_alloc(blocks);
    denoise->length_past = kr_alloc(blocks);
    *out = denoise;
    denoise = NULL;
    return true;
}

static void finish_layer(struct layer *layer)
{
    uint16_t **all[] = {&layer->now,      &layer->past,   &layer->ring,
                        &layer->wide,     &layer->tall,   &layer->limit[0],
                        &layer->limit[1], &layer->out[0], &layer->out[1]};
    for (size_t i = 0; i < KR_COUNT(all); i++)
        kr_free(all[i]);
}

void kr_denoise_destroy(struct kr_denoise **denoise)
{
    if (*denoise) {
        for (int p = 0; p < 3; p++)
            finish_layer(&(*denoise)->layer[p]);
        kr_free(&(*denoise)->half_now);
        kr_free(&(*denoise)->half_past);
        kr_free(&(*denoise)->vector);
        kr_free(&(*denoise)->vector_past);
        for (int p = 0; p < 3; p++)
            kr_free(&(*denoise)->piece[p]);
        kr_free(&(*denoise)->length);
        kr_free(&(*denoise)->length_past);
    }
    kr_free(denoise);
}

static void halve(const struct kr_denoise *denoise, const struct kr_frame *frame, uint8_t *out)
{
    for (int y = 0; y < denoise->half_height; y++) {
        const uint8_t *top = frame->plane[0] + 2 * y * frame->stride[0];
        kr_denoise_halve(top, top + frame->stride[0], denoise->half_width,
                         out + y * denoise->half_width);
    }
}

// Of the averaged luma: what the next frame is compared with.
static void halve_layer(const struct kr_denoise *denoise, uint8_t *out)
{
    const struct layer *luma = &denoise->layer[0];
    for (int y = 0; y < denoise->half_height; y++) {
        const uint16_t *top = luma->now + 2 * y * luma->stride;
        kr_denoise_halve_fine(top, top + luma->stride, denoise->half_width,
                              out + y * denoise->half_width);
    }
}

struct search { // for one block
    const struct kr_denoise *denoise;
    int x, y, width, height; // in the halved luma
    struct vector best;
    int cost;
    int silent;    // a cost that noise explains
    int step_cost; // of a pixel away from no movement: noise invents vectors
};

static void try_vector(struct search *s, int vx, int vy)
{
    const struct kr_denoise *d = s->denoise;
    int x = s->x + vx, y = s->y + vy, stride = d->half_width;
    if (x < 0 || y < 0 || x + s->width > d->half_width || y + s->height > d->half_height ||
        vx > REACH || vx < -REACH || vy > REACH || vy < -REACH)
        return;
    const uint8_t *now = d->half_now + s->y * stride + s->x, *past = d->half_past + y * stride + x;
    int cost = kr_denoise_differs(now, past, stride, s->width, s->height);
    cost += s->step_cost * ((vx < 0 ? -vx : vx) + (vy < 0 ? -vy : vy) > 0);
    if (cost < s->cost) {
        s->cost = cost;
        s->best = (struct vector){(int8_t)vx, (int8_t)vy};
    }
}

// Where neighbours and the past went, then around the best of them.
static void search_near(struct search *s, int bx, int by)
{
    const struct kr_denoise *denoise = s->denoise;
    const struct vector *here = denoise->vector + by * denoise->across + bx;
    const struct vector *near[] = {bx ? here - 1 : NULL, by ? here - denoise->across : NULL,
                                   by && bx + 1 < denoise->across ? here - denoise->across + 1
                                                                  : NULL,
                                   denoise->vector_past + by * denoise->across + bx};
    for (size_t i = 0; i < KR_COUNT(near); i++)
        if (near[i] && (near[i]->x != s->best.x || near[i]->y != s->best.y))
            try_vector(s, near[i]->x, near[i]->y);
    for (int step = 4; step && s->cost > s->silent; step /= 2) {
        struct vector from = s->best;
        for (int k = 0; k < 4; k++)
            try_vector(s,
                       from.x + (k == 0   ? -step
                                 : k == 1 ? step
                                          : 0),
                       from.y + (k == 2   ? -step
                                 : k == 3 ? step
                                          : 0));
    }
}

// Tells how much the block differs from where it was: mean codes of the halved luma.
static float search_block(const struct kr_denoise *denoise, int bx, int by, float sigma,
                          struct vector *out)
{
    int side = BLOCK / 2, x = bx * side, y = by * side;
    struct search s = {.denoise = denoise, .x = x, .y = y, .cost = 1 << 30};
    s.width = denoise->half_width - x < side ? denoise->half_width - x : side;
    s.height = denoise->half_height - y < side ? denoise->half_height - y : side;
    *out = s.best;
    if (s.width <= 0 || s.height <= 0)
        return INFINITY;
    s.silent = (int)(0.5f * sigma * (float)(s.width * s.height));
    s.step_cost = s.silent / 8;
    try_vector(&s, 0, 0);
    if (s.cost > s.silent)
        search_near(&s, bx, by);
    *out = s.best;
    return (float)s.cost / (float)(s.width * s.height);
}

static int clamp(int v, int least, int most)
{
    return v < least ? least : v > most ? most : v;
}

// How many frames the block's past may count for, given how far it is off. Means of
// four samples have half the noise.
static int trusted(const struct kr_denoise *denoise, int bx, int by, struct vector v, float off)
{
    int px = clamp(bx + (v.x + BLOCK / 4) / (BLOCK / 2), 0, denoise->across - 1);
    int py = clamp(by + (v.y + BLOCK / 4) / (BLOCK / 2), 0, denoise->down - 1);
    float length = (float)denoise->length_past[py * denoise->across + px] + 1;
    float noise = 0.4f * denoise->layer[0].sigma * sqrtf(1 + 1 / length) + 0.25f;
    float fits = fminf(fmaxf((elsewhere - off / noise) / (elsewhere - still), 0), 1);
    return (int)(length * fits + 0.5f);
}

static struct kr_denoise_mix mix_of(float sigma, float length)
{
    float spread = sigma * sqrtf(1 + 1 / fmaxf(length, 1)) * KR_DENOISE_FINE;
    float far = fminf(fmaxf(other * spread, 8), 16000), span = far * (1 - alike / other);
    struct kr_denoise_mix mix = {.far = (int16_t)far, .span = (int16_t)span};
    mix.most = (int16_t)(32767 * length / (length + 1));
    mix.fall = (int16_t)(32767 / mix.span);
    return mix;
}

static struct piece piece_of(const struct layer *layer, int bx, int by, int dx, int dy, int length)
{
    int x = bx * layer->block, y = by * layer->block;
    int width = layer->width - x < layer->block ? layer->width - x : layer->block;
    int height = layer->height - y < layer->block ? layer->height - y : layer->block;
    dx = clamp(dx, -x, layer->width - width - x); // odd sizes: chroma may reach over
    dy = clamp(dy, -y, layer->height - height - y);
    return (struct piece){&layer->mix[length], dy * layer->stride + dx, width};
}

static void add_piece(struct kr_denoise *denoise, int plane, struct piece piece)
{
    int n = denoise->pieces[plane];
    struct piece *last = denoise->piece[plane] + n - 1;
    if (n && last->mix == piece.mix && last->past == piece.past) {
        last->width += piece.width;
        return;
    }
    denoise->piece[plane][n] = piece;
    denoise->pieces[plane]++;
}

// Line by line across all blocks: memory likes to be read in order.
static void mix_lines(const struct kr_denoise *denoise, const struct kr_frame *frame, int plane,
                      int by)
{
    const struct layer *layer = &denoise->layer[plane];
    const struct piece *end = denoise->piece[plane] + denoise->pieces[plane];
    for (int y = by * layer->block; y < (by + 1) * layer->block && y < layer->height; y++) {
        const uint8_t *now = frame->plane[plane] + y * frame->stride[plane];
        ptrdiff_t at = (ptrdiff_t)y * layer->stride;
        for (const struct piece *p = denoise->piece[plane]; p < end; p++) {
            kr_denoise_mix_row(now, layer->past + at + p->past, p->width, p->mix, layer->now + at);
            now += p->width;
            at += p->width;
        }
    }
}

static void take(struct layer *layer, const struct kr_frame *frame, int plane)
{
    for (int y = 0; y < layer->height; y++)
        for (int x = 0; x < layer->width; x++)
            layer->now[y * layer->stride + x] =
                (uint16_t)(frame->plane[plane][y * frame->stride[plane] + x] * KR_DENOISE_FINE);
}

static void average(struct kr_denoise *denoise, const struct kr_frame *frame)
{
    for (int by = 0; by < denoise->down; by++) {
        memset(denoise->pieces, 0, sizeof denoise->pieces);
        for (int bx = 0; bx < denoise->across; bx++) {
            struct vector v;
            int at = by * denoise->across + bx;
            float off = search_block(denoise, bx, by, denoise->layer[0].sigma, &v);
            int length = trusted(denoise, bx, by, v, off);
            denoise->vector[at] = v;
            denoise->length[at] = (uint8_t)(length < LONGEST ? length : LONGEST);
            for (int p = 0; p < 3; p++)
                add_piece(denoise, p,
                          piece_of(&denoise->layer[p], bx, by, v.x * (p ? 1 : 2), v.y * (p ? 1 : 2),
                                   length));
        }
        for (int p = 0; p < 3; p++)
            mix_lines(denoise, frame, p, by);
    }
}

static void swap_past(struct kr_denoise *denoise)
{
    struct vector *vector = denoise->vector;
    uint8_t *length = denoise->length;
    denoise->vector = denoise->vector_past;
    denoise->vector_past = vector;
    denoise->length = denoise->length_past;
    denoise->length_past = length;
    for (int p = 0; p < 3; p++) {
        uint16_t *now = denoise->layer[p].now;
        denoise->layer[p].now = denoise->layer[p].past;
        denoise->layer[p].past = now;
    }
}

void kr_denoise_next(struct kr_denoise *denoise, const struct kr_frame *frame, const float sigma[3],
                     bool fresh)
{
    assert(frame->pixels == KR_YUV420 && frame->width == denoise->layer[0].width &&
           frame->height == denoise->layer[0].height);
    size_t blocks = (size_t)denoise->across * (size_t)denoise->down;
    swap_past(denoise);
    for (int p = 0; p < 3; p++) {
        denoise->layer[p].sigma = sigma[p];
        denoise->layer[p].smoothed = 0;
        for (int i = 0; i < LONGEST + 2; i++)
            denoise->layer[p].mix[i] = mix_of(sigma[p], (float)i);
    }
    if (fresh) {
        for (int p = 0; p < 3; p++)
            take(&denoise->layer[p], frame, p);
        memset(denoise->length, 0, blocks);
        memset(denoise->vector, 0, blocks * sizeof *denoise->vector);
    } else {
        halve(denoise, frame, denoise->half_now);
        average(denoise, frame);
    }
    halve_layer(denoise, denoise->half_past);
}

static const uint16_t *row_of(const struct layer *layer, int y)
{
    return layer->now + clamp(y, 0, layer->height - 1) * layer->stride;
}

// Binomial of three rows, then across, `step` samples apart; the outermost repeated.
static void smooth(struct layer *layer, const uint16_t *above, const uint16_t *at,
                   const uint16_t *below, int step, uint16_t *out)
{
    uint16_t *wide = layer->wide + EDGE / 2;
    int n = layer->width;
    kr_denoise_smooth(above, at, below, n, wide);
    for (int i = 0; i < step; i++) {
        wide[-1 - i] = wide[0];
        wide[n + i] = wide[n - 1];
    }
    kr_denoise_smooth(wide - step, wide, wide + step, n, out);
}

static uint16_t *ring_row(const struct layer *layer, int y)
{
    return layer->ring + (clamp(y, 0, layer->height - 1) & (RING - 1)) * layer->stride;
}

static void smooth_until(struct layer *layer, int end)
{
    for (; layer->smoothed < end && layer->smoothed < layer->height; layer->smoothed++) {
        int y = layer->smoothed;
        smooth(layer, row_of(layer, y - 1), row_of(layer, y), row_of(layer, y + 1), 1,
               ring_row(layer, y));
    }
}

// What is noise in both bands, for a row of blocks: the less, the longer its blocks were averaged.
static void set_limits(const struct kr_denoise *denoise, struct layer *layer, int y, float sigmas)
{
    const uint8_t *length = denoise->length + y / layer->block * denoise->across;
    for (int b = 0; b < denoise->across; b++) {
        float left = sigmas * layer->sigma * KR_DENOISE_FINE / sqrtf((float)length[b] + 1);
        uint16_t fine = (uint16_t)fminf(fine_noise * left, 16000);
        uint16_t coarse = (uint16_t)fminf(coarse_noise * left, 16000);
        for (int x = b * layer->block; x < (b + 1) * layer->block && x < layer->width; x++) {
            layer->limit[0][x] = fine;
            layer->limit[1][x] = coarse;
        }
    }
}

const uint16_t *kr_denoise_row(struct kr_denoise *denoise, int plane, int y)
{
    struct layer *layer = &denoise->layer[plane];
    uint16_t *out = layer->out[y & 1];
    smooth_until(layer, y + 3);
    if (y % layer->block == 0)
        set_limits(denoise, layer, y, plane ? chroma_limit : luma_limit);
    smooth(layer, ring_row(layer, y - 2), ring_row(layer, y), ring_row(layer, y + 2), 2,
           layer->tall);
    kr_denoise_shrink(&(struct kr_denoise_bands){.in = row_of(layer, y),
                                                 .fine = ring_row(layer, y),
                                                 .coarse = layer->tall,
                                                 .limit = {layer->limit[0], layer->limit[1]},
                                                 .keep = plane ? 0 : (int)(32767 * luma_grain)},
                      layer->width, out);
    out[layer->width] = out[layer->width - 1];
    return out;
}
