// SPDX-License-Identifier: AGPL-3.0-or-later
// tone_priv.h: how the scalar and the AVX2 code of tone.h share their work.
#pragma once
#include "restore/tone.h"

#define KR_TONE_KNEE 0.8f                 // encoded: the shoulder begins
#define KR_TONE_TINY (1.0f / 1024)        // encoded: below, ratios of luma say nothing
#define KR_TONE_PER (1.0f / (64 * 219))   // of an input value of luma
#define KR_TONE_PER_C (1.0f / (64 * 224)) // of chroma

// Chroma samples first..end-1 and their luma.
void kr_tone_samples(const struct kr_tone *tone, const struct kr_tone_row *row, int first, int end);
// As many as come in eights from 0 and have two columns of luma; tells how many were done.
int kr_tone_samples_avx2(const struct kr_tone *tone, const struct kr_tone_row *row);
bool kr_tone_has_avx2(void);
