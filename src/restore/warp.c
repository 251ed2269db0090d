// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/warp_priv.h"

#include <assert.h>
#include <math.h>

// Keys' cubic with a = -0.5 (Keys 1981, "Cubic convolution interpolation").
static void weights_at(double f, int16_t tap[4])
{
    double w[4] = {
        ((-0.5 * f + 1.0) * f - 0.5) * f,
        (1.5 * f - 2.5) * f * f + 1.0,
        ((-1.5 * f + 2.0) * f + 0.5) * f,
        (0.5 * f - 0.5) * f * f,
    };
    int sum = 0;
    for (int k = 0; k < 4; k++)
        sum += tap[k] = (int16_t)lrint(w[k] * KR_WARP_ONE);
    tap[f < 0.5 ? 1 : 2] = (int16_t)(tap[f < 0.5 ? 1 : 2] + KR_WARP_ONE - sum);
}

// Made anew for each frame: some microseconds, and no state.
static void make_weights(struct kr_warp_weights *weights)
{
    for (int p = 0; p < KR_WARP_PHASES; p++)
        weights_at(p / (double)KR_WARP_PHASES, weights->tap[p]);
}

static int clamp_int(int64_t v, int most)
{
    return v < 0 ? 0 : v > most ? most : (int)v;
}

static uint8_t sample(const struct kr_warp_source *from, const ptrdiff_t row[4], const int col[4],
                      const int16_t wx[4], const int16_t wy[4])
{
    int sum = 0;
    for (int k = 0; k < 4; k++) {
        const uint8_t *at = from->at + row[k];
        int across =
            at[col[0]] * wx[0] + at[col[1]] * wx[1] + at[col[2]] * wx[2] + at[col[3]] * wx[3];
        sum += ((across + 128) >> 8) * wy[k]; // 6 bits below the point are kept
    }
    return (uint8_t)clamp_int((sum + (1 << 19)) >> 20, 255);
}

void kr_warp_samples(const struct kr_warp_row *row, int first, int end)
{
    const struct kr_warp_source *from = &row->from;
    for (int i = first; i < end; i++) {
        int block = i & ~(KR_WARP_BLOCK - 1), lane = i - block;
        int64_t x = ((row->walk.x + block * row->walk.dx) >> 16) + lane * (row->walk.dx >> 16);
        int64_t y = ((row->walk.y + block * row->walk.dy) >> 16) + lane * (row->walk.dy >> 16);
        const int16_t *wx = row->weights->tap[(x >> 6) & (KR_WARP_PHASES - 1)];
        const int16_t *wy = row->weights->tap[(y >> 6) & (KR_WARP_PHASES - 1)];
        int col[4];
        ptrdiff_t line[4];
        for (int k = 0; k < 4; k++) {
            col[k] = clamp_int((x >> 16) + k - 1, from->width - 1) * from->channels;
            line[k] = clamp_int((y >> 16) + k - 1, from->height - 1) * from->stride;
        }
        for (int c = 0; c < from->channels; c++) {
            row->out[i * from->channels + c] = sample(from, line, col, wx, wy);
            for (int k = 0; k < 4; k++)
                col[k]++;
        }
    }
}

static void warp_row(const struct kr_warp_row *row, bool vectors)
{
    int i = 0;
    if (vectors)
        for (; i + KR_WARP_BLOCK <= row->n; i += KR_WARP_BLOCK)
            if (!kr_warp_block_avx2(row, i))
                kr_warp_samples(row, i, i + KR_WARP_BLOCK);
    kr_warp_samples(row, i, row->n);
}

// Times 2^32, kept where later sums cannot overflow; what is no number is 0.
static int64_t fixed(double v, double most)
{
    if (isnan(v))
        return 0;
    return (int64_t)((v < -most ? -most : v > most ? most : v) * 4294967296.0);
}

// How the samples of one plane lie in the picture: sample i at `from` + i * `step`.
struct lattice {
    double step, from_x, from_y;
};

static struct lattice lattice_of(enum kr_pixels pixels, int plane, double siting)
{
    if (pixels == KR_YUV420 && plane)
        return (struct lattice){2.0, siting, 1.0};
    return (struct lattice){1.0, 0.5, 0.5};
}

static int channels_of(enum kr_pixels pixels)
{
    return pixels == KR_RGB8 ? 3 : pixels == KR_RGBA8 ? 4 : 1;
}

// A plane of a picture, and the map in points of that picture.
struct job {
    const struct kr_warp_weights *weights;
    struct kr_warp_source from;
    struct lattice in, out;
    double m[6];
};

static struct job job_of(const struct kr_warp_weights *weights, const struct kr_frame *in,
                         int plane, double siting, const double m[6])
{
    int channels = channels_of(in->pixels);
    struct job job = {
        .weights = weights,
        .from = {in->plane[plane], in->stride[plane], (int)kr_frame_row_bytes(in, plane) / channels,
                 kr_frame_plane_height(in, plane), channels},
        .in = lattice_of(in->pixels, plane, siting),
        .out = lattice_of(in->pixels, plane, 0.5),
    };
    memcpy(job.m, m, sizeof job.m);
    return job;
}

static void job_row(const struct job *job, int y, int n, uint8_t *out, bool vectors)
{
    const struct lattice *in = &job->in, *to = &job->out;
    const double *m = job->m;
    double px = to->from_x, py = to->from_y + y * to->step;
    double most = (double)(1 << 29), slope = most / (n + 1);
    struct kr_warp_row row = {
        .weights = job->weights,
        .from = job->from,
        .walk = {fixed((m[0] * px + m[1] * py + m[2] - in->from_x) / in->step, most),
                 fixed((m[3] * px + m[4] * py + m[5] - in->from_y) / in->step, most),
                 fixed(m[0] * to->step / in->step, slope),
                 fixed(m[3] * to->step / in->step, slope)},
        .n = n,
        .out = out,
    };
    warp_row(&row, vectors && job->from.channels == 1);
}

void kr_warp_affine_by(const struct kr_frame *in, const double m[6], struct kr_frame *out,
                       bool vectors)
{
    assert(in->pixels == out->pixels && in->pixels != KR_RGB16 && in != out);
    struct kr_warp_weights weights;
    make_weights(&weights);
    for (int p = 0; p < kr_frame_plane_count(in->pixels); p++) {
        struct job job = job_of(&weights, in, p, 0.5, m);
        int n = (int)kr_frame_row_bytes(out, p) / job.from.channels;
        for (int y = 0; y < kr_frame_plane_height(out, p); y++)
            job_row(&job, y, n, out->plane[p] + y * out->stride[p], vectors);
    }
}

void kr_warp_affine(const struct kr_frame *in, const double m[6], struct kr_frame *out)
{
    kr_warp_affine_by(in, m, out, kr_warp_has_avx2());
}

void kr_warp_of_rect(const double rect[4], int out_w, int out_h, double m[6])
{
    double map[6] = {rect[2] / out_w, 0, rect[0], 0, rect[3] / out_h, rect[1]};
    memcpy(m, map, sizeof map);
}

// Mips.

enum { LEVELS_MOST = 12 };
static const double blend_from = 1.2, blend_to = 1.5; // input pixels an output pixel

struct kr_mips {
    struct kr_warp_weights weights;
    const struct kr_frame *level[LEVELS_MOST]; // [0] borrowed, the others ours
    double siting[LEVELS_MOST];                // of chroma, in points of the level
    int count;
};

static void halve_plane(const struct kr_frame *in, struct kr_frame *out, int plane)
{
    int channels = channels_of(in->pixels);
    int width = (int)kr_frame_row_bytes(in, plane) / channels;
    int height = kr_frame_plane_height(in, plane);
    int n = (int)kr_frame_row_bytes(out, plane) / channels;
    for (int y = 0; y < kr_frame_plane_height(out, plane); y++) {
        const uint8_t *a = in->plane[plane] + clamp_int(2 * y, height - 1) * in->stride[plane];
        const uint8_t *b = in->plane[plane] + clamp_int(2 * y + 1, height - 1) * in->stride[plane];
        uint8_t *to = out->plane[plane] + y * out->stride[plane];
        for (int x = 0; x < n; x++) {
            int l = clamp_int(2 * x, width - 1) * channels;
            int r = clamp_int(2 * x + 1, width - 1) * channels;
            for (int c = 0; c < channels; c++)
                to[x * channels + c] =
                    (uint8_t)((a[l + c] + a[r + c] + b[l + c] + b[r + c] + 2) / 4);
        }
    }
}

static bool add_half(struct kr_mips *mips, struct kr_err *err)
{
    const struct kr_frame *last = mips->level[mips->count - 1];
    struct kr_frame *half = NULL;
    if (!kr_frame_create(last->pixels, (last->width + 1) / 2, (last->height + 1) / 2, &half, err))
        return false;
    for (int p = 0; p < kr_frame_plane_count(last->pixels); p++)
        halve_plane(last, half, p);
    // Two samples at s and s + 2 become one between them, in points half as many.
    mips->siting[mips->count] = (mips->siting[mips->count - 1] + 1) / 2;
    mips->level[mips->count++] = half;
    return true;
}

bool kr_mips_create(const struct kr_frame *picture, double step_most, struct kr_mips **out,
                    struct kr_err *err)
{
    assert(picture->pixels != KR_RGB16);
    KR_AUTO(kr_mips_destroy) struct kr_mips *mips = kr_new(struct kr_mips);
    make_weights(&mips->weights);
    mips->level[0] = picture;
    mips->siting[0] = 0.5;
    mips->count = 1;
    while (step_most > blend_from && mips->count < LEVELS_MOST) {
        if (!add_half(mips, err))
            return kr_within(err, "halve a picture for a camera move");
        step_most /= 2;
    }
    *out = mips;
    mips = NULL;
    return true;
}

void kr_mips_destroy(struct kr_mips **mips)
{
    if (*mips)
        for (int i = 1; i < (*mips)->count; i++) {
            struct kr_frame *level = (struct kr_frame *)(uintptr_t)(*mips)->level[i];
            kr_frame_destroy(&level);
        }
    kr_free(mips);
}

// The level whose steps are at most blend_to, and how much of the next one joins in.
static int level_for(const struct kr_mips *mips, const double m[6], int *next_of_256)
{
    double step = fmax(hypot(m[0], m[3]), hypot(m[1], m[4]));
    int level = 0;
    for (; level + 1 < mips->count && step >= blend_to; level++)
        step /= 2;
    double t = (step - blend_from) / (blend_to - blend_from);
    *next_of_256 = level + 1 < mips->count && t > 0 ? (int)lrint(256 * fmin(t, 1)) : 0;
    return level;
}

static struct job level_job(const struct kr_mips *mips, int level, int plane, const double m[6])
{
    double part[6];
    for (int i = 0; i < 6; i++)
        part[i] = ldexp(m[i], -level);
    return job_of(&mips->weights, mips->level[level], plane, mips->siting[level], part);
}

static void mix(uint8_t *into, const uint8_t *other, int n, int of_256)
{
    for (int i = 0; i < n; i++)
        into[i] = (uint8_t)((into[i] * (256 - of_256) + other[i] * of_256 + 128) >> 8);
}

void kr_mips_warp(const struct kr_mips *mips, const double m[6], struct kr_frame *out)
{
    assert(out->pixels == mips->level[0]->pixels);
    bool vectors = kr_warp_has_avx2();
    int next, level = level_for(mips, m, &next);
    uint8_t *other = kr_new_array(uint8_t, kr_frame_row_bytes(out, 0));
    for (int p = 0; p < kr_frame_plane_count(out->pixels); p++) {
        struct job job = level_job(mips, level, p, m), below = job;
        if (next)
            below = level_job(mips, level + 1, p, m);
        int bytes = (int)kr_frame_row_bytes(out, p), n = bytes / job.from.channels;
        for (int y = 0; y < kr_frame_plane_height(out, p); y++) {
            uint8_t *to = out->plane[p] + y * out->stride[p];
            job_row(&job, y, n, to, vectors);
            if (next) {
                job_row(&below, y, n, other, vectors);
                mix(to, other, bytes, next);
            }
        }
    }
    kr_free(&other);
}
