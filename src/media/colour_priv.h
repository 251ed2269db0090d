// SPDX-License-Identifier: AGPL-3.0-or-later
// colour.h (inside media only): from a picture's own colours to sRGB, by lcms2.
#pragma once
#include "base/text.h"
#include "media/frame.h"

enum kr_model { KR_MODEL_GRAY, KR_MODEL_RGB, KR_MODEL_CMYK }; // 1, 3, 4 bands

struct kr_colour;
struct kr_colour_params {
    enum kr_model model;
    bool wide_in, wide_out; // uint16_t instead of uint8_t
    struct kr_str profile;  // ICC; empty: sRGB, or a usual press for CMYK
};
// A profile that is broken or of another model counts as none: a picture with
// slightly wrong colours is better than no picture.
struct kr_colour *kr_colour_begin(const struct kr_colour_params *params);
void kr_colour_end(struct kr_colour **colour);
// n pixels into n RGB pixels; `in` and `out` may not overlap.
void kr_colour_row(struct kr_colour *colour, const void *in, void *out, int n);
