// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/tape_priv.h"

static int least(int a, int b)
{
    return a < b ? a : b;
}

// Means over 2 radius + 1 along each row.
static void across(const float *in, int width, int radius, float *out)
{
    double sum = 0;
    for (int x = 0; x < least(radius, width); x++)
        sum += (double)in[x];
    for (int x = 0; x < width; x++) {
        sum += x + radius < width ? (double)in[x + radius] : 0;
        sum -= x > radius ? (double)in[x - radius - 1] : 0;
        int from = x > radius ? x - radius : 0, end = least(x + radius + 1, width);
        out[x] = (float)(sum / (end - from));
    }
}

// Means over squares. `sum` is one row of doubles, `spare` a plane.
static void mean(const float *in, int width, int height, int radius, float *spare, double *sum,
                 float *out)
{
    for (int y = 0; y < height; y++)
        across(in + (ptrdiff_t)y * width, width, radius, spare + (ptrdiff_t)y * width);
    memset(sum, 0, (size_t)width * sizeof *sum);
    for (int y = 0; y < least(radius, height); y++)
        for (int x = 0; x < width; x++)
            sum[x] += (double)spare[(ptrdiff_t)y * width + x];
    for (int y = 0; y < height; y++) {
        const float *enters = spare + (ptrdiff_t)(y + radius) * width;
        const float *leaves = spare + (ptrdiff_t)(y - radius - 1) * width;
        for (int x = 0; x < width && y + radius < height; x++)
            sum[x] += (double)enters[x];
        for (int x = 0; x < width && y > radius; x++)
            sum[x] -= (double)leaves[x];
        int from = y > radius ? y - radius : 0, end = least(y + radius + 1, height);
        float part = 1 / (float)(end - from), *row = out + (ptrdiff_t)y * width;
        for (int x = 0; x < width; x++)
            row[x] = (float)sum[x] * part;
    }
}

void kr_tape_guided(const float *guide, const float *in, int width, int height, int radius,
                    float flat, float *const work[4], float *out)
{
    ptrdiff_t n = (ptrdiff_t)width * height;
    double *sum = kr_new_array(double, (size_t)width);
    float *of_guide = work[0], *slope = work[1], *both = work[2], *spare = work[3];
    for (ptrdiff_t i = 0; i < n; i++) {
        slope[i] = guide[i] * guide[i];
        both[i] = guide[i] * in[i];
    }
    mean(guide, width, height, radius, spare, sum, of_guide);
    mean(slope, width, height, radius, spare, sum, slope);
    mean(both, width, height, radius, spare, sum, both);
    mean(in, width, height, radius, spare, sum, out);
    for (ptrdiff_t i = 0; i < n; i++) { // in = slope * guide + the rest, in each square
        float variance = slope[i] - of_guide[i] * of_guide[i];
        slope[i] = (both[i] - of_guide[i] * out[i]) / (variance + flat);
        both[i] = out[i] - slope[i] * of_guide[i];
    }
    mean(slope, width, height, radius, spare, sum, slope);
    mean(both, width, height, radius, spare, sum, both);
    for (ptrdiff_t i = 0; i < n; i++)
        out[i] = slope[i] * guide[i] + both[i];
    kr_free(&sum);
}
