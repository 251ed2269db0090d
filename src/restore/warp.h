// SPDX-License-Identifier: AGPL-3.0-or-later
// warp.h: moving a picture by less than a pixel, without trembling.
//
// One affine map for every camera move and every steadied frame. Four-tap
// cubic sampling (Keys 1981, a = -0.5), positions kept to 1/1024 px, edges
// clamped: what lies outside shows the nearest edge, never black. Scalar and
// AVX2 give the same bytes.
//
// Points are measured in pixels from the top left corner of the picture: the
// corner is (0, 0), the middle of the first pixel (0.5, 0.5), the far corner
// (width, height). m takes a point of `out` to the point of `in` it shows:
//     x_in = m[0] x + m[1] y + m[2],    y_in = m[3] x + m[4] y + m[5]
// So out = in scaled to half is {2, 0, 0, 0, 2, 0}, whatever the sizes.
// Chroma of KR_YUV420 lies where MPEG-2 and H.264 put it (left, half-way down).
// Threads: pure; a struct kr_mips may be shared once created.

#pragma once
#include "media/frame.h"

// in and out have the same pixels: KR_GRAY8, KR_RGB8, KR_RGBA8 or KR_YUV420
// (asserted), any two sizes. A map that is no number shows the corner (0, 0).
// Made for steps of at most 1.5 input pixels an output pixel; beyond that fine
// detail crawls: use kr_mips.
void kr_warp_affine(const struct kr_frame *in, const double m[6], struct kr_frame *out);

// The map that fills a whole frame of out_w x out_h with a rectangle of the
// picture: x, y, width, height in pixels.
void kr_warp_of_rect(const double rect[4], int out_w, int out_h, double m[6]);

// A picture with its halves, for camera moves: every frame is sampled from the
// level that fits, and neighbouring levels are blended, so that no step shows.
// A photograph is best turned into KR_YUV420 once and kept so: ready for the
// encoder, and on the AVX2 road (4 to 7 ms for a 1080p frame of one core where
// KR_RGB8 takes 41).
struct kr_mips;
// Borrows `picture` until destroyed. Levels are made until `step_most` (input
// pixels an output pixel, of the widest view of the move) fits.
KR_CHECK bool kr_mips_create(const struct kr_frame *picture, double step_most, struct kr_mips **out,
                             struct kr_err *err);
void kr_mips_destroy(struct kr_mips **mips);
// As kr_warp_affine, with m in points of the whole picture.
void kr_mips_warp(const struct kr_mips *mips, const double m[6], struct kr_frame *out);
