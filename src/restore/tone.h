// SPDX-License-Identifier: AGPL-3.0-or-later
// tone.h: more light on a frame, by one gain a place, and another white.
//
// The gain is one for red, green and blue, so hues stay. It is meant in linear
// light: along the curve of IEC 61966-2-1 a gain g multiplies codes by
// g^(1/2.4), with a small offset that is the same for the three channels, and so
// luma and chroma are treated directly. What would pass the white of the shot
// bends into a soft shoulder instead of being cut off. Scalar and AVX2 give the
// same bytes.
// Threads: pure.

#pragma once
#include "media/frame.h"

enum { KR_TONE_FINE = 64 }; // parts of a code in the input rows

struct kr_tone {
    bool mixes;         // whether `matrix` is to be used
    float matrix[3][3]; // on squares of encoded red, green, blue: as good as linear light
    float white;        // [0,1] encoded luma that may become white; nothing above it is cut
};

// One row of chroma and its one or two rows of luma. Values come in codes times
// KR_TONE_FINE, so that what lies between two codes is not lost before the gain.
struct kr_tone_row {
    const uint16_t *luma[2], *cb, *cr;
    uint8_t *to_luma[2], *to_cb, *to_cr; // to_luma[1] is NULL where there is no second row
    const float *gain, *root;            // for each chroma sample: g and g^(1/2.4)
    int width;                           // of luma; luma rows hold one more value when it is odd
};

void kr_tone_rows(const struct kr_tone *tone, const struct kr_tone_row *row);
