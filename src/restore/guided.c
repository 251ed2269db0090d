// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/guided.h"

#include <string.h>

size_t kr_guided_room(int width, int height)
{
    return 4 * (size_t)width * (size_t)height + (size_t)width;
}

static int clamp(int v, int most)
{
    return v < 0 ? 0 : v > most ? most : v;
}

// Means of 2 radius + 1 neighbours across, the outermost repeated beyond the edges.
static void mean_across(const float *in, int n, int radius, float *out)
{
    float sum = 0, share = 1 / (float)(2 * radius + 1);
    for (int i = -radius; i <= radius; i++)
        sum += in[clamp(i, n - 1)];
    for (int x = 0; x < n; x++) {
        out[x] = sum * share;
        sum += in[clamp(x + radius + 1, n - 1)] - in[clamp(x - radius, n - 1)];
    }
}

// The same down all columns at once; `sums` holds a row.
static void mean_down(const float *in, int width, int height, int radius, float *out, float *sums)
{
    float share = 1 / (float)(2 * radius + 1);
    memset(sums, 0, (size_t)width * sizeof *sums);
    for (int i = -radius; i <= radius; i++)
        for (int x = 0; x < width; x++)
            sums[x] += in[clamp(i, height - 1) * width + x];
    for (int y = 0; y < height; y++) {
        const float *comes = in + clamp(y + radius + 1, height - 1) * width;
        const float *goes = in + clamp(y - radius, height - 1) * width;
        for (int x = 0; x < width; x++) {
            out[y * width + x] = sums[x] * share;
            sums[x] += comes[x] - goes[x];
        }
    }
}

static void mean_of(const float *in, int width, int height, int radius, float *out, float *pass,
                    float *sums)
{
    for (int y = 0; y < height; y++)
        mean_across(in + y * width, width, radius, pass + y * width);
    mean_down(pass, width, height, radius, out, sums);
}

void kr_guided(const float *in, int width, int height, int radius, float flat, float *out,
               float *room)
{
    size_t n = (size_t)width * (size_t)height;
    float *slope = room, *rest = room + n, *mean = room + 2 * n, *pass = room + 3 * n;
    float *sums = room + 4 * n;
    mean_of(in, width, height, radius, mean, pass, sums);
    for (size_t i = 0; i < n; i++)
        rest[i] = in[i] * in[i];
    mean_of(rest, width, height, radius, slope, pass, sums);
    for (size_t i = 0; i < n; i++) {
        float variance = slope[i] - mean[i] * mean[i];
        slope[i] = variance > 0 ? variance / (variance + flat) : 0;
        rest[i] = mean[i] * (1 - slope[i]);
    }
    mean_of(slope, width, height, radius, mean, pass, sums);
    mean_of(rest, width, height, radius, slope, pass, sums);
    for (size_t i = 0; i < n; i++)
        out[i] = mean[i] * in[i] + slope[i];
}
