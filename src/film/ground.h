// SPDX-License-Identifier: AGPL-3.0-or-later
// ground.h: what lies behind a picture whose shape is not the film's.
//
// Either paper, or the picture itself, enlarged until it covers the frame,
// blurred until only its light is left, and darkened, so that the picture stays
// the brightest thing. And laying a picture on it: its edges are drawn to a
// fraction of a pixel, so that they glide when the camera moves.
#pragma once
#include "media/frame.h"

#define KR_PAPER 0xF6F2EA // look.md, light paper
#define KR_INK 0x26221C
#define KR_QUIET 0x665D50
#define KR_SEAL 0xA63A24
#define KR_CARD 0xFFFDF8

// Fills `ground` from `picture` (both KR_YUV420, any sizes).
void kr_ground_blur(const struct kr_frame *picture, struct kr_frame *ground);

// `out` shows, through the map m (restore/warp.h), a picture of in_w x in_h with its
// edges repeated outside; what lies outside of the picture becomes `ground`.
void kr_ground_around(const struct kr_frame *ground, const double m[6], int in_w, int in_h,
                      struct kr_frame *out);
// The part of `out` where that picture is seen, as a frame of its own that shares
// its samples (never to be destroyed), and the map for it: so that nothing is drawn
// only to be laid over.
struct kr_frame kr_ground_window(const double m[6], int in_w, int in_h, const struct kr_frame *out,
                                 double seen[6]);
// Whether any ground would be seen.
bool kr_ground_shows(const double m[6], int in_w, int in_h, int out_w, int out_h);
