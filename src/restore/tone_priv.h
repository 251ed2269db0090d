// SPDX-License-Identifier: AGPL-3.0-or-later
// tone_priv.h: how the scalar and the AVX2 code of tone.h share their work.
#pragma once
#include "restore/tone.h"

#define KR_TONE_WHITE 219.0f                     // in codes above black
#define KR_TONE_KNEE (0.8f * 219)                // the shoulder begins
#define KR_TONE_OFFSET (0.055f * 219)            // of the curve of IEC 61966-2-1
#define KR_TONE_TINY (219.0f / 1024)             // below, ratios of luma say nothing
#define KR_TONE_PER (1.0f / 64)                  // codes of an input value of luma
#define KR_TONE_PER_CHROMA (219.0f / (64 * 224)) // of chroma, measured by luma's white
#define KR_TONE_CHROMA (224.0f / 219)            // and back

// Chroma samples first..end-1 and their luma.
void kr_tone_samples(const struct kr_tone *tone, const struct kr_tone_row *row, int first, int end);
// As many as come in eights from 0 and have two columns of luma; tells how many were done.
int kr_tone_samples_avx2(const struct kr_tone *tone, const struct kr_tone_row *row);
bool kr_tone_has_avx2(void);
