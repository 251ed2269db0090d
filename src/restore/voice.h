// SPDX-License-Identifier: AGPL-3.0-or-later
// voice.h: what the net of rnnoise.h says of a sound, asked twice, and not all the way.
//
// The net hears the sound as it came and once more with less noise (omlsa.h): where it errs
// it seldom errs in both, so their mean is nearer to the voice than either. Of each tone
// of the sound as it came, in longer frames than the net's, stays what points the way that
// mean does: one gain for all channels, so that nobody moves. A share of the sound with less
// noise is laid under it, because a room without any sound frightens.
// One thread at a time.

#pragma once
#include "media/samples.h"

struct kr_voice;
// Only where kr_rnnoise_there(). `mix` [0,1]: how much of the net's answer is taken.
struct kr_voice *kr_voice_create(int channels, double mix);
void kr_voice_destroy(struct kr_voice **voice);
size_t kr_voice_delay(const struct kr_voice *voice);
// How likely a voice was heard about now, [0,1]; half of it is forgotten in a third of a second.
float kr_voice_sure(const struct kr_voice *voice);
// n samples of each channel: with less noise in `channel`, the same as they came in `raw`. The
// answer is written to `channel`; both come out so many late.
void kr_voice_run(struct kr_voice *voice, float *const raw[], float *const channel[], size_t n);
