// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/noise.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 8, ACROSS = 24, DOWN = 16, BINS = 256, PER_CODE = 10 };
enum { DARKEST = 22, BRIGHTEST = 225 }; // means of blocks: beyond, noise is cut off

static const double quiet = 0.25;    // the part of all blocks that decides
static const double to_middle = 1.1; // of what the quietest blocks of pure noise show

struct kr_noise {
    double in_place[3][BINS], in_time[3][BINS];
    uint8_t was[3][DOWN][ACROSS][BLOCK * BLOCK];
    size_t frames;
};

struct kr_noise *kr_noise_create(void)
{
    return kr_new(struct kr_noise);
}

void kr_noise_destroy(struct kr_noise **noise)
{
    kr_free(noise);
}

static void count(double bins[BINS], double sigma)
{
    int bin = (int)(sigma * PER_CODE + 0.5);
    bins[bin < BINS ? bin : BINS - 1] += 1;
}

static void add_block(struct kr_noise *noise, int plane, const uint8_t *at, ptrdiff_t stride,
                      uint8_t *was)
{
    int rough = 0, changed = 0, sum = 0;
    for (int y = 0; y < BLOCK; y++)
        for (int x = 0; x < BLOCK; x++) {
            const uint8_t *p = at + y * stride + x;
            sum += *p;
            changed += abs(*p - was[y * BLOCK + x]);
            was[y * BLOCK + x] = *p;
            if (!x || !y || x == BLOCK - 1 || y == BLOCK - 1)
                continue;
            const uint8_t *up = p - stride, *down = p + stride;
            rough += abs(up[-1] + up[1] + down[-1] + down[1] - 2 * (up[0] + down[0]) -
                         2 * (p[-1] + p[1]) + 4 * p[0]);
        }
    if (sum < DARKEST * BLOCK * BLOCK || sum > BRIGHTEST * BLOCK * BLOCK)
        return;
    double inner = (BLOCK - 2) * (BLOCK - 2), all = BLOCK * BLOCK;
    count(noise->in_place[plane], sqrt(M_PI / 2) / 6 * rough / inner);
    if (noise->frames)
        count(noise->in_time[plane], sqrt(M_PI) / 2 * changed / all);
}

void kr_noise_add(struct kr_noise *noise, const struct kr_frame *frame)
{
    assert(frame->pixels == KR_YUV420);
    for (int p = 0; p < 3; p++) {
        int width = (int)kr_frame_row_bytes(frame, p), height = kr_frame_plane_height(frame, p);
        int down = height / BLOCK < DOWN ? height / BLOCK : DOWN;
        int across = width / BLOCK < ACROSS ? width / BLOCK : ACROSS;
        for (int y = 0; y < down; y++)
            for (int x = 0; x < across; x++) {
                ptrdiff_t top = (height - BLOCK) * (2 * y + 1) / (2 * down);
                int left = (width - BLOCK) * (2 * x + 1) / (2 * across);
                add_block(noise, p, frame->plane[p] + top * frame->stride[p] + left,
                          frame->stride[p], noise->was[p][y][x]);
            }
    }
    noise->frames++;
}

static double quieter(const double bins[BINS])
{
    double all = 0, sum = 0;
    for (int i = 0; i < BINS; i++)
        all += bins[i];
    int i = 0;
    while (i < BINS - 1 && (sum += bins[i]) < quiet * all)
        i++;
    return all > 0 ? to_middle * i / PER_CODE : 0;
}

// Coding smooths noise within a frame, seldom between frames: there it may show twice as much.
void kr_noise_judge(struct kr_noise *noise, float sigma[3])
{
    for (int p = 0; p < 3; p++) {
        double in_place = quieter(noise->in_place[p]), in_time = quieter(noise->in_time[p]);
        sigma[p] = (float)(noise->frames > 1 ? fmin(2 * in_place, in_time) : in_place);
    }
    memset(noise->in_place, 0, sizeof noise->in_place);
    memset(noise->in_time, 0, sizeof noise->in_time);
    noise->frames = 0;
}
