// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/lettering.h"

#include <assert.h>

// The part of `rgba` that lies on `onto`.
struct part {
    int x0, y0, x1, y1; // in onto
};

static struct part clip(const struct kr_frame *rgba, int x, int y, const struct kr_frame *onto)
{
    // A corner far outside must not overflow.
    int64_t right = (int64_t)x + rgba->width, bottom = (int64_t)y + rgba->height;
    struct part part = {x < 0 ? 0 : x, y < 0 ? 0 : y, 0, 0};
    part.x1 = (int)(right < onto->width ? (right < 0 ? 0 : right) : onto->width);
    part.y1 = (int)(bottom < onto->height ? (bottom < 0 ? 0 : bottom) : onto->height);
    return part;
}

static uint8_t blend(int under, int over, int alpha) // alpha [0,65536]
{
    return (uint8_t)(under + (((over - under) * alpha + 32768) >> 16));
}

static void over_rgb(const struct kr_frame *rgba, int strength, int x, int y, struct part part,
                     struct kr_frame *onto)
{
    for (int row = part.y0; row < part.y1; row++) {
        const uint8_t *in = rgba->plane[0] + (row - y) * rgba->stride[0] + 4 * (part.x0 - x);
        uint8_t *out = onto->plane[0] + row * onto->stride[0] + 3 * part.x0;
        for (int col = part.x0; col < part.x1; col++, in += 4, out += 3)
            for (int c = 0; c < 3; c++)
                out[c] = blend(out[c], in[c], in[3] * strength / 255);
    }
}

// BT.709, limited range, times 65536 (ITU-R BT.709-6, 3.3 and 3.5).
static int luma(const uint8_t *rgb)
{
    return (11966 * rgb[0] + 40254 * rgb[1] + 4064 * rgb[2] + (16 << 16) + 32768) >> 16;
}
static int blue(const int *rgb)
{
    return (-6596 * rgb[0] - 22189 * rgb[1] + 28785 * rgb[2] + (128 << 16) + 32768) >> 16;
}
static int red(const int *rgb)
{
    return (28785 * rgb[0] - 26145 * rgb[1] - 2640 * rgb[2] + (128 << 16) + 32768) >> 16;
}

static void over_luma(const struct kr_frame *rgba, int strength, int x, int y, struct part part,
                      struct kr_frame *onto)
{
    for (int row = part.y0; row < part.y1; row++) {
        const uint8_t *in = rgba->plane[0] + (row - y) * rgba->stride[0] + 4 * (part.x0 - x);
        uint8_t *out = onto->plane[0] + row * onto->stride[0] + part.x0;
        for (int col = part.x0; col < part.x1; col++, in += 4, out++)
            if (in[3])
                *out = blend(*out, luma(in), in[3] * strength / 255);
    }
}

// One chroma sample stands for four pixels: their mean by alpha.
static void over_chroma_at(const struct kr_frame *rgba, int strength, int x, int y,
                           struct part part, int cx, int cy, struct kr_frame *onto)
{
    int sum[3] = {0}, alpha = 0, seats = 0;
    for (int dy = 0; dy < 2; dy++)
        for (int dx = 0; dx < 2; dx++) {
            int col = 2 * cx + dx, row = 2 * cy + dy;
            if (col >= onto->width || row >= onto->height)
                continue;
            seats++;
            if (col < part.x0 || col >= part.x1 || row < part.y0 || row >= part.y1)
                continue;
            const uint8_t *in = rgba->plane[0] + (row - y) * rgba->stride[0] + 4 * (col - x);
            for (int c = 0; c < 3; c++)
                sum[c] += in[c] * in[3];
            alpha += in[3];
        }
    if (alpha == 0)
        return;
    int mean[3] = {sum[0] / alpha, sum[1] / alpha, sum[2] / alpha};
    int weight = (int)((int64_t)alpha * strength / (255 * seats));
    uint8_t *u = onto->plane[1] + cy * onto->stride[1] + cx;
    uint8_t *v = onto->plane[2] + cy * onto->stride[2] + cx;
    *u = blend(*u, blue(mean), weight);
    *v = blend(*v, red(mean), weight);
}

void kr_lay_over(const struct kr_frame *rgba, double opacity, int x, int y, struct kr_frame *onto)
{
    assert(rgba->pixels == KR_RGBA8 && (onto->pixels == KR_YUV420 || onto->pixels == KR_RGB8));
    assert(opacity >= 0 && opacity <= 1);
    int strength = (int)(opacity * 65536 + 0.5);
    struct part part = clip(rgba, x, y, onto);
    if (strength == 0 || part.x0 >= part.x1 || part.y0 >= part.y1)
        return;
    if (onto->pixels == KR_RGB8) {
        over_rgb(rgba, strength, x, y, part, onto);
        return;
    }
    over_luma(rgba, strength, x, y, part, onto);
    for (int cy = part.y0 / 2; cy <= (part.y1 - 1) / 2; cy++)
        for (int cx = part.x0 / 2; cx <= (part.x1 - 1) / 2; cx++)
            over_chroma_at(rgba, strength, x, y, part, cx, cy, onto);
}
