// SPDX-License-Identifier: AGPL-3.0-or-later
// rnnoise.h: a small net that has heard much noise, and knows what is a voice.
//
// J.-M. Valin, "A Hybrid DSP/Deep Learning Approach to Real-Time Full-Band
// Speech Enhancement" (2018), in our own C, with the larger net of RNNoise 0.2 (2024):
// every 10 ms the spectrum is weighed in 32 bands; three recurrent layers say how much
// of each band is voice, one frame late, so that they have heard what comes next; and a
// comb at the voice's pitch takes out what lies between its harmonics. What lies above
// 20 kHz goes.
//
// Its weights are RNNoise's (version 0.2). They are no part of this source: the
// build takes them from a package where it is there (docs/decisions/0017), and
// kr_rnnoise_there() tells whether it was. Promises:
//   (1) what comes out is KR_RNNOISE_DELAY samples late, to the sample;
//   (2) whatever goes in, NaN too, finite samples come out; silence comes out of
//       silence;
//   (3) the same sound gives the same sound again, on every machine of its kind, alone or in two.
// One thread at a time for each.

#pragma once
#include "base/mem.h"

enum { KR_RNNOISE_FRAME = 480, KR_RNNOISE_DELAY = 960 }; // samples at 48 kHz

bool kr_rnnoise_there(void);

struct kr_rnnoise;                          // one channel
struct kr_rnnoise *kr_rnnoise_create(void); // only where it is there
void kr_rnnoise_destroy(struct kr_rnnoise **rnnoise);

// The next 10 ms in place, nominal [-1,1]. Returns how likely a voice is in it, [0,1].
float kr_rnnoise_run(struct kr_rnnoise *rnnoise, float frame[KR_RNNOISE_FRAME]);
// Only how likely a voice is; nothing comes out, and kr_rnnoise_run() may not follow.
float kr_rnnoise_hear(struct kr_rnnoise *rnnoise, const float frame[KR_RNNOISE_FRAME]);
// As kr_rnnoise_run() for two different ones: the net's million weights are read once for both.
void kr_rnnoise_run_two(struct kr_rnnoise *const two[2], float *const frame[2], float voice[2]);
