// SPDX-License-Identifier: AGPL-3.0-or-later
// lettering.h: words on pictures, set by Pango in Chinese and English.
#pragma once
#include "media/frame.h"

struct kr_lettering {
    const char *text; // inside text; line ends are kept
    const char *lang; // "zh-CN", "en": chooses glyph shapes
    bool serif, bold;
    double size_px; // of an em
    int width_px;   // lines wrap here
    bool centred;
    uint32_t colour; // 0xRRGGBB
    double shadow;   // [0,1] darkness of a soft shadow behind the letters
};

// A KR_RGBA8 frame just large enough; text without a glyph shows as boxes.
KR_CHECK bool kr_lettering_set(const struct kr_lettering *lettering, struct kr_frame **out,
                               struct kr_err *err);
// Lays an RGBA8 frame over a YUV420 or RGB8 frame with its corner at x, y, times opacity [0,1].
void kr_lay_over(const struct kr_frame *rgba, double opacity, int x, int y, struct kr_frame *onto);
