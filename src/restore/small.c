// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/small.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { LINES_MOST = 256 }; // of bytes, that sixteen bits can sum

double kr_linear_of(double encoded)
{
    return encoded <= 0.04045 ? encoded / 12.92 : pow((encoded + 0.055) / 1.055, 2.4);
}

double kr_encoded_of(double linear)
{
    return linear <= 0.0031308 ? linear * 12.92 : 1.055 * pow(linear, 1 / 2.4) - 0.055;
}

bool kr_small_create(int width, int height, struct kr_small **out, struct kr_err *err)
{
    int cell = 1;
    while (width > KR_SMALL_WIDE * cell)
        cell = cell == 1 ? 2 : cell + 2;
    KR_AUTO(kr_small_destroy) struct kr_small *small = kr_new(struct kr_small);
    small->cell = cell;
    small->width = width / cell;
    small->height = height < cell ? 1 : height / cell;
    size_t n = (size_t)small->width * (size_t)small->height;
    void *luma = NULL, *linear = NULL;
    bool fine = kr_big_alloc(n * sizeof(float), KR_FRAME_MOST, &luma, err) &&
                kr_big_alloc(3 * n * sizeof(float), KR_FRAME_MOST, &linear, err);
    small->luma = luma;
    small->linear = linear;
    if (!fine)
        return kr_within(err, "look at frames of %d x %d", width, height);
    small->sums = kr_new_array(uint16_t, (size_t)width);
    *out = small;
    small = NULL;
    return true;
}

void kr_small_destroy(struct kr_small **small)
{
    if (*small) {
        kr_free(&(*small)->luma);
        kr_free(&(*small)->linear);
        kr_free(&(*small)->sums);
    }
    kr_free(small);
}

// The sum of each column of `lines` rows.
static void add_rows(const uint8_t *at, ptrdiff_t stride, int n, int lines, uint16_t *sums)
{
    memset(sums, 0, (size_t)n * sizeof *sums);
    for (int j = 0; j < lines; j++) {
        const uint8_t *row = at + j * stride;
        for (int x = 0; x < n; x++)
            sums[x] = (uint16_t)(sums[x] + row[x]);
    }
}

// Means of one row of cells of a plane, whose cells are `cell` samples wide.
static void cells_of(const struct kr_small *small, const struct kr_frame *frame, int plane, int y,
                     int cell, float *out)
{
    int rows = kr_frame_plane_height(frame, plane), n = (int)kr_frame_row_bytes(frame, plane);
    int first = y * cell, lines = rows - first < cell ? rows - first : cell;
    lines = lines < LINES_MOST ? lines : LINES_MOST;
    add_rows(frame->plane[plane] + first * frame->stride[plane], frame->stride[plane], n, lines,
             small->sums);
    for (int x = 0; x < small->width; x++) {
        uint32_t sum = 0;
        int wide = 0;
        for (; wide < cell && x * cell + wide < n; wide++)
            sum += small->sums[x * cell + wide];
        out[x] = (float)sum / (float)(wide * lines);
    }
}

void kr_small_see_luma(struct kr_small *small, const struct kr_frame *frame)
{
    assert(frame->pixels == KR_YUV420);
    for (int y = 0; y < small->height; y++)
        cells_of(small, frame, 0, y, small->cell, small->luma + y * small->width);
}

static float channel(double encoded)
{
    return (float)kr_linear_of(fmin(fmax(encoded, 0), 1));
}

void kr_small_see_colours(struct kr_small *small, const struct kr_frame *frame)
{
    assert(frame->pixels == KR_YUV420);
    float cb[KR_SMALL_WIDE], cr[KR_SMALL_WIDE];
    int cell = small->cell > 1 ? small->cell / 2 : 1;
    for (int y = 0; y < small->height; y++) {
        int row = small->cell > 1 ? y : y / 2;
        cells_of(small, frame, 1, row, cell, cb);
        cells_of(small, frame, 2, row, cell, cr);
        for (int x = 0; x < small->width; x++) {
            int at = small->cell > 1 ? x : x / 2;
            double e = ((double)small->luma[y * small->width + x] - 16) / 219;
            double b = ((double)cb[at] - 128) / 224, r = ((double)cr[at] - 128) / 224;
            float *out = small->linear + 3 * (y * small->width + x);
            out[0] = channel(e + 1.5748 * r);
            out[1] = channel(e - 0.1873 * b - 0.4681 * r);
            out[2] = channel(e + 1.8556 * b);
        }
    }
}
