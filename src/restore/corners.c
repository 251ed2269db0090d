// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/corners_priv.h"

#include <math.h>

enum { REACH = 2, SIDE = 2 * REACH + 1, EDGE = 4 };
static const float least_step = 800; // about 4 grey levels of step, both ways

struct moments { // of the gradient, in one row: squares across and down, and the product
    int *xx, *yy, *xy;
};

struct kr_corners {
    int width, height;
    float *strength;          // the smaller eigenvalue of the moments over SIDE x SIDE
    struct moments row[SIDE]; // row y lies in y % SIDE
    struct moments down;      // their sum
    int *all;                 // holds them
};

struct kr_corners *kr_corners_create(int width, int height)
{
    struct kr_corners *corners = kr_new(struct kr_corners);
    size_t n = (size_t)width;
    *corners = (struct kr_corners){width, height};
    corners->strength = kr_new_array(float, n *(size_t)height);
    int *at = corners->all = kr_new_array(int, 3 * (SIDE + 1) * n);
    for (int i = 0; i <= SIDE; i++, at += 3 * n) {
        struct moments row = {at, at + n, at + 2 * n};
        *(i < SIDE ? &corners->row[i] : &corners->down) = row;
    }
    return corners;
}

void kr_corners_destroy(struct kr_corners **corners)
{
    if (*corners) {
        kr_free(&(*corners)->strength);
        kr_free(&(*corners)->all);
    }
    kr_free(corners);
}

// Row y comes into the sums, the one SIDE before it leaves.
static void slide(struct kr_corners *corners, const struct kr_grey *g, int y)
{
    struct moments *row = &corners->row[y % SIDE], *down = &corners->down;
    const uint8_t *at = g->at + y * g->width;
    for (int x = 1; x < g->width - 1; x++) {
        int across = at[x + 1] - at[x - 1], along = at[x + g->width] - at[x - g->width];
        int xx = across * across, yy = along * along, xy = across * along;
        down->xx[x] += xx - row->xx[x];
        down->yy[x] += yy - row->yy[x];
        down->xy[x] += xy - row->xy[x];
        row->xx[x] = xx;
        row->yy[x] = yy;
        row->xy[x] = xy;
    }
}

static int across(const int *sums, int x)
{
    return sums[x - 2] + sums[x - 1] + sums[x] + sums[x + 1] + sums[x + 2];
}

// The strongest of all.
static float measure(struct kr_corners *corners, const struct kr_grey *g)
{
    float most = 0;
    memset(corners->all, 0, 3 * (SIDE + 1) * (size_t)g->width * sizeof *corners->all);
    for (int y = EDGE - REACH; y < g->height - EDGE + REACH; y++) {
        slide(corners, g, y);
        if (y < EDGE + REACH)
            continue;
        float *out = corners->strength + (y - REACH) * g->width;
        for (int x = EDGE; x < g->width - EDGE; x++) {
            int xx = across(corners->down.xx, x), yy = across(corners->down.yy, x);
            float mid = (float)(xx + yy) / 2, d = (float)(xx - yy) / 2;
            float xy = (float)across(corners->down.xy, x);
            out[x] = mid - sqrtf(d * d + xy * xy);
            most = out[x] > most ? out[x] : most;
        }
    }
    return most;
}

static bool is_peak(const struct kr_corners *corners, int x, int y)
{
    const float *at = corners->strength + y * corners->width + x;
    for (int j = -1; j <= 1; j++)
        for (int i = -1; i <= 1; i++)
            if (at[j * corners->width + i] > at[0])
                return false;
    return true;
}

// The strongest peaks of one cell, at least four apart.
static int peaks_of_cell(const struct kr_corners *corners, int cx, int cy, float least,
                         struct kr_point *out)
{
    int x0 = cx * corners->width / KR_CORNERS_X, x1 = (cx + 1) * corners->width / KR_CORNERS_X;
    int y0 = cy * corners->height / KR_CORNERS_Y, y1 = (cy + 1) * corners->height / KR_CORNERS_Y;
    int n = 0;
    for (; n < KR_CORNERS_CELL; n++) {
        float best = least;
        for (int y = y0; y < y1; y++)
            for (int x = x0; x < x1; x++) {
                float s = corners->strength[y * corners->width + x];
                struct kr_point here = {2 * (float)x, 2 * (float)y};
                // NOLINTNEXTLINE(clang-analyzer-core.*): where n > 0 the first is known
                bool crowded = n && fabsf(out[0].x - here.x) + fabsf(out[0].y - here.y) < 8;
                if (s <= best || crowded || !is_peak(corners, x, y))
                    continue;
                best = s;
                out[n] = here;
            }
        if (best == least)
            break;
    }
    return n;
}

int kr_corners_find(struct kr_corners *corners, const struct kr_grey *grey,
                    struct kr_point out[KR_CORNERS_MOST])
{
    float least = fmaxf(measure(corners, grey) * 0.01f, least_step);
    int n = 0;
    for (int cy = 0; cy < KR_CORNERS_Y; cy++)
        for (int cx = 0; cx < KR_CORNERS_X; cx++)
            n += peaks_of_cell(corners, cx, cy, least, out + n);
    return n;
}
