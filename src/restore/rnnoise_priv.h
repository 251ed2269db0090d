// SPDX-License-Identifier: AGPL-3.0-or-later
// rnnoise_priv.h: the parts of which rnnoise.c is made: spectrum, pitch, net.
#pragma once
#include "restore/rnnoise.h"

enum {
    KR_RNNOISE_WINDOW = 2 * KR_RNNOISE_FRAME,
    KR_RNNOISE_BINS = KR_RNNOISE_FRAME + 1, // 50 Hz apart
    KR_RNNOISE_BANDS = 22,
    KR_RNNOISE_FEATURES = 42,
    KR_RNNOISE_LONGEST = 768, // samples of the longest period: 62.5 Hz
    KR_RNNOISE_SHORTEST = 60, // 800 Hz
    KR_RNNOISE_PAST = KR_RNNOISE_LONGEST + KR_RNNOISE_WINDOW,
};

// A real Fourier transform of KR_RNNOISE_WINDOW samples, by one of half as many
// complex numbers. Forth divides by the number of samples, back does not.
struct kr_rnnoise_fourier {
    float turn[2][KR_RNNOISE_FRAME];     // cos, sin of -2 pi i / FRAME
    float half_turn[2][KR_RNNOISE_BINS]; // the same of WINDOW
};
struct kr_rnnoise_spectrum {
    float re[KR_RNNOISE_BINS], im[KR_RNNOISE_BINS];
};
void kr_rnnoise_fourier_init(struct kr_rnnoise_fourier *fourier);
void kr_rnnoise_forth(const struct kr_rnnoise_fourier *fourier, const float in[KR_RNNOISE_WINDOW],
                      struct kr_rnnoise_spectrum *out);
void kr_rnnoise_back(const struct kr_rnnoise_fourier *fourier, const struct kr_rnnoise_spectrum *in,
                     float out[KR_RNNOISE_WINDOW]);

// The period of what is heard. Remembers the one before, which a voice seldom leaves.
struct kr_rnnoise_pitch {
    int period; // samples
    float sure; // [0,1]
};
void kr_rnnoise_pitch_find(struct kr_rnnoise_pitch *pitch, const float past[KR_RNNOISE_PAST]);

// A part of a layer: a row of signed bytes for each input, `stride` apart; `outputs`, a
// multiple of eight, of each row are meant. A weight is its byte / KR_RNNOISE_UNIT.
enum { KR_RNNOISE_UNIT = 256 };
struct kr_rnnoise_matrix {
    const int8_t *bytes;
    int stride, inputs, outputs;
};
// Adds to each sum the bytes of its column, weighed by x. The two are equal to the bit.
void kr_rnnoise_add(const struct kr_rnnoise_matrix *m, const float *x, float *sums);
void kr_rnnoise_add_avx2(const struct kr_rnnoise_matrix *m, const float *x, float *sums);
bool kr_rnnoise_has_avx2(void);

enum { KR_RNNOISE_VOICE = 24, KR_RNNOISE_NOISE = 48, KR_RNNOISE_CLEAN = 96 };
struct kr_rnnoise_net { // what its three memories hold
    bool vectors;
    float voice[KR_RNNOISE_VOICE], noise[KR_RNNOISE_NOISE], clean[KR_RNNOISE_CLEAN];
};
// How much of each band is voice goes to `gains`; returns how likely a voice is.
float kr_rnnoise_net_run(struct kr_rnnoise_net *net, const float features[KR_RNNOISE_FEATURES],
                         float gains[KR_RNNOISE_BANDS]);

// For the test that holds both equal.
struct kr_rnnoise *kr_rnnoise_create_by(bool vectors);
