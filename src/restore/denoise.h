// SPDX-License-Identifier: AGPL-3.0-or-later
// denoise.h: the noise of a dark room, before it is made brighter.
//
// Every frame is averaged with the last cleaned one, moved to where things are
// now: blocks of 16 x 16 are searched for around where their neighbours and their
// past went (a predictive search, after de Haan, 1993), and count the less the
// more they differ from what the noise explains. What remains, and single frames,
// go through two fine bands of an undecimated transform (Starck and Murtagh,
// 1994): what lies below the noise is shrunk, in chroma more than in luma, where
// some grain stays.
// Memory: four bytes a sample, whatever the length. One thread at a time.

#pragma once
#include "media/frame.h"

enum { KR_DENOISE_FINE = 64 }; // parts of a code in the rows

struct kr_denoise;
// For KR_YUV420 frames of that size. KR_E_TOO_BIG beyond KR_FRAME_MOST bytes a plane.
KR_CHECK bool kr_denoise_create(int width, int height, struct kr_denoise **out, struct kr_err *err);
void kr_denoise_destroy(struct kr_denoise **denoise);

// The next frame; `sigma` is the noise of luma, Cb and Cr, in codes (noise.h);
// `fresh`: it has nothing to do with the one before.
void kr_denoise_next(struct kr_denoise *denoise, const struct kr_frame *frame, const float sigma[3],
                     bool fresh);
// Row y of a plane of it, in codes times KR_DENOISE_FINE, with one value more than
// the plane is wide. Rows of a plane are asked for in order, once each; a row is
// there until the next but one is asked for.
const uint16_t *kr_denoise_row(struct kr_denoise *denoise, int plane, int y);
