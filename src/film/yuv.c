// SPDX-License-Identifier: AGPL-3.0-or-later
#include "film/yuv.h"

#include <assert.h>

// ITU-R BT.709, 3: luma weights; limited range: 219 steps of luma, 224 of chroma.
// Whole numbers of 1/65536; each row of chroma adds up to 0, so grey has none.
enum {
    ONE = 1 << 16,
    YR = 11966,
    YG = 40254,
    YB = 4064,
    BR = -6596,
    BG = -22189,
    BB = 28785,
    RR = 28785,
    RG = -26145,
    RB = -2640,
};

static uint8_t clipped(int value)
{
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

static uint8_t luma(int r, int g, int b)
{
    return (uint8_t)((YR * r + YG * g + YB * b + 16 * ONE + ONE / 2) >> 16);
}

// r, g, b are sums of `1 << shift` pixels.
static uint8_t chroma(int r, int g, int b, int wr, int wg, int wb, int shift)
{
    int64_t sum = (int64_t)wr * r + (int64_t)wg * g + (int64_t)wb * b;
    int64_t one = (int64_t)ONE << shift;
    return clipped((int)((sum + 128 * one + one / 2) >> (16 + shift)));
}

static void luma_row(const uint8_t *rgb, uint8_t *out, int width)
{
    for (int x = 0; x < width; x++, rgb += 3)
        out[x] = luma(rgb[0], rgb[1], rgb[2]);
}

// Weights 1 2 1 across and 1 1 down: eight pixels' worth.
static void chroma_row(const uint8_t *above, const uint8_t *below, uint8_t *cb, uint8_t *cr,
                       int width)
{
    for (int x = 0; x < width; x += 2) {
        int left = 3 * (x > 0 ? x - 1 : x), here = 3 * x, right = 3 * (x + 1 < width ? x + 1 : x);
        int sum[3];
        for (int c = 0; c < 3; c++)
            sum[c] = above[left + c] + 2 * above[here + c] + above[right + c] + below[left + c] +
                     2 * below[here + c] + below[right + c];
        cb[x / 2] = chroma(sum[0], sum[1], sum[2], BR, BG, BB, 3);
        cr[x / 2] = chroma(sum[0], sum[1], sum[2], RR, RG, RB, 3);
    }
}

void kr_yuv_of_rgb(const struct kr_frame *rgb, struct kr_frame *yuv)
{
    assert(rgb->pixels == KR_RGB8 && yuv->pixels == KR_YUV420);
    assert(rgb->width == yuv->width && rgb->height == yuv->height);
    for (int y = 0; y < rgb->height; y++)
        luma_row(rgb->plane[0] + y * rgb->stride[0], yuv->plane[0] + y * yuv->stride[0],
                 rgb->width);
    for (int y = 0; y < rgb->height; y += 2) {
        const uint8_t *above = rgb->plane[0] + y * rgb->stride[0];
        const uint8_t *below = y + 1 < rgb->height ? above + rgb->stride[0] : above;
        chroma_row(above, below, yuv->plane[1] + y / 2 * yuv->stride[1],
                   yuv->plane[2] + y / 2 * yuv->stride[2], rgb->width);
    }
}

void kr_rgb_of_yuv(const struct kr_frame *yuv, struct kr_frame *rgb)
{
    assert(rgb->pixels == KR_RGB8 && yuv->pixels == KR_YUV420);
    assert(rgb->width == yuv->width && rgb->height == yuv->height);
    for (int y = 0; y < yuv->height; y++) {
        const uint8_t *luma_at = yuv->plane[0] + y * yuv->stride[0];
        const uint8_t *cb = yuv->plane[1] + y / 2 * yuv->stride[1];
        const uint8_t *cr = yuv->plane[2] + y / 2 * yuv->stride[2];
        uint8_t *out = rgb->plane[0] + y * rgb->stride[0];
        for (int x = 0; x < yuv->width; x++, out += 3) {
            int l = 76309 * (luma_at[x] - 16) + ONE / 2; // 255/219
            int b = cb[x / 2] - 128, r = cr[x / 2] - 128;
            out[0] = clipped((l + 117489 * r) >> 16);
            out[1] = clipped((l - 13975 * b - 34925 * r) >> 16);
            out[2] = clipped((l + 138438 * b) >> 16);
        }
    }
}

void kr_yuv_of_colour(uint32_t colour, uint8_t out[static 3])
{
    int r = colour >> 16 & 255, g = colour >> 8 & 255, b = colour & 255;
    out[0] = luma(r, g, b);
    out[1] = chroma(r, g, b, BR, BG, BB, 0);
    out[2] = chroma(r, g, b, RR, RG, RB, 0);
}

void kr_yuv_fill(struct kr_frame *yuv, uint32_t colour)
{
    kr_yuv_rect(yuv, 0, 0, yuv->width + 1, yuv->height + 1, colour);
}

void kr_yuv_rect(struct kr_frame *yuv, int x, int y, int width, int height, uint32_t colour)
{
    uint8_t value[3];
    kr_yuv_of_colour(colour, value);
    int left = x < 0 ? 0 : x & ~1, top = y < 0 ? 0 : y & ~1;
    int right = (x + width) & ~1, bottom = (y + height) & ~1;
    right = right < yuv->width ? right : yuv->width;
    bottom = bottom < yuv->height ? bottom : yuv->height;
    if (right <= left || bottom <= top)
        return;
    for (int p = 0; p < 3; p++) {
        int half = p > 0;
        size_t n = (size_t)(((right + half) >> half) - (left >> half));
        for (int row = top >> half; row < (bottom + half) >> half; row++)
            memset(yuv->plane[p] + row * yuv->stride[p] + (left >> half), value[p], n);
    }
}

void kr_yuv_blend(struct kr_frame *onto, const struct kr_frame *other, int share)
{
    assert(onto->pixels == other->pixels && onto->width == other->width &&
           onto->height == other->height && share >= 0 && share <= 256);
    for (int p = 0; p < 3; p++) {
        int rows = kr_frame_plane_height(onto, p);
        size_t n = kr_frame_row_bytes(onto, p);
        for (int y = 0; y < rows; y++) {
            uint8_t *to = onto->plane[p] + y * onto->stride[p];
            const uint8_t *from = other->plane[p] + y * other->stride[p];
            for (size_t x = 0; x < n; x++)
                to[x] = (uint8_t)((to[x] * (256 - share) + from[x] * share + 128) >> 8);
        }
    }
}
