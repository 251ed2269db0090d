// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/tape_priv.h"

#include <assert.h>
#include <math.h>

enum { RADIUS = 6 };                   // samples of chroma, of the guided filter
static const float flat = 2e-3F;       // of luma in 0..1: an edge of colour needs more
static const double noise_least = 2;   // levels: below it nothing is averaged away
enum { FALLS = 1024, FALLS_PER = 64 }; // the weight by how far two places are apart, tabled

static void forget_planes(struct kr_tape *tape)
{
    for (int i = 0; i < KR_TAPE_SIDES; i++) {
        kr_frame_destroy(&tape->near[i]);
        kr_free(&tape->weight[i]);
    }
    for (size_t i = 0; i < KR_COUNT(tape->work); i++)
        kr_free(&tape->work[i]);
    kr_free(&tape->guide);
    kr_free(&tape->colour);
    kr_free(&tape->apart);
}

static bool make_planes(struct kr_tape *tape, struct kr_err *err)
{
    size_t bytes = sizeof(float) * ((size_t)tape->width + 1) / 2 * (((size_t)tape->height + 1) / 2);
    bytes += sizeof(float) * (size_t)(tape->width + tape->height); // what is rounded up
    for (int i = 0; i < KR_TAPE_SIDES; i++)
        if (!kr_frame_create(KR_YUV420, tape->width, tape->height, &tape->near[i], err) ||
            !kr_big_alloc(bytes, KR_FRAME_MOST, (void **)&tape->weight[i], err))
            return false;
    for (size_t i = 0; i < KR_COUNT(tape->work); i++)
        if (!kr_big_alloc(bytes, KR_FRAME_MOST, (void **)&tape->work[i], err))
            return false;
    return kr_big_alloc(bytes, KR_FRAME_MOST, (void **)&tape->guide, err) &&
           kr_big_alloc(bytes, KR_FRAME_MOST, (void **)&tape->colour, err) &&
           kr_big_alloc(sizeof(float) * (size_t)tape->height, KR_FRAME_MOST, (void **)&tape->apart,
                        err);
}

bool kr_tape_create(int width, int height, struct kr_tape **out, struct kr_err *err)
{
    struct kr_tape *tape = kr_new(struct kr_tape);
    tape->width = width;
    tape->height = height;
    if (!make_planes(tape, err)) {
        kr_tape_destroy(&tape);
        return kr_within(err, "clean a tape");
    }
    *out = tape;
    return true;
}

void kr_tape_destroy(struct kr_tape **tape)
{
    if (*tape)
        forget_planes(*tape);
    kr_free(tape);
}

static void shift_back(struct kr_frame *frame, int plane, double delay, uint8_t *line)
{
    int n = (int)kr_frame_row_bytes(frame, plane);
    double by = delay / 2; // samples
    int whole = (int)floor(by), part = (int)lrint((by - whole) * 128);
    for (int y = 0; y < kr_frame_plane_height(frame, plane); y++) {
        uint8_t *row = frame->plane[plane] + y * frame->stride[plane];
        memcpy(line, row, (size_t)n);
        for (int x = 0; x < n; x++) {
            int a = x + whole < 0 ? 0 : x + whole >= n ? n - 1 : x + whole;
            int b = x + whole + 1 < 0 ? 0 : x + whole + 1 >= n ? n - 1 : x + whole + 1;
            row[x] = (uint8_t)((line[a] * (128 - part) + line[b] * part + 64) / 128);
        }
    }
}

static void cover(struct kr_frame *frame, int plane, int lines)
{
    int height = kr_frame_plane_height(frame, plane), first = height - lines;
    for (int k = 0; k < lines && first - 1 - k >= 0; k++)
        memcpy(frame->plane[plane] + (first + k) * frame->stride[plane],
               frame->plane[plane] + (first - 1 - k) * frame->stride[plane],
               kr_frame_row_bytes(frame, plane));
}

void kr_tape_straighten(const struct kr_tape_found *found, struct kr_frame *frame)
{
    uint8_t *line = kr_new_array(uint8_t, (size_t)frame->width);
    for (int p = 0; p < 3; p++) {
        if (p && found->delay[p - 1] != 0)
            shift_back(frame, p, found->delay[p - 1], line);
        cover(frame, p, p ? (found->head_lines + 1) / 2 : found->head_lines);
    }
    kr_free(&line);
}

static int inside(int v, int n)
{
    return v < n ? v : n - 1;
}

// Mean squares of what luma differs by, for each sample of chroma: over its 2 x 2 samples.
static void squares(const struct kr_frame *a, const struct kr_frame *b, float *out)
{
    int n = (int)kr_frame_row_bytes(a, 1), rows = kr_frame_plane_height(a, 1);
    int *sum = kr_new_array(int, 2 * (size_t)n);
    for (int y = 0; y < rows; y++) {
        for (int j = 2 * y; j < 2 * y + 2; j++) {
            const uint8_t *one = a->plane[0] + inside(j, a->height) * a->stride[0];
            const uint8_t *other = b->plane[0] + inside(j, b->height) * b->stride[0];
            for (int x = 0; x < a->width; x++) {
                int d = one[x] - other[x];
                sum[x] = (j & 1 ? sum[x] : 0) + d * d;
            }
        }
        if (a->width & 1)
            sum[a->width] = sum[a->width - 1];
        for (int x = 0; x < n; x++)
            out[(ptrdiff_t)y * n + x] = (float)(sum[2 * x] + sum[2 * x + 1]) / 4;
    }
    kr_free(&sum);
}

// Over 3 x 3: with the 2 x 2, about what 7 x 7 samples of luma say.
static void spread_squares(const float *in, int width, int height, float *out)
{
    for (int y = 0; y < height; y++) {
        const float *row = in + (ptrdiff_t)y * width;
        const float *above = y > 0 ? row - width : row, *below = y + 1 < height ? row + width : row;
        for (int x = 0; x < width; x++) {
            int l = x > 0 ? x - 1 : 0, r = inside(x + 1, width);
            out[(ptrdiff_t)y * width + x] = (above[l] + above[x] + above[r] + row[l] + row[x] +
                                             row[r] + below[l] + below[x] + below[r]) /
                                            9;
        }
    }
}

// Two places of pure noise are 2 sigma^2 apart; from there on the weight falls.
static void weigh(const struct kr_tape *tape, const struct kr_tape_found *found,
                  const struct kr_frame *frame, int side)
{
    float table[FALLS];
    for (int i = 0; i < FALLS; i++)
        table[i] = expf(-fmaxf((float)i / FALLS_PER - 1, 0));
    int n = (int)kr_frame_row_bytes(frame, 1), rows = kr_frame_plane_height(frame, 1);
    double sigma = fmax(found->luma_noise, noise_least);
    float scale = (float)(FALLS_PER / (2 * sigma * sigma)), *weight = tape->weight[side];
    squares(frame, tape->near[side], tape->work[0]);
    spread_squares(tape->work[0], n, rows, weight);
    for (ptrdiff_t i = 0; i < (ptrdiff_t)n * rows; i++) {
        int at = (int)(weight[i] * scale);
        weight[i] = at < FALLS ? table[at] : 0;
    }
}

// The weighted mean of a row over all frames that are there.
static void average_row(const struct kr_tape *tape, const struct kr_frame *frame, const bool *there,
                        int plane, int y, float *sum, float *all)
{
    int n = (int)kr_frame_row_bytes(frame, plane), shift = plane ? 0 : 1;
    int columns = (int)kr_frame_row_bytes(frame, 1);
    const uint8_t *own = frame->plane[plane] + y * frame->stride[plane];
    for (int x = 0; x < n; x++) {
        sum[x] = own[x];
        all[x] = 1;
    }
    for (int i = 0; i < KR_TAPE_SIDES; i++) {
        if (!there[i])
            continue;
        const uint8_t *row = tape->near[i]->plane[plane] + y * tape->near[i]->stride[plane];
        const float *weight = tape->weight[i] + (ptrdiff_t)(y >> shift) * columns;
        for (int x = 0; x < n; x++) {
            float w = weight[x >> shift];
            sum[x] += w * row[x];
            all[x] += w;
        }
    }
    for (int x = 0; x < n; x++)
        sum[x] /= all[x];
}

static void put(const float *from, const uint8_t *was, float strength, int n, uint8_t *to)
{
    for (int x = 0; x < n; x++) {
        float v = (float)was[x] + strength * (from[x] - (float)was[x]) + 0.5F;
        to[x] = (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
    }
}

static void make_guide(const struct kr_frame *clean, float *guide)
{
    int n = (int)kr_frame_row_bytes(clean, 1);
    for (int y = 0; y < kr_frame_plane_height(clean, 1); y++) {
        const uint8_t *a = clean->plane[0] + 2 * y * clean->stride[0];
        const uint8_t *b = clean->plane[0] + inside(2 * y + 1, clean->height) * clean->stride[0];
        for (int x = 0; x < n; x++) {
            int l = 2 * x, r = inside(2 * x + 1, clean->width);
            guide[(ptrdiff_t)y * n + x] = (float)(a[l] + a[r] + b[l] + b[r]) / (4 * 255);
        }
    }
}

static void clean_plane(const struct kr_tape *tape, const struct kr_frame *frame, const bool *there,
                        int plane, float strength, struct kr_frame *out)
{
    int n = (int)kr_frame_row_bytes(frame, plane), rows = kr_frame_plane_height(frame, plane);
    float *sum = kr_new_array(float, (size_t)n), *all = kr_new_array(float, (size_t)n);
    for (int y = 0; y < rows; y++) {
        average_row(tape, frame, there, plane, y, sum, all);
        if (plane)
            memcpy(tape->colour + (ptrdiff_t)y * n, sum, (size_t)n * sizeof *sum);
        else
            put(sum, frame->plane[0] + y * frame->stride[0], strength, n,
                out->plane[0] + y * out->stride[0]);
    }
    if (plane) {
        kr_tape_guided(tape->guide, tape->colour, n, rows, RADIUS, flat, tape->work, tape->colour);
        for (int y = 0; y < rows; y++)
            put(tape->colour + (ptrdiff_t)y * n, frame->plane[plane] + y * frame->stride[plane],
                strength, n, out->plane[plane] + y * out->stride[plane]);
    }
    kr_free(&sum);
    kr_free(&all);
}

void kr_tape_clean(struct kr_tape *tape, const struct kr_tape_found *found,
                   const struct kr_frame *frame, const struct kr_tape_side side[KR_TAPE_SIDES],
                   double strength, struct kr_frame *out)
{
    assert(frame->width == tape->width && frame->height == tape->height && frame != out);
    bool there[KR_TAPE_SIDES];
    for (int i = 0; i < KR_TAPE_SIDES; i++) {
        there[i] = side[i].frame;
        if (!there[i])
            continue;
        kr_flow_bring(side[i].there, side[i].frame, tape->near[i]);
        weigh(tape, found, frame, i);
    }
    clean_plane(tape, frame, there, 0, (float)strength, out);
    make_guide(out, tape->guide);
    for (int p = 1; p < 3; p++)
        clean_plane(tape, frame, there, p, (float)strength, out);
    out->at_us = frame->at_us;
    out->lasts_us = frame->lasts_us;
}
