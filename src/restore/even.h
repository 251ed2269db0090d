// SPDX-License-Identifier: AGPL-3.0-or-later
// even.h: luma whose light and contrast do not jump.
//
// Whoever compares frames of old film sees it flicker, and takes that for
// movement. Here each frame gets the same mean and the same spread.
// Threads: pure.

#pragma once
#include "media/frame.h"

// Luma of a KR_YUV420 frame into a KR_GRAY8 one of the same size (asserted): mean 128, standard
// deviation 48, where that takes neither more than double the contrast nor less than half of it.
void kr_even_luma(const struct kr_frame *frame, struct kr_frame *out);
