// SPDX-License-Identifier: AGPL-3.0-or-later
#include "restore/even.h"

#include <assert.h>
#include <math.h>

static const double mean_wanted = 128, spread_wanted = 48, change_most = 2;

static void tones(const struct kr_frame *frame, uint8_t table[256])
{
    uint32_t count[256] = {0};
    double n = (double)frame->width * frame->height, mean = 0, square = 0;
    for (int y = 0; y < frame->height; y++)
        for (int x = 0; x < frame->width; x++)
            count[frame->plane[0][y * frame->stride[0] + x]]++;
    for (int v = 0; v < 256; v++) {
        mean += v * (double)count[v] / n;
        square += v * v * (double)count[v] / n;
    }
    double spread = sqrt(fmax(square - mean * mean, 1e-6));
    double gain = fmin(fmax(spread_wanted / spread, 1 / change_most), change_most);
    for (int v = 0; v < 256; v++)
        table[v] = (uint8_t)lrint(fmin(fmax(mean_wanted + gain * (v - mean), 0), 255));
}

void kr_even_luma(const struct kr_frame *frame, struct kr_frame *out)
{
    assert(frame->width == out->width && frame->height == out->height);
    uint8_t table[256];
    tones(frame, table);
    for (int y = 0; y < frame->height; y++)
        for (int x = 0; x < frame->width; x++)
            out->plane[0][y * out->stride[0] + x] =
                table[frame->plane[0][y * frame->stride[0] + x]];
}
