// SPDX-License-Identifier: AGPL-3.0-or-later
// rnnoise_priv.h: the parts of which rnnoise.c is made: spectrum, pitch, net.
#pragma once
#include "restore/rnnoise.h"

enum {
    KR_RNNOISE_WINDOW = 2 * KR_RNNOISE_FRAME,
    KR_RNNOISE_BINS = KR_RNNOISE_FRAME + 1, // 50 Hz apart
    KR_RNNOISE_BANDS = 32,
    KR_RNNOISE_FEATURES = 2 * KR_RNNOISE_BANDS + 1,
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

// What the net has learnt, as tools/rnnweights lays it down. Bytes go in blocks of 32: eight
// outputs, each with its four weights of four neighbouring inputs. Outputs, eight at a time,
// have all their blocks in a row.
enum {
    KR_RNNOISE_LOOK = 128,
    KR_RNNOISE_STATE = 384,
    KR_RNNOISE_GATES = 3 * KR_RNNOISE_STATE,
    KR_RNNOISE_SPAN = 3, // frames that the first two layers look at
    KR_RNNOISE_BYTES = KR_RNNOISE_SPAN * KR_RNNOISE_LOOK * KR_RNNOISE_STATE,
    KR_RNNOISE_INDEX = KR_RNNOISE_BYTES / 32 + KR_RNNOISE_GATES / 8,
};
struct kr_rnnoise_sparse {
    int8_t bytes[KR_RNNOISE_BYTES];
    uint8_t
        index[KR_RNNOISE_INDEX]; // for eight outputs: how many blocks, and the inputs / 4 of each
    float scale[KR_RNNOISE_GATES], bias[KR_RNNOISE_GATES];
};
struct kr_rnnoise_memory { // gates: what it keeps, what it hears, what is new
    struct kr_rnnoise_sparse hears, recalls;
    float self[KR_RNNOISE_GATES]; // what each recalls of itself
};
struct kr_rnnoise_weights {
    float look[KR_RNNOISE_SPAN * KR_RNNOISE_FEATURES][KR_RNNOISE_LOOK], look_bias[KR_RNNOISE_LOOK];
    int8_t see[KR_RNNOISE_BYTES];
    float see_scale[KR_RNNOISE_STATE], see_bias[KR_RNNOISE_STATE];
    struct kr_rnnoise_memory memory[3];
    float gains[KR_RNNOISE_STATE][KR_RNNOISE_BANDS], gains_bias[KR_RNNOISE_BANDS];
    float voice[KR_RNNOISE_STATE], voice_bias;
};

// Products of bytes and numbers in -127..127, added up: `groups` of eight sums. Where there is no
// `index`, each has `blocks` of them, in order. The two are equal.
struct kr_rnnoise_bytes {
    const int8_t *bytes;
    const uint8_t *index;
    int groups, blocks;
};
void kr_rnnoise_sums(const struct kr_rnnoise_bytes *m, const int8_t *x, int32_t *sums);
void kr_rnnoise_sums_avx2(const struct kr_rnnoise_bytes *m, const int8_t *x, int32_t *sums);

struct kr_rnnoise_net { // what it remembers
    bool vectors;
    float features[KR_RNNOISE_SPAN * KR_RNNOISE_FEATURES]; // the newest frame last
    float looks[KR_RNNOISE_SPAN * KR_RNNOISE_LOOK];
    float state[3][KR_RNNOISE_STATE];
};
// How much of each band of the frame before is voice goes to `gains`; returns how likely a
// voice is.
float kr_rnnoise_net_run(struct kr_rnnoise_net *net, const float features[KR_RNNOISE_FEATURES],
                         float gains[KR_RNNOISE_BANDS]);

// For the test that holds both equal.
struct kr_rnnoise *kr_rnnoise_create_by(bool vectors);
