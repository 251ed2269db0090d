// SPDX-License-Identifier: AGPL-3.0-or-later
// yuv.h: between photographs (sRGB) and film frames (BT.709, limited range).
//
// Every value is rounded to the nearest, never cut, so that a grey stays grey
// and no colour drifts from frame to frame. Chroma is averaged over the pixels
// around its place: left in the row, between the two rows (as in H.264).
#pragma once
#include "media/frame.h"

// KR_RGB8 to KR_YUV420 and back; both of the same size (asserted).
void kr_yuv_of_rgb(const struct kr_frame *rgb, struct kr_frame *yuv);
void kr_rgb_of_yuv(const struct kr_frame *yuv, struct kr_frame *rgb);

// 0xRRGGBB as Y, Cb, Cr.
void kr_yuv_of_colour(uint32_t colour, uint8_t out[static 3]);
void kr_yuv_fill(struct kr_frame *yuv, uint32_t colour);
// A filled rectangle, its sides moved to even pixels; what lies outside the frame is left out.
void kr_yuv_rect(struct kr_frame *yuv, int x, int y, int width, int height, uint32_t colour);

// onto = onto (1 - share) + other share; share in [0, 256].
void kr_yuv_blend(struct kr_frame *onto, const struct kr_frame *other, int share);
