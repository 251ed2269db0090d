// SPDX-License-Identifier: AGPL-3.0-or-later
// Loops over rows, in integers of sixteen bits; denoise_avx2.c does the same sixteen at a time.
#include "restore/denoise_priv.h"

#include <stdlib.h>

int kr_denoise_differs(const uint8_t *a, const uint8_t *b, ptrdiff_t stride, int width, int height)
{
    int sum = 0;
    if (width == 8 && height == 8 && kr_denoise_has_avx2())
        return kr_denoise_differs_avx2(a, b, stride);
    for (int y = 0; y < height; y++, a += stride, b += stride)
        for (int x = 0; x < width; x++)
            sum += abs(a[x] - b[x]);
    return sum;
}

void kr_denoise_halve(const uint8_t *top, const uint8_t *below, int n, uint8_t *out)
{
    int done = kr_denoise_has_avx2() ? kr_denoise_halve_avx2(top, below, n, out) : 0;
    for (int x = done; x < n; x++)
        out[x] =
            (uint8_t)((top[2 * x] + top[2 * x + 1] + below[2 * x] + below[2 * x + 1] + 2) >> 2);
}

void kr_denoise_halve_fine(const uint16_t *top, const uint16_t *below, int n, uint8_t *out)
{
    int done = kr_denoise_has_avx2() ? kr_denoise_halve_fine_avx2(top, below, n, out) : 0;
    for (int x = done; x < n; x++)
        out[x] =
            (uint8_t)((top[2 * x] + top[2 * x + 1] + below[2 * x] + below[2 * x + 1] + 128) >> 8);
}

static int16_t least(int16_t a, int16_t b)
{
    return a < b ? a : b;
}

static int16_t greatest(int16_t a, int16_t b)
{
    return a > b ? a : b;
}

// a times b / 2^15, rounded: what is cut off would add up from frame to frame.
static int16_t times(int16_t a, int16_t b)
{
    return (int16_t)(((int32_t)a * b + (1 << 14)) >> 15);
}

void kr_denoise_mix_row(const uint8_t *restrict now, const uint16_t *restrict past, int n,
                        const struct kr_denoise_mix *mix, uint16_t *restrict out)
{
    int done = kr_denoise_has_avx2() ? kr_denoise_mix_avx2(now, past, n, mix, out) : 0;
    int16_t most = mix->most, far = mix->far, span = mix->span, fall = mix->fall;
    for (int x = done; x < n; x++) {
        int16_t in = (int16_t)(now[x] * KR_DENOISE_FINE), d = (int16_t)((int16_t)past[x] - in);
        int16_t size = (int16_t)(d < 0 ? -d : d);
        int16_t near = least(greatest((int16_t)(far - size), 0), span);
        int16_t weight = least((int16_t)(near * fall), most);
        out[x] = (uint16_t)(in + times(d, weight));
    }
}

void kr_denoise_smooth(const uint16_t *restrict a, const uint16_t *restrict b,
                       const uint16_t *restrict c, int n, uint16_t *restrict out)
{
    int done = kr_denoise_has_avx2() ? kr_denoise_smooth_avx2(a, b, c, n, out) : 0;
    for (int x = done; x < n; x++)
        out[x] = (uint16_t)((uint16_t)(a[x] + c[x] + 2 * b[x] + 2) >> 2);
}

// Nothing below the limit, all of it from twice the limit on.
static int16_t firm(int16_t band, int16_t limit, int16_t keep)
{
    int16_t size = (int16_t)(band < 0 ? -band : band);
    int16_t above = greatest((int16_t)(size - limit), 0);
    int16_t left = least((int16_t)(above + above), size);
    int16_t lost = (int16_t)(size - left);
    left = (int16_t)(left + times(lost, keep));
    return (int16_t)(band < 0 ? -left : left);
}

void kr_denoise_shrink(const struct kr_denoise_bands *bands, int n, uint16_t *restrict out)
{
    const uint16_t *restrict in = bands->in, *restrict fine = bands->fine;
    const uint16_t *restrict coarse = bands->coarse;
    const uint16_t *restrict first = bands->limit[0], *restrict second = bands->limit[1];
    int16_t keep = (int16_t)bands->keep;
    int done = kr_denoise_has_avx2() ? kr_denoise_shrink_avx2(bands, n, out) : 0;
    for (int x = done; x < n; x++) {
        int16_t a = firm((int16_t)(in[x] - fine[x]), (int16_t)first[x], keep);
        int16_t b = firm((int16_t)(fine[x] - coarse[x]), (int16_t)second[x], keep);
        int v = coarse[x] + a + b;
        out[x] = (uint16_t)(v < 0 ? 0 : v > 16320 ? 16320 : v);
    }
}
