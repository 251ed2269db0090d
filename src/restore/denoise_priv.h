// SPDX-License-Identifier: AGPL-3.0-or-later
// denoise_priv.h: the loops of denoise.h, scalar and AVX2, that give the same bytes.
#pragma once
#include "restore/denoise.h"

enum { KR_DENOISE_BLOCK = 16 }; // of luma; 8 of chroma

// Sum of absolute differences of a block.
int kr_denoise_differs(const uint8_t *a, const uint8_t *b, ptrdiff_t stride, int width, int height);

// n means of 2 x 2 samples, of two rows: of bytes, and of parts of a code.
void kr_denoise_halve(const uint8_t *top, const uint8_t *below, int n, uint8_t *out);
void kr_denoise_halve_fine(const uint16_t *top, const uint16_t *below, int n, uint8_t *out);

struct kr_denoise_mix { // of two samples, in parts of a code
    int16_t most;       // weight of the past, [0,2^15)
    int16_t far;        // differences from here on are another thing: the past counts nothing
    int16_t span;       // so far below that they are noise, and the past counts most
    int16_t fall;       // weight gained per part below `far`: less than 2^15 / span
};

// n samples: now, drawn toward the past.
void kr_denoise_mix_row(const uint8_t *now, const uint16_t *past, int n,
                        const struct kr_denoise_mix *mix, uint16_t *out);

// n samples of (a + 2 b + c) / 4, rounded.
void kr_denoise_smooth(const uint16_t *a, const uint16_t *b, const uint16_t *c, int n,
                       uint16_t *out);

// n samples: the smooth one, and of both finer bands what stands out of the noise.
struct kr_denoise_bands {
    const uint16_t *in, *fine, *coarse; // as it is; smoothed once; smoothed twice
    const uint16_t *limit[2];           // of each sample: below, the band is noise
    int keep;                           // of what is taken, [0,2^15): grain that stays
};
void kr_denoise_shrink(const struct kr_denoise_bands *bands, int n, uint16_t *out);

// The same for as many of the n as fill whole vectors; tell how many.
int kr_denoise_mix_avx2(const uint8_t *now, const uint16_t *past, int n,
                        const struct kr_denoise_mix *mix, uint16_t *out);
int kr_denoise_smooth_avx2(const uint16_t *a, const uint16_t *b, const uint16_t *c, int n,
                           uint16_t *out);
int kr_denoise_shrink_avx2(const struct kr_denoise_bands *bands, int n, uint16_t *out);
int kr_denoise_halve_avx2(const uint8_t *top, const uint8_t *below, int n, uint8_t *out);
int kr_denoise_halve_fine_avx2(const uint16_t *top, const uint16_t *below, int n, uint8_t *out);
int kr_denoise_differs_avx2(const uint8_t *a, const uint8_t *b, ptrdiff_t stride); // 8 x 8
bool kr_denoise_has_avx2(void);
