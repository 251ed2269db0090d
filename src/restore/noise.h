// SPDX-License-Identifier: AGPL-3.0-or-later
// noise.h: how noisy a shot is.
//
// Small blocks spread over the frame are looked at in two ways: what no smooth
// surface explains (Immerkaer, 1996), and what changed since the frame before.
// Noise shows in both; texture only in the first, movement only in the second.
// The quieter quarter of all blocks of a shot decides.
// 100 KB. One thread at a time.

#pragma once
#include "media/frame.h"

struct kr_noise;
__attribute__((returns_nonnull)) struct kr_noise *kr_noise_create(void);
void kr_noise_destroy(struct kr_noise **noise);

// The next frame (KR_YUV420, all of one size until the shot is judged).
void kr_noise_add(struct kr_noise *noise, const struct kr_frame *frame);
// The standard deviation of luma, Cb and Cr, in codes; then forgets the shot.
void kr_noise_judge(struct kr_noise *noise, float sigma[3]);
