// SPDX-License-Identifier: AGPL-3.0-or-later
#include "media/look_priv.h"
#include "media/resize_priv.h"

#include <assert.h>
#include <math.h>

enum { SIDE = 32, KEPT = 8 };

static const double FLAT = 4; // standard deviation of brightness, of 255

// A brightness each, in one byte, so that the resizer can shrink it.
static bool brightness(const struct kr_frame *frame, struct kr_frame **out, struct kr_err *err)
{
    if (!kr_frame_create(KR_GRAY8, frame->width, frame->height, out, err))
        return false;
    for (int y = 0; y < frame->height; y++) {
        const uint8_t *in = frame->plane[0] + y * frame->stride[0];
        uint8_t *to = (*out)->plane[0] + y * (*out)->stride[0];
        for (int x = 0; x < frame->width; x++, in += 3)
            to[x] = (uint8_t)((77 * in[0] + 150 * in[1] + 29 * in[2] + 128) >> 8);
    }
    return true;
}

// To exactly SIDE x SIDE: pictures that are smaller are repeated up to it.
static bool to_square(const struct kr_frame *grey, double square[SIDE][SIDE], struct kr_err *err)
{
    KR_AUTO(kr_frame_destroy) struct kr_frame *small = NULL;
    int width = grey->width < SIDE ? grey->width : SIDE;
    int height = grey->height < SIDE ? grey->height : SIDE;
    if (!kr_frame_create(KR_GRAY8, width, height, &small, err) ||
        !kr_frame_resize(grey, small, err))
        return false;
    for (int y = 0; y < SIDE; y++) {
        const uint8_t *row = small->plane[0] + y * height / SIDE * small->stride[0];
        for (int x = 0; x < SIDE; x++) // NOLINTNEXTLINE(bugprone-integer-division): a place
            square[y][x] = row[x * width / SIDE];
    }
    return true;
}

static double spread(double square[SIDE][SIDE])
{
    double sum = 0, squares = 0;
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            sum += square[y][x];
            squares += square[y][x] * square[y][x];
        }
    double mean = sum / (SIDE * SIDE);
    return sqrt(fmax(0, squares / (SIDE * SIDE) - mean * mean));
}

// The low frequencies 1..KEPT of the cosine transform, in both directions.
static void transform(double square[SIDE][SIDE], double out[KEPT * KEPT])
{
    double wave[KEPT][SIDE], half[KEPT][SIDE];
    for (int k = 0; k < KEPT; k++)
        for (int i = 0; i < SIDE; i++)
            wave[k][i] = cos(M_PI / SIDE * (i + 0.5) * (k + 1));
    for (int v = 0; v < KEPT; v++)
        for (int x = 0; x < SIDE; x++) {
            half[v][x] = 0;
            for (int y = 0; y < SIDE; y++)
                half[v][x] += wave[v][y] * square[y][x];
        }
    for (int v = 0; v < KEPT; v++)
        for (int u = 0; u < KEPT; u++) {
            double sum = 0;
            for (int x = 0; x < SIDE; x++)
                sum += wave[u][x] * half[v][x];
            out[v * KEPT + u] = sum;
        }
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

bool kr_fingerprint(const struct kr_frame *frame, struct kr_fingerprint *out, struct kr_err *err)
{
    assert(frame->pixels == KR_RGB8);
    KR_AUTO(kr_frame_destroy) struct kr_frame *grey = NULL;
    double square[SIDE][SIDE], waves[KEPT * KEPT], sorted[KEPT * KEPT];
    if (!brightness(frame, &grey, err) || !to_square(grey, square, err))
        return false;
    transform(square, waves);
    memcpy(sorted, waves, sizeof sorted);
    qsort(sorted, KEPT * KEPT, sizeof *sorted, by_size);
    double median = (sorted[KEPT * KEPT / 2 - 1] + sorted[KEPT * KEPT / 2]) / 2;
    out->phash = 0;
    for (int i = 0; i < KEPT * KEPT; i++)
        out->phash = out->phash << 1 | (waves[i] > median);
    out->flat = spread(square) < FLAT;
    return true;
}
